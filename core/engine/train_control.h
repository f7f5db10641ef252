#pragma once
#include "core/base/pause_control.h"

#include <memory>
#include <stop_token>

namespace graft::engine {

/// What the one who asks for a training keeps in hand while it runs.
struct TrainControl {
    TrainSink sink = {}; ///< hears every event; may be empty
    std::stop_token stop = {};
    /// While it is paused nothing is read and nothing learned, and no time counts. May be null.
    std::shared_ptr<PauseControl> pause = {};
    bool measureTest = true; ///< false: test pictures are not looked at, and the result has none
};

} // namespace graft::engine
