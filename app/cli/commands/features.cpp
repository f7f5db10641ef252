#include "core/engine/features.h"

#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/options.h"
#include "app/cli/text.h"

#include <CLI/CLI.hpp>

namespace graft::cli {

namespace {

struct Arguments {
    std::vector<std::string> paths;
    engine::FeatureOptions options;
    std::string out;
};

Answer writeFeatures(const Arguments& arguments, Work& work)
{
    requireWritable(arguments.out);
    const engine::Features features = engine::features({arguments.paths.begin(), arguments.paths.end()},
                                                       arguments.options, work.progress.sink(), work.stop);
    const auto rows = static_cast<int>(features.paths.size());
    const double rate = features.seconds > 0.0 ? rows / features.seconds : 0.0;
    Json paths = Json::array();
    for (const auto& path : features.paths)
        paths.push_back(absolutePath(path));
    Json json {{"rows", rows},
               {"channels", features.channels},
               {"out", rows > 0 ? Json(absolutePath(arguments.out)) : Json()},
               {"paths", std::move(paths)},
               {"problems", problemsJson(features.problems)},
               {"seconds", features.seconds},
               {"decode_seconds", features.decodeSeconds},
               {"network_seconds", features.networkSeconds},
               {"pictures_per_second", rate}};
    if (rows == 0) {
        Answer answer = failed(std::move(json), nothingReadable(features.problems.size()));
        answer.remarks = problemsText(features.problems);
        return answer;
    }
    engine::writeNpy(arguments.out, features.values, rows, features.channels);
    const std::string text = counted(rows, "picture") + ", " + counted(features.channels, "channel") + ", in "
        + duration(features.seconds) + " (" + fixed(rate, 1) + " pictures a second)\nWritten to "
        + shown(arguments.out) + "\n";
    return {dump(json), text, Done, problemsText(features.problems), {}};
}

} // namespace

Action prepareFeatures(CLI::App& app)
{
    const auto arguments = std::make_shared<Arguments>();
    addPictures(app, arguments->paths);
    addBackbone(app, arguments->options.backbone);
    addCut(app, arguments->options.cut);
    addDevice(app, arguments->options.device);
    addPrecision(app, arguments->options.precision);
    app.add_option("--out", arguments->out, "The file to write: float32, one row for each picture")
        ->required()
        ->type_name("FILE.npy");
    return [arguments](Work& work) { return writeFeatures(*arguments, work); };
}

} // namespace graft::cli
