#pragma once
#include "core/base/progress.h"
#include "core/base/train_event.h"

#include <chrono>
#include <mutex>
#include <string>

namespace graft::cli {

/// Tells on stderr how far the work is: a bar that is redrawn on a terminal, else a plain line at most once a
/// second. May be called from any thread; its sinks must not outlive it.
class ProgressLine
{
public:
    explicit ProgressLine(bool quiet);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void setQuiet(bool quiet) { m_quiet = quiet; }

    ProgressSink sink();
    TrainSink trainSink();

    /// Takes the bar away, so that other text can follow.
    void clear();

private:
    using Clock = std::chrono::steady_clock;

    void show(const Progress& progress, const std::string& detail);
    void show(const TrainEvent& event);
    void line(const std::string& text);
    void erase();
    std::string bar(const Progress& progress, const std::string& detail) const;

    std::mutex m_mutex;
    bool m_quiet = false;
    bool m_terminal = false;
    bool m_unicode = false;
    bool m_drawn = false; ///< a bar is on the terminal's last line
    std::string m_phase; ///< Progress::what of the last call
    bool m_complete = false; ///< the phase's last state was shown
    Clock::time_point m_lastShown;
};

} // namespace graft::cli
