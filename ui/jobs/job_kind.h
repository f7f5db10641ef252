#pragma once
#include <stop_token>

namespace graft::ui {

/// Jobs of one kind: how many there are, and what stops them. GUI thread.
struct JobKind {
    int jobs = 0;
    std::stop_source stop;

    /// The source for one more job. Jobs that were told to stop keep theirs.
    std::stop_source begin()
    {
        if (jobs++ == 0 || stop.stop_requested())
            stop = std::stop_source();
        return stop;
    }
};

} // namespace graft::ui
