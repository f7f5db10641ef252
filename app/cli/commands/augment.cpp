#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/options.h"
#include "app/cli/text.h"
#include "core/engine/augmented_copies.h"
#include "core/network/weights/catalogue.h"

#include <CLI/CLI.hpp>

namespace graft::cli {

namespace {

struct Arguments {
    std::vector<std::string> paths;
    std::string recipe;
    std::string backbone = "efficientnet-lite0";
    engine::CopyWishes wishes;
    std::string out;
    std::string sheet;
    std::string format = "png";
    std::uint64_t seed = engine::usualSeed;
};

Json copiesJson(const std::vector<engine::WrittenCopy>& copies)
{
    Json list = Json::array();
    for (const engine::WrittenCopy& copy : copies)
        list.push_back({{"path", absolutePath(copy.file)},
                        {"source", absolutePath(copy.source)},
                        {"draw", copy.copy},
                        {"ops", copy.draws}});
    return list;
}

std::string reportText(const engine::CopyReport& report, const Arguments& arguments)
{
    std::string text = counted(std::ssize(report.written), "augmented copy", "augmented copies") + " in "
        + shown(arguments.out);
    if (report.there > 0)
        text += ", " + grouped(report.there) + " of them were there already";
    text += "\n";
    if (report.onSheet > 0)
        text +=
            "Contact sheet of " + counted(report.onSheet, "picture") + ": " + shown(arguments.sheet) + "\n";
    if (report.stopped)
        text += "Stopped: these are the copies so far.\n";
    return text;
}

Answer writeCopies(Arguments& arguments, Work& work)
{
    if (!arguments.sheet.empty())
        requireWritable(arguments.sheet);
    arguments.wishes.folder = arguments.out;
    arguments.wishes.sheet = arguments.sheet;
    arguments.wishes.jpeg = arguments.format == "jpg";
    const PreprocessSpec& preprocess = network::weightsEntries(arguments.backbone).front().preprocess;
    const engine::TrainingView view(preprocess, recipeFrom(arguments.recipe), arguments.seed);
    const engine::CopyReport report =
        engine::writeCopies({arguments.paths.begin(), arguments.paths.end()}, view, arguments.wishes,
                            work.progress.sink(), work.stop);
    Json json {{"copies", copiesJson(report.written)},
               {"there_already", report.there},
               {"out", absolutePath(arguments.out)},
               {"sheet", report.onSheet > 0 ? Json(absolutePath(arguments.sheet)) : Json()},
               {"problems", problemsJson(report.problems)},
               {"stopped", report.stopped}};
    std::string remarks = problemsText(report.problems);
    if (report.written.empty() && !report.stopped) {
        Answer answer = failed(std::move(json), nothingReadable(report.problems.size()));
        answer.remarks = std::move(remarks);
        return answer;
    }
    return {dump(json),
            reportText(report, arguments),
            report.stopped ? WasStopped : Done,
            std::move(remarks),
            {}};
}

} // namespace

Action prepareAugment(CLI::App& app)
{
    const auto arguments = std::make_shared<Arguments>();
    addPictures(app, arguments->paths);
    addRecipe(app, arguments->recipe)->required();
    app.add_option("--copies", arguments->wishes.copies, "Augmented copies of each picture")
        ->required()
        ->type_name("N")
        ->check(CLI::Range(1, 100'000).description(""));
    app.add_option("--out", arguments->out, "The folder to write them to")->required()->type_name("FOLDER");
    app.add_option("--sheet", arguments->sheet, "Write a contact sheet too: each picture and its copies")
        ->type_name("FILE.png");
    app.add_option("--format", arguments->format, "Of the copies: png is exact, jpg is smaller")
        ->type_name("png|jpg")
        ->check(CLI::IsMember({"png", "jpg"}).description(""))
        ->capture_default_str();
    addBackbone(app, arguments->backbone)->description("Whose picture size and crop the copies get");
    requireDigits(*app.add_option("--seed", arguments->seed, "Decides what is drawn; as in train")
                       ->type_name("N")
                       ->capture_default_str());
    return [arguments](Work& work) { return writeCopies(*arguments, work); };
}

} // namespace graft::cli
