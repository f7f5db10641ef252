#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/options.h"
#include "app/cli/text.h"
#include "core/engine/copy_costs.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace graft::cli {

namespace {

struct Arguments {
    std::string project;
    learn::Plan plan;
    std::string recipe = "gentle_photo";
    bool curve = false;
    engine::CopyBudget budget;
};

Json estimateJson(const engine::CopyCosts& costs, int copies)
{
    const engine::CopyEstimate whole = engine::estimate(costs, copies);
    return {{"copies", copies},
            {"rows", whole.rows},
            {"seconds", whole.seconds},
            {"memory_bytes", whole.memory},
            {"disk_bytes", whole.disk}};
}

std::string megabytes(std::int64_t bytes)
{
    return grouped((bytes + 500'000) / 1'000'000) + " MB";
}

Answer measureCopies(const Arguments& arguments, Work& work)
{
    const store::Project project = store::Project::open(arguments.project, store::Access::Read);
    learn::Plan plan = arguments.plan;
    plan.recipe = storedRecipe(arguments.recipe);
    const engine::CopyCosts costs = engine::measureCopyCosts(project, plan, work.stop);
    engine::CopyBudget budget = engine::copyBudget(project);
    budget.seconds = arguments.budget.seconds;
    const int most = engine::copiesWithin(costs, budget);
    Json list = Json::array();
    Table table({">copies", ">to learn from", ">time", ">memory", ">disk"});
    std::vector<int> shown {0, 1, 2, 5, 10, 20, 50, 100, most};
    std::ranges::sort(shown);
    shown.erase(std::ranges::unique(shown).begin(), shown.end());
    for (const int copies : shown) {
        const engine::CopyEstimate whole = engine::estimate(costs, copies);
        list.push_back(estimateJson(costs, copies));
        table.add({grouped(copies), grouped(whole.rows), duration(whole.seconds), megabytes(whole.memory),
                   megabytes(whole.disk)});
    }
    std::string text = table.text() + "\nAs many as this computer can handle in " + duration(budget.seconds)
        + ": " + grouped(most) + "\n";
    Json curve = Json::array();
    if (arguments.curve) {
        constexpr int counts[] = {0, 1, 2, 4, 8, 16};
        constexpr int perClass = 20;
        Table points({">copies", "validation"});
        for (const engine::CopyPoint& point :
             engine::measureCopies(project, plan, counts, perClass, {}, work.progress.sink(), work.stop)) {
            curve.push_back({{"copies", point.copies}, {"validation", scoreJson(point.validation)}});
            points.add({grouped(point.copies), verdict(point.validation)});
        }
        text += "\nLearning from at most " + std::to_string(perClass) + " pictures of each class:\n\n"
            + points.text();
    }
    return {dump({{"most", most},
                  {"seconds_per_picture", costs.secondsPerPicture},
                  {"seconds_per_copy", costs.secondsPerCopy},
                  {"seconds_per_row", costs.secondsPerRow},
                  {"estimates", std::move(list)},
                  {"curve", std::move(curve)}}),
            std::move(text),
            Done,
            {},
            {}};
}

} // namespace

Action prepareCopies(CLI::App& app)
{
    const auto arguments = std::make_shared<Arguments>();
    addProject(app, arguments->project);
    addRecipe(app, arguments->recipe)->capture_default_str();
    app.add_option("--strategy", arguments->plan.strategy, "linear or svm")
        ->type_name("ID")
        ->check(CLI::IsMember({"linear", "svm"}).description(""))
        ->capture_default_str();
    addBackbone(app, arguments->plan.backbone);
    addDevice(app, arguments->plan.device);
    app.add_option_function<double>(
           "--minutes", [arguments](double minutes) { arguments->budget.seconds = 60.0 * minutes; },
           "How long a training may take")
        ->type_name("M")
        ->check(CLI::Range(0.01, 1e5).description(""))
        ->default_str("10");
    app.add_flag("--curve", arguments->curve, "Measure too what copies bring, on a part of the pictures");
    return [arguments](Work& work) { return measureCopies(*arguments, work); };
}

} // namespace graft::cli
