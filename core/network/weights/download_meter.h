#pragma once
#include "core/network/weights/download.h"

namespace graft::network {

/// Turns "so many bytes by now" into progress with speed and time left, and passes it on at a bounded rate.
class DownloadMeter
{
public:
    DownloadMeter(const DownloadSink& sink, std::int64_t total, std::chrono::milliseconds every, bool waiting)
        : m_sink(sink)
        , m_every(every)
        , m_progress {
              .done = 0, .total = total, .bytesPerSecond = 0.0, .secondsLeft = -1.0, .waiting = waiting}
    {
    }

    /// Cheap; call it as often as you like.
    void show(std::int64_t done);
    /// Tells the last state even where the previous call is not long ago.
    void showNow(std::int64_t done);

private:
    using Clock = std::chrono::steady_clock;

    void measure(std::int64_t done, Clock::time_point now);

    const DownloadSink& m_sink;
    std::chrono::milliseconds m_every;
    DownloadProgress m_progress;
    Clock::time_point m_shown {}; ///< when the sink was called last
};

} // namespace graft::network
