#pragma once
#include "core/base/train_event.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace graft {

/// Lets a person hold up work that runs on another thread. Thread-safe.
class PauseControl
{
public:
    void pause();
    void resume();
    bool isPaused() const;

    /// For the thread that works: blocks while it is paused, but no longer than until it is told to stop.
    /// Returns the seconds that it was held up.
    double wait(const std::stop_token& stop);

    /// The whole process stood still for so long, as after Ctrl-Z in a shell: that is a pause, too. May be
    /// called by a signal handler.
    void addHeld(std::chrono::nanoseconds time);

    double heldSeconds() const; ///< in all, so far

private:
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_paused = false; // guarded by m_mutex
    std::atomic<std::int64_t> m_held = 0; // nanoseconds
};

/// Seconds of work: what a person held it up does not count. On the thread that works.
class WorkClock
{
public:
    /// Starts at `before` seconds. `pause` may be null; else it must outlive the clock.
    explicit WorkClock(const PauseControl* pause, double before = 0.0);

    double seconds() const;

private:
    const PauseControl* m_pause;
    double m_before;
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

/// What a training calls between two batches: waits while it is paused, and tells when that begins and ends.
/// `pause` may be null and `sink` empty.
void holdWhilePaused(PauseControl* pause, const std::stop_token& stop, const TrainSink& sink);

} // namespace graft
