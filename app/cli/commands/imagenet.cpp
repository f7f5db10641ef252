#include "core/engine/imagenet.h"

#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/options.h"
#include "app/cli/text.h"

#include <CLI/CLI.hpp>

namespace graft::cli {

namespace {

struct Arguments {
    std::vector<std::string> paths;
    std::string backbone = "efficientnet-lite0";
    std::string device = "auto";
    int top = 5;
};

Answer ask(const Arguments& arguments, Work& work)
{
    const engine::ImagenetResult result =
        engine::imagenet({arguments.paths.begin(), arguments.paths.end()}, arguments.backbone, arguments.top,
                         arguments.device, work.progress.sink(), work.stop);
    Json predictions = Json::array();
    std::string text;
    for (const engine::ImagenetAnswer& answer : result.predictions) {
        Json top = Json::array();
        Table table({"", ">", ""});
        for (const auto& entry : answer.top) {
            top.push_back(
                {{"index", entry.index}, {"label", entry.label}, {"probability", entry.probability}});
            table.add({"", percent(entry.probability), shown(entry.label)});
        }
        predictions.push_back({{"path", absolutePath(answer.path)}, {"top", std::move(top)}});
        const std::string lines = table.text();
        text += shown(answer.path) + lines.substr(lines.find('\n'));
    }
    Json json {{"predictions", std::move(predictions)}, {"problems", problemsJson(result.problems)}};
    if (!result.predictions.empty())
        return {dump(json), std::move(text), Done, problemsText(result.problems), {}};
    Answer answer = failed(std::move(json), nothingReadable(result.problems.size()));
    answer.remarks = problemsText(result.problems);
    return answer;
}

} // namespace

Action prepareImagenet(CLI::App& app)
{
    const auto arguments = std::make_shared<Arguments>();
    addPictures(app, arguments->paths);
    addBackbone(app, arguments->backbone);
    app.add_option("--top", arguments->top, "How many answers for each picture")
        ->type_name("K")
        ->check(CLI::Range(1, 1000).description(""))
        ->capture_default_str();
    addDevice(app, arguments->device);
    return [arguments](Work& work) { return ask(*arguments, work); };
}

} // namespace graft::cli
