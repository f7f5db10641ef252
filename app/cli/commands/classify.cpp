#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/options.h"
#include "app/cli/table_file.h"
#include "app/cli/text.h"
#include "core/engine/classifier.h"
#include "core/engine/sort_copies.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <numeric>

namespace graft::cli {

namespace {

struct Arguments {
    std::string model;
    std::vector<std::string> paths;
    std::string run;
    int top = 3;
    double reject = 0.0;
    int testTimeCopies = 0;
    std::string device = "auto";
    std::string csv;
    std::string sortInto;
};

constexpr const char* noneOfThese = "none of these";

/// Classes of one answer, most probable first, at most `top`.
std::vector<std::size_t> ranking(const engine::Prediction& prediction, int top)
{
    std::vector<std::size_t> order(prediction.probabilities.size());
    std::iota(order.begin(), order.end(), std::size_t {0});
    std::ranges::stable_sort(order, std::ranges::greater {},
                             [&](std::size_t i) { return prediction.probabilities[i]; });
    order.resize(std::min(order.size(), static_cast<std::size_t>(top)));
    return order;
}

Json predictionsJson(const engine::ClassifyResult& result, const std::vector<std::string>& classes, int top)
{
    Json list = Json::array();
    for (const engine::Prediction& prediction : result.predictions) {
        const auto best = static_cast<std::size_t>(prediction.best);
        Json ranked = Json::array();
        for (const std::size_t i : ranking(prediction, top))
            ranked.push_back({{"class", classes.at(i)}, {"probability", prediction.probabilities[i]}});
        list.push_back({{"path", absolutePath(prediction.path)},
                        {"class", prediction.rejected ? Json() : Json(classes.at(best))},
                        {"probability", prediction.probabilities.at(best)},
                        {"top", std::move(ranked)},
                        {"rejected", prediction.rejected}});
    }
    return list;
}

std::string predictionsText(const engine::ClassifyResult& result, const std::vector<std::string>& classes,
                            int top)
{
    Table table({"picture", "answer", ">probability", top > 1 ? "then" : ""});
    for (const engine::Prediction& prediction : result.predictions) {
        const auto best = static_cast<std::size_t>(prediction.best);
        std::string others;
        for (const std::size_t i : ranking(prediction, top)) {
            if (i != best || prediction.rejected)
                others += (others.empty() ? "" : ", ") + shown(classes.at(i)) + " "
                    + percent(prediction.probabilities[i]);
        }
        table.add({shown(prediction.path), prediction.rejected ? noneOfThese : shown(classes.at(best)),
                   prediction.rejected ? "-" : percent(prediction.probabilities.at(best)), others});
    }
    return table.text();
}

std::vector<engine::SortItem> sortItems(const std::vector<engine::Prediction>& predictions)
{
    std::vector<engine::SortItem> items;
    items.reserve(predictions.size());
    for (const engine::Prediction& prediction : predictions)
        items.push_back({prediction.path, prediction.rejected ? -1 : prediction.best});
    return items;
}

Answer answerPictures(const Arguments& arguments, Work& work)
{
    if (!arguments.csv.empty())
        requireWritable(arguments.csv);
    engine::Classifier classifier(engine::findModel(arguments.model, arguments.run), arguments.device);
    classifier.setTestTimeCopies(arguments.testTimeCopies);
    const std::vector<std::string>& classes = classifier.card().classes;
    engine::ClassifyResult result = classifier.classify({arguments.paths.begin(), arguments.paths.end()},
                                                        arguments.reject, work.progress.sink(), work.stop);
    Json json {{"predictions", predictionsJson(result, classes, arguments.top)},
               {"problems", problemsJson(result.problems)}};
    const std::string remarks = problemsText(result.problems);
    if (result.predictions.empty() && !result.stopped) {
        Answer answer = failed(std::move(json), nothingReadable(result.problems.size()));
        answer.remarks = remarks;
        return answer;
    }
    std::string text = predictionsText(result, classes, arguments.top);
    if (!arguments.csv.empty()) {
        writeTable(arguments.csv, classes, result.predictions);
        json["csv"] = absolutePath(arguments.csv);
        text += "\nWritten to " + shown(arguments.csv) + "\n";
    }
    if (!arguments.sortInto.empty()) {
        const engine::SortReport report =
            engine::sortCopies(arguments.sortInto, classes, noneOfThese, sortItems(result.predictions),
                               work.progress.sink(), result.stopped ? std::stop_token() : work.stop);
        result.stopped = result.stopped || report.stopped;
        json["sorted_into"] = absolutePath(arguments.sortInto);
        json["copied"] = report.copied;
        text += "\n" + counted(report.copied, "picture") + " copied into " + shown(arguments.sortInto)
            + (report.there > 0 ? ", " + grouped(report.there) + " were there already" : std::string())
            + "\n";
    }
    json["stopped"] = result.stopped;
    if (result.stopped)
        text += "\nStopped: these are the answers so far.\n";
    return {dump(json), std::move(text), result.stopped ? WasStopped : Done, remarks, {}};
}

} // namespace

Action prepareClassify(CLI::App& app)
{
    const auto arguments = std::make_shared<Arguments>();
    app.add_option("MODEL", arguments->model, "A model file, or a project Name.graft")
        ->required()
        ->type_name("");
    addPictures(app, arguments->paths);
    addRun(app, arguments->run);
    app.add_option("--top", arguments->top, "How many classes to name for each picture")
        ->type_name("K")
        ->check(CLI::Range(1, 1'000'000).description(""))
        ->capture_default_str();
    app.add_option("--reject", arguments->reject,
                   "Answer 'none of these' where no class is at least this probable")
        ->type_name("0..1")
        ->check(CLI::Range(0.0, 1.0).description(""));
    addTestTimeCopies(app, arguments->testTimeCopies);
    addDevice(app, arguments->device);
    app.add_option("--csv", arguments->csv, "Write the answers as a table too")->type_name("FILE");
    app.add_option("--sort-into", arguments->sortInto, "Copy each picture into a folder named like its class")
        ->type_name("FOLDER");
    return [arguments](Work& work) { return answerPictures(*arguments, work); };
}

} // namespace graft::cli
