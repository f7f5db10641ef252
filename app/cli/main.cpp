// graft-cli: everything that Graft can do, without a window. Each command is a file in commands/.

#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/json.h"
#include "app/cli/text.h"
#include "core/base/file.h"
#include "core/engine/machine.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <new>
#include <unistd.h>

namespace graft::cli {

namespace {

struct Common {
    bool json = false;
    bool quiet = false;
};

/// False where it could not be written. A reader that went away (`| head`) is no failure of ours.
bool toStdout(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t count = write(STDOUT_FILENO, text.data(), text.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return errno == EPIPE;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void toStderr(const std::string& text)
{
    std::cerr << text << std::flush;
}

/// One line, whatever was in it.
std::string sentence(const std::string& text)
{
    std::string line = text;
    std::ranges::replace(line, '\n', ' ');
    return shown(line) + "\n";
}

Answer failure(const Error& error)
{
    return failed(Json::object(), error);
}

/// Every way in which work can end becomes an answer. A CLI::ParseError passes: wrong usage has its own
/// words.
Answer perform(const Action& action, Work& work)
{
    try {
        return action(work);
    } catch (const CLI::ParseError&) {
        throw;
    } catch (const Stopped&) {
        return {dump({{"stopped", true}}), "Stopped.\n", WasStopped, {}, {}};
    } catch (const Error& error) {
        return failure(error);
    } catch (const std::bad_alloc&) {
        return failure(Error("Memory", "there is not enough of it for this",
                             "Close other programs, or try with fewer or smaller pictures."));
    } catch (const std::filesystem::filesystem_error& error) {
        return failure(Error(error.path1().string(), describeErrno(error.code().value()),
                             "Check the name and your rights there."));
    } catch (const std::exception& error) {
        return failure(Error("graft-cli",
                             std::string("met something that it did not expect (") + error.what() + ")",
                             "Try again; if it stays, run graft-cli doctor."));
    }
}

/// Prints the answer and returns the exit code.
int tell(const Answer& answer, const Common& common)
{
    const std::string& text = common.json ? answer.json : answer.text;
    toStderr(answer.remarks);
    const bool written = toStdout(text);
    const int code = errno;
    if (answer.exit == Failed)
        toStderr(sentence(answer.failure));
    if (written)
        return answer.exit;
    toStderr(sentence("The answer could not be written: " + describeErrno(code)
                      + ". Choose another place for it."));
    return Failed;
}

int wrongUsage(const CLI::App& app, const CLI::ParseError& error, bool json)
{
    std::string name = "graft-cli";
    for (const CLI::App* sub = &app; !sub->get_subcommands().empty();) {
        sub = sub->get_subcommands().front();
        name += " " + sub->get_name();
    }
    const Error told(name, error.what(), "See: " + name + " --help");
    if (json)
        toStdout(dump({{"error", errorJson(told)}}));
    toStderr(sentence(told.what()));
    return WrongUsage;
}

void addCommon(CLI::App& app, Common& common)
{
    app.add_flag("--json", common.json, "Print exactly one JSON object");
    app.add_flag("--quiet", common.quiet, "No progress on stderr");
    for (CLI::App* sub : app.get_subcommands({}))
        addCommon(*sub, common);
}

/// The words after the program's name, last first, as CLI11 wants them. It would take a word in brackets for
/// a list; such a word can only be a path here, and ./[a,b] is the same one.
std::vector<std::string> wordsToParse(int argc, char** argv)
{
    std::vector<std::string> words;
    for (int i = argc - 1; i > 0; --i) {
        const std::string word = argv[i];
        words.push_back(word.starts_with('[') && word.ends_with(']') ? "./" + word : word);
    }
    return words;
}

int run(int argc, char** argv)
{
    const Interrupt interrupt;
    Common common;
    CLI::App app("Graft teaches a computer to tell your own pictures apart.", "graft-cli");
    app.set_help_flag("--help", "Show this and end");
    app.set_version_flag("--version", std::string("graft-cli ") + engine::version(),
                         "Show the version and end");
    app.require_subcommand(1);
    constexpr std::size_t optionColumns = 30;
    app.get_formatter()->column_width(optionColumns);
    app.get_formatter()->label("REQUIRED", "");
    app.get_formatter()->label("SUBCOMMAND", "COMMAND");
    std::vector<std::pair<const CLI::App*, Action>> actions;
    for (const Command& command : commands()) {
        CLI::App* sub = app.add_subcommand(command.name, command.sentence)->group("Commands");
        actions.emplace_back(sub, command.prepare(*sub));
    }
    addCommon(app, common);
    try {
        app.parse(wordsToParse(argc, argv));
        const auto chosen =
            std::ranges::find_if(actions, [](const auto& one) { return one.first->parsed(); });
        ProgressLine progress(common.quiet);
        Work work {progress, interrupt.token(), interrupt.pause()};
        const Answer answer = perform(chosen->second, work);
        progress.clear();
        return tell(answer, common);
    } catch (const CLI::Success& asked) { // --help or --version
        toStdout(asked.get_name() == "CallForHelp" ? app.help() : std::string(asked.what()) + "\n");
        return Done;
    } catch (const CLI::ParseError& error) {
        const std::vector<std::string_view> words(argv + 1, argv + argc);
        return wrongUsage(app, error, std::ranges::find(words, "--json") != words.end());
    }
}

} // namespace

} // namespace graft::cli

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN); // a closed stdout shows as an error of write()
    graft::engine::initialise(argv[0]);
    return graft::cli::run(argc, argv);
}
