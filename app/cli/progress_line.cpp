#include "app/cli/progress_line.h"

#include "app/cli/text.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace graft::cli {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds redrawEvery = 100ms;
constexpr std::chrono::milliseconds lineEvery = 1s;
constexpr std::size_t barCells = 24;
constexpr std::size_t fewestCells = 6; // a shorter bar says less than the words it would push away
constexpr std::size_t usualColumns = 80;

void toStderr(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t count = write(STDERR_FILENO, text.data(), text.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return; // nobody reads it: progress is not worth failing for
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

bool localeIsUnicode()
{
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (value && *value)
            return std::strstr(value, "UTF-8") || std::strstr(value, "utf8");
    }
    return false;
}

std::size_t terminalColumns()
{
    winsize size {};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usualColumns;
}

std::string counts(const Progress& progress)
{
    if (progress.total <= 0)
        return progress.done > 0 ? grouped(progress.done) : std::string();
    return grouped(progress.done) + " of " + grouped(progress.total);
}

/// "12.3 of 98.0 MB, 3.1 MB/s, 27 s left"
std::string figures(const network::DownloadProgress& progress)
{
    const auto megabytes = [](double bytes) { return fixed(bytes / 1e6, 1); };
    std::string text = megabytes(static_cast<double>(progress.done)) + " of "
        + megabytes(static_cast<double>(progress.total)) + " MB";
    if (progress.bytesPerSecond > 0.0)
        text += ", " + megabytes(progress.bytesPerSecond) + " MB/s";
    if (progress.secondsLeft >= 1.0)
        text += ", " + duration(std::round(progress.secondsLeft)) + " left";
    return text;
}

} // namespace

ProgressLine::ProgressLine(bool quiet)
    : m_quiet(quiet)
    , m_terminal(isatty(STDERR_FILENO) == 1)
    , m_unicode(localeIsUnicode())
{
}

ProgressLine::~ProgressLine()
{
    clear();
}

ProgressSink ProgressLine::sink()
{
    return [this](const Progress& progress) {
        const std::scoped_lock lock(m_mutex);
        show(progress, counts(progress));
    };
}

TrainSink ProgressLine::trainSink()
{
    return [this](const TrainEvent& event) {
        const std::scoped_lock lock(m_mutex);
        show(event);
    };
}

network::DownloadSink ProgressLine::downloadSink(const std::string& what)
{
    return [this, what](const network::DownloadProgress& progress) {
        const std::scoped_lock lock(m_mutex);
        show({progress.waiting ? "Another window is fetching it" : what, progress.done, progress.total},
             figures(progress));
    };
}

void ProgressLine::clear()
{
    const std::scoped_lock lock(m_mutex);
    erase();
}

void ProgressLine::show(const Progress& progress, const std::string& figures)
{
    if (m_quiet)
        return;
    const auto now = Clock::now();
    const bool newPhase = progress.what != m_phase;
    const bool complete = progress.total > 0 && progress.done >= progress.total;
    const bool ended = complete && !m_complete;
    if (!newPhase && !ended && now - m_lastShown < (m_terminal ? redrawEvery : lineEvery))
        return;
    m_phase = progress.what;
    m_complete = complete;
    m_lastShown = now;
    if (m_terminal) {
        toStderr("\r\033[K" + bar(progress, figures));
        m_drawn = true;
    } else {
        toStderr(shown(progress.what) + (figures.empty() ? "" : ", " + figures) + "\n");
    }
}

void ProgressLine::show(const TrainEvent& event)
{
    if (m_quiet)
        return;
    if (const auto* preparing = std::get_if<TrainPreparing>(&event)) {
        const double rate = preparing->picturesPerSecond;
        const Progress progress {preparing->what, preparing->done, preparing->total};
        show(progress,
             counts(progress) + (rate > 0.0 ? ", " + fixed(rate, 0) + " pictures a second" : std::string()));
        return;
    }
    const auto* epoch = std::get_if<EpochDone>(&event);
    if (epoch && m_terminal) {
        const Progress progress {"Learning", epoch->epoch, epoch->epochs};
        show(progress,
             counts(progress) + ", loss " + fixed(epoch->trainLoss, 4) + ", validation "
                 + percent(epoch->validationAccuracy)
                 + (epoch->secondsLeft >= 1.0 ? ", " + duration(std::round(epoch->secondsLeft)) + " left"
                                              : std::string()));
        return;
    }
    // What ended the run, and the steps within an epoch, are told elsewhere or are too many to tell.
    if (epoch || std::holds_alternative<TrainStarted>(event) || std::holds_alternative<TrainNote>(event))
        line(describe(event));
}

void ProgressLine::line(const std::string& text)
{
    if (m_quiet)
        return;
    erase();
    toStderr(shown(text) + "\n");
}

void ProgressLine::erase()
{
    if (m_drawn)
        toStderr("\r\033[K");
    m_drawn = false;
}

std::string ProgressLine::bar(const Progress& progress, const std::string& figures) const
{
    const std::string before = shown(progress.what) + "  ";
    const std::size_t columns = terminalColumns() - 1;
    const std::size_t others = width(before) + width(figures) + 2;
    const std::size_t cells = std::min(others < columns ? columns - others : 0, barCells);
    std::string text = before;
    if (progress.total > 0 && cells >= fewestCells) {
        const double share =
            std::clamp(static_cast<double>(progress.done) / static_cast<double>(progress.total), 0.0, 1.0);
        const auto full = static_cast<std::size_t>(share * static_cast<double>(cells));
        for (std::size_t i = 0; i < cells; ++i)
            text += i < full ? (m_unicode ? "\u2501" : "=") : (m_unicode ? "\u2500" : "-");
        text += "  ";
    }
    text += figures;
    while (width(text) > columns) { // cut whole code points
        while ((static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U)
            text.pop_back();
        text.pop_back();
    }
    return text;
}

} // namespace graft::cli
