#pragma once
#include "app/cli/progress_line.h"
#include "core/base/pause_control.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

namespace CLI {
class App;
}

namespace graft::cli {

/// The exit codes that scripts rely on.
enum Exit { Done = 0, Failed = 1, WrongUsage = 2, WasStopped = 130 };

/// What a command hands back; main() prints it. So stdout holds the one object of --json and nothing else,
/// whatever a command does.
struct Answer {
    std::string json; ///< one object
    std::string text; ///< the same for a person, ends with a newline
    Exit exit = Done;
    std::string remarks; ///< for stderr: the files that could not be read, by name
    std::string failure; ///< for stderr: the sentence, where `exit` is Failed
};

/// What a command works with.
struct Work {
    ProgressLine& progress;
    std::stop_token stop;
    std::shared_ptr<PauseControl> pause; ///< knows how long the program stood still after Ctrl-Z
};

/// Throws Error when it fails, Stopped when it was stopped with nothing to hand over, CLI::ParseError when
/// its arguments do not fit together.
using Action = std::function<Answer(Work&)>;

/// One command. `prepare` adds its arguments to `app` and returns what runs once they are parsed.
struct Command {
    const char* name;
    const char* sentence;
    Action (*prepare)(CLI::App& app);
};

/// THE list, in the order of the help text. Each is defined in commands/<name>.cpp.
std::span<const Command> commands();

Action prepareAdvise(CLI::App& app);
Action prepareAugment(CLI::App& app);
Action prepareBackbones(CLI::App& app);
Action prepareClassify(CLI::App& app);
Action prepareCopies(CLI::App& app);
Action prepareDoctor(CLI::App& app);
Action prepareEvaluate(CLI::App& app);
Action prepareFeatures(CLI::App& app);
Action prepareImagenet(CLI::App& app);
Action prepareImport(CLI::App& app);
Action prepareInfo(CLI::App& app);
Action prepareOps(CLI::App& app);
Action prepareRace(CLI::App& app);
Action prepareRuns(CLI::App& app);
Action prepareStrategies(CLI::App& app);
Action prepareTrain(CLI::App& app);
Action prepareWeights(CLI::App& app);

} // namespace graft::cli
