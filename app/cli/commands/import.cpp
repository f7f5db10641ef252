#include "core/engine/import.h"

#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/options.h"
#include "app/cli/text.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace graft::cli {

namespace {

namespace fs = std::filesystem;

struct Arguments {
    std::string folder;
    std::string project;
    std::string labels = "auto";
    std::optional<std::uint64_t> seed;
    std::vector<int> split;
};

engine::ImportOptions importOptions(const Arguments& arguments, const store::Project& project)
{
    engine::ImportOptions options;
    if (arguments.labels == "auto") {
        options.labels = dataset::LabelSource::Auto;
    } else if (arguments.labels == "folders") {
        options.labels = dataset::LabelSource::Folders;
    } else if (arguments.labels == "prefix") {
        options.labels = dataset::LabelSource::NamePrefix;
    } else if (arguments.labels == "one") {
        options.labels = dataset::LabelSource::OneClass;
    } else {
        options.labels = dataset::LabelSource::Csv;
        options.labelFile = arguments.labels;
    }
    if (arguments.seed || !arguments.split.empty()) {
        options.split = project.splitOptions();
        if (arguments.seed)
            options.split->seed = *arguments.seed;
        if (!arguments.split.empty())
            std::ranges::copy(arguments.split, options.split->percent.begin());
    }
    return options;
}

/// What is wrong with the arguments before anything is made on the disk.
void check(const Arguments& arguments)
{
    if (!arguments.split.empty()) {
        dataset::SplitOptions split;
        std::ranges::copy(arguments.split, split.percent.begin());
        try {
            dataset::requireUsable(split);
        } catch (const Error& error) {
            throw CLI::ValidationError("--split", error.what());
        }
    }
    std::error_code failure;
    const fs::file_status status = fs::status(arguments.folder, failure);
    if (!fs::exists(status))
        throw Error(arguments.folder, "there is no such folder", "Check the name.");
    if (!fs::is_directory(status))
        throw Error(arguments.folder, "is a file, not a folder", "Name the folder that holds the pictures.");
}

Answer describeImport(const engine::ImportReport& report, const fs::path& project)
{
    const dataset::Dataset& dataset = report.dataset;
    const std::vector<dataset::ClassCount> counts = dataset::countClasses(dataset);
    dataset::ClassCount sum;
    Json classes = Json::array();
    Table table({"class", ">pictures", ">training", ">validation", ">test"});
    for (std::size_t i = 0; i < counts.size(); ++i) {
        classes.push_back({{"name", dataset.classes[i]}, {"count", counts[i].all}});
        table.add({shown(dataset.classes[i]), grouped(counts[i].all), grouped(counts[i].training),
                   grouped(counts[i].validation), grouped(counts[i].test)});
        sum.training += counts[i].training;
        sum.validation += counts[i].validation;
        sum.test += counts[i].test;
    }
    Json advice = Json::array();
    std::string adviceText;
    for (const engine::ClassAdvice& one : engine::adviseOnClasses(dataset)) {
        advice.push_back({{"class", dataset.classes.at(static_cast<std::size_t>(one.label))},
                          {"chip", one.chip},
                          {"sentence", one.sentence}});
        adviceText += "  " + shown(one.sentence) + "\n";
    }
    const Json json {
        {"project", absolutePath(project)},
        {"folder", absolutePath(dataset.root)},
        {"pictures", dataset.pictures.size()},
        {"classes", std::move(classes)},
        {"split", {{"training", sum.training}, {"validation", sum.validation}, {"test", sum.test}}},
        {"problems", problemsJson(dataset.problems)},
        {"advice", std::move(advice)},
        {"stopped", report.stopped}};
    std::string text = counted(std::ssize(dataset.pictures), "picture") + " in "
        + counted(std::ssize(dataset.classes), "class", "classes") + "\n\n" + table.text()
        + problemsText(dataset.problems) + (adviceText.empty() ? "" : "\nAdvice:\n" + adviceText)
        + (report.stopped ? "\nStopped: what was read so far is kept in " : "\nKept in ") + shown(project)
        + "\n";
    return {dump(json), std::move(text), report.stopped ? WasStopped : Done, {}, {}};
}

Answer importPictures(const Arguments& arguments, Work& work)
{
    check(arguments);
    const fs::path folder = arguments.project;
    std::error_code ignored;
    const bool isNew = !fs::exists(fs::symlink_status(folder, ignored));
    try {
        store::Project project = store::Project::create(folder);
        const engine::ImportReport report = engine::importFolder(
            project, arguments.folder, importOptions(arguments, project), work.progress.sink(), work.stop);
        return describeImport(report, folder);
    } catch (...) {
        if (isNew) // made a moment ago, by this call, and it holds nothing
            fs::remove_all(folder, ignored);
        throw;
    }
}

} // namespace

Action prepareImport(CLI::App& app)
{
    const auto arguments = std::make_shared<Arguments>();
    app.add_option("FOLDER", arguments->folder, "The folder with the pictures: each folder in it is a class")
        ->required()
        ->type_name("");
    app.add_option("--project", arguments->project,
                   "Where to keep the project; it is made when it is not there")
        ->required()
        ->type_name("NAME.graft");
    requireDigits(*app.add_option("--seed", arguments->seed, "Decides which pictures are kept for measuring")
                       ->type_name("N"));
    app.add_option("--split", arguments->split, "Percent for training, validation and test; else 70,15,15")
        ->type_name("A,B,C")
        ->delimiter(',')
        ->expected(3);
    app.add_option(
           "--labels", arguments->labels,
           "Where the classes come from: auto, folders, prefix (of the file names), one (class for all), "
           "or a CSV file with lines file,label")
        ->type_name("HOW")
        ->capture_default_str();
    return [arguments](Work& work) { return importPictures(*arguments, work); };
}

} // namespace graft::cli
