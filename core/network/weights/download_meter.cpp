#include "core/network/weights/download_meter.h"

#include <cmath>

namespace graft::network {

void DownloadMeter::show(std::int64_t done)
{
    if (Clock::now() - m_shown >= m_every)
        showNow(done);
}

void DownloadMeter::showNow(std::int64_t done)
{
    measure(done, Clock::now());
    if (m_sink)
        m_sink(m_progress);
}

/// An exponential mean over about three seconds, so that the time left does not jump.
void DownloadMeter::measure(std::int64_t done, Clock::time_point now)
{
    constexpr double memory = 3.0; // seconds
    const bool first = m_shown == Clock::time_point {};
    const double seconds = first ? 0.0 : std::chrono::duration<double>(now - m_shown).count();
    const double arrived = static_cast<double>(done - m_progress.done);
    if (seconds > 0.0 && arrived >= 0.0) {
        const double rate = arrived / seconds;
        const double weight = m_progress.bytesPerSecond > 0.0 ? 1.0 - std::exp(-seconds / memory) : 1.0;
        m_progress.bytesPerSecond += weight * (rate - m_progress.bytesPerSecond);
    }
    m_shown = now;
    m_progress.done = done;
    const auto left = static_cast<double>(m_progress.total - done);
    m_progress.secondsLeft = m_progress.bytesPerSecond > 0.0 ? left / m_progress.bytesPerSecond : -1.0;
}

} // namespace graft::network
