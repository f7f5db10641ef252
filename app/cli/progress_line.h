#pragma once
#include "core/base/progress.h"
#include "core/base/train_event.h"
#include "core/network/weights/download.h"

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
    network::DownloadSink downloadSink(const std::string& what); ///< "Fetching the weights of vgg16"

    /// Takes the bar away, so that other text can follow.
    void clear();

private:
    using Clock = std::chrono::steady_clock;

    /// `figures` follows the words and the bar: "120 of 347, 98 pictures a second".
    void show(const Progress& progress, const std::string& figures);
    void show(const TrainEvent& event);
    void line(const std::string& text);
    void erase();
    std::string bar(const Progress& progress, const std::string& figures) const;

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
