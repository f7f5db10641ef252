#include "core/base/pause_control.h"

namespace graft {

namespace {

using Clock = std::chrono::steady_clock;

static_assert(std::atomic<std::int64_t>::is_always_lock_free, "a signal handler adds to it");

} // namespace

void PauseControl::pause()
{
    const std::scoped_lock lock(m_mutex);
    m_paused = true;
}

void PauseControl::resume()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_paused = false;
    }
    m_wake.notify_all();
}

bool PauseControl::isPaused() const
{
    const std::scoped_lock lock(m_mutex);
    return m_paused;
}

double PauseControl::wait(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    if (!m_paused)
        return 0.0;
    const auto begin = Clock::now();
    const std::int64_t before = m_held;
    m_wake.wait(lock, stop, [this] { return !m_paused; });
    // What a signal handler added meanwhile is part of the time that passed.
    const auto passed = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin);
    m_held += passed.count() - (m_held - before);
    return std::chrono::duration<double>(passed).count();
}

void PauseControl::addHeld(std::chrono::nanoseconds time)
{
    m_held += time.count();
}

double PauseControl::heldSeconds() const
{
    return std::chrono::duration<double>(std::chrono::nanoseconds(m_held)).count();
}

WorkClock::WorkClock(const PauseControl* pause, double before)
    : m_pause(pause)
    , m_before(before + (pause ? pause->heldSeconds() : 0.0))
{
}

double WorkClock::seconds() const
{
    const double passed = std::chrono::duration<double>(Clock::now() - m_begin).count();
    return m_before + passed - (m_pause ? m_pause->heldSeconds() : 0.0);
}

void holdWhilePaused(PauseControl* pause, const std::stop_token& stop, const TrainSink& sink)
{
    if (!pause || stop.stop_requested() || !pause->isPaused())
        return;
    if (sink)
        sink(TrainPaused {});
    const double seconds = pause->wait(stop);
    if (sink)
        sink(TrainContinued {seconds});
}

} // namespace graft
