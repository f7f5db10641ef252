#include "core/engine/evaluate.h"

#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/options.h"
#include "app/cli/text.h"

#include <CLI/CLI.hpp>

namespace graft::cli {

namespace {

struct Arguments {
    std::string project;
    engine::EvaluateOptions options;
};

constexpr int widestMatrix = 12; // more classes do not fit a terminal's width

Json confusionJson(const ConfusionMatrix& confusion)
{
    Json rows = Json::array();
    for (int truth = 0; truth < confusion.classes(); ++truth) {
        Json row = Json::array();
        for (int predicted = 0; predicted < confusion.classes(); ++predicted)
            row.push_back(confusion.at(truth, predicted));
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string confusionText(const std::vector<std::string>& classes, const ConfusionMatrix& confusion)
{
    std::vector<std::string> titles {""};
    for (const std::string& name : classes)
        titles.push_back(">" + shown(name));
    Table table(titles);
    for (int truth = 0; truth < confusion.classes(); ++truth) {
        std::vector<std::string> cells {shown(classes[static_cast<std::size_t>(truth)])};
        for (int predicted = 0; predicted < confusion.classes(); ++predicted)
            cells.push_back(grouped(confusion.at(truth, predicted)));
        table.add(std::move(cells));
    }
    return table.text();
}

Answer describeEvaluation(const engine::Evaluation& evaluation)
{
    const std::vector<ClassScore> scores = evaluation.confusion.perClass();
    Json perClass = Json::array();
    Table table({"class", ">pictures", ">right", ">recall", ">precision"});
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const ClassScore& score = scores[i];
        perClass.push_back({{"class", evaluation.classes[i]},
                            {"pictures", score.pictures},
                            {"correct", score.correct},
                            {"predicted", score.predicted},
                            {"precision", score.precision},
                            {"recall", score.recall}});
        table.add({shown(evaluation.classes[i]), grouped(score.pictures), grouped(score.correct),
                   score.pictures > 0 ? percent(score.recall) : "-",
                   score.predicted > 0 ? percent(score.precision) : "-"});
    }
    const Json measured = scoreJson(evaluation.confusion);
    const auto value = [&](const char* key) { return measured.is_null() ? Json() : measured[key]; };
    const Json json {{"run", evaluation.run},
                     {"on", evaluation.on},
                     {"accuracy", value("accuracy")},
                     {"correct", evaluation.confusion.correct()},
                     {"total", evaluation.confusion.total()},
                     {"interval", value("interval")},
                     {"classes", evaluation.classes},
                     {"confusion", confusionJson(evaluation.confusion)},
                     {"per_class", std::move(perClass)},
                     {"problems", problemsJson(evaluation.problems)}};
    std::string text = evaluation.run + " on " + shown(evaluation.on) + ": " + verdict(evaluation.confusion)
        + "\n\n" + table.text();
    if (evaluation.confusion.classes() <= widestMatrix)
        text += "\nRows: what the pictures are. Columns: what was answered.\n\n"
            + confusionText(evaluation.classes, evaluation.confusion);
    return {dump(json), std::move(text), Done, problemsText(evaluation.problems), {}};
}

Answer measure(const Arguments& arguments, Work& work)
{
    store::Project project = store::Project::open(arguments.project, store::Access::Read);
    engine::EvaluateOptions options = arguments.options;
    if (options.on != "test" && options.on != "validation")
        options.on = absolutePath(options.on);
    return describeEvaluation(engine::evaluate(project, options, work.progress.sink(), work.stop));
}

} // namespace

Action prepareEvaluate(CLI::App& app)
{
    const auto arguments = std::make_shared<Arguments>();
    addProject(app, arguments->project);
    engine::EvaluateOptions& options = arguments->options;
    addRun(app, options.run);
    app.add_option("--on", options.on, "test, validation, or a folder with one folder for each class")
        ->type_name("WHAT")
        ->capture_default_str();
    addTestTimeCopies(app, options.testTimeCopies);
    return [arguments](Work& work) { return measure(*arguments, work); };
}

} // namespace graft::cli
