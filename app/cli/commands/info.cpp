#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/options.h"
#include "app/cli/text.h"
#include "core/engine/advise.h"

#include <CLI/CLI.hpp>

namespace graft::cli {

namespace {

Json classesJson(const dataset::Dataset& dataset, const std::vector<dataset::ClassCount>& counts)
{
    Json list = Json::array();
    for (std::size_t i = 0; i < counts.size(); ++i)
        list.push_back({{"name", dataset.classes[i]},
                        {"count", counts[i].all},
                        {"training", counts[i].training},
                        {"validation", counts[i].validation},
                        {"test", counts[i].test}});
    return list;
}

std::string classesText(const dataset::Dataset& dataset, const std::vector<dataset::ClassCount>& counts)
{
    Table table({"class", ">pictures", ">training", ">validation", ">test"});
    for (std::size_t i = 0; i < counts.size(); ++i)
        table.add({shown(dataset.classes[i]), grouped(counts[i].all), grouped(counts[i].training),
                   grouped(counts[i].validation), grouped(counts[i].test)});
    return table.text();
}

/// What was said last of the pictures as they are, or null.
Json adviceJson(const std::optional<learn::Advice>& advice)
{
    if (!advice)
        return nullptr;
    return {{"recommended", advice->recommended.empty() ? Json() : Json(advice->recommended)},
            {"reason", advice->reason},
            {"backbone", advice->backbone},
            {"created", utc(static_cast<std::int64_t>(advice->created))}};
}

Json verdictsJson(const std::vector<engine::AdviceVerdict>& verdicts)
{
    Json list = Json::array();
    for (const engine::AdviceVerdict& verdict : verdicts)
        list.push_back({{"run", verdict.run},
                        {"strategy", verdict.strategy},
                        {"predicted", verdict.forecast.accuracy},
                        {"interval", {verdict.forecast.likely.low, verdict.forecast.likely.high}},
                        {"test", scoreJson(verdict.test)},
                        {"held", verdict.held}});
    return list;
}

std::string adviceText(const std::optional<learn::Advice>& advice,
                       const std::vector<engine::AdviceVerdict>& verdicts)
{
    std::string text;
    if (advice && !advice->recommended.empty())
        text = "Advice: " + advice->recommended + ". " + advice->reason + "\n";
    for (const engine::AdviceVerdict& verdict : verdicts)
        text += "  " + verdict.run + ", " + verdict.strategy + ": " + percent(verdict.test.accuracy())
            + (verdict.held ? ", as was predicted (" : ", other than was predicted (")
            + fixed(100.0 * verdict.forecast.likely.low, 0) + " to "
            + fixed(100.0 * verdict.forecast.likely.high, 0) + " %)\n";
    return text;
}

std::string runsText(const std::vector<store::RunRecord>& runs)
{
    std::string text;
    for (const store::RunRecord& run : runs)
        text += "  " + run.id + ", " + store::id(run.state)
            + (run.hasModel ? ": " + verdict(run.result.headline()) : std::string()) + "\n";
    return text.empty() ? "No training yet.\n" : "Trainings:\n" + text;
}

Answer tell(const std::string& folder)
{
    const store::Project project = store::Project::open(folder, store::Access::Read);
    const dataset::Dataset dataset = project.dataset();
    const std::vector<dataset::ClassCount> counts = dataset::countClasses(dataset);
    const std::vector<store::RunRecord> runs = project.runs();
    const dataset::SplitOptions split = project.splitOptions();
    const std::optional<learn::Advice> advice = engine::latestAdvice(project);
    const std::vector<engine::AdviceVerdict> verdicts = engine::adviceVerdicts(project);
    Json runList = Json::array();
    for (const store::RunRecord& run : runs)
        runList.push_back(runJson(project, run));
    const Json json {{"name", project.name()},
                     {"project", absolutePath(project.folder())},
                     {"folder", dataset.root.empty() ? Json() : Json(absolutePath(dataset.root))},
                     {"pictures", dataset.pictures.size()},
                     {"classes", classesJson(dataset, counts)},
                     {"split", {{"percent", split.percent}, {"seed", split.seed}}},
                     {"problems", dataset.problems.size()},
                     {"runs", std::move(runList)},
                     {"advice", adviceJson(advice)},
                     {"advice_verdicts", verdictsJson(verdicts)}};
    std::string text = shown(project.name()) + "\n";
    if (dataset.pictures.empty()) {
        text += "No pictures yet. Begin with: graft-cli import FOLDER --project " + shown(folder) + "\n";
    } else {
        text += counted(std::ssize(dataset.pictures), "picture") + " in "
            + counted(std::ssize(dataset.classes), "class", "classes") + ", from " + shown(dataset.root)
            + "\n\n" + classesText(dataset, counts) + "\n";
        if (!dataset.problems.empty())
            text += counted(std::ssize(dataset.problems), "remark")
                + " on single files: import the folder again to read them.\n";
    }
    return {dump(json), text + runsText(runs) + adviceText(advice, verdicts), Done, {}, {}};
}

} // namespace

Action prepareInfo(CLI::App& app)
{
    const auto project = std::make_shared<std::string>();
    addProject(app, *project);
    return [project](Work&) { return tell(*project); };
}

} // namespace graft::cli
