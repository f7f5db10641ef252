#pragma once
#include "core/base/train_event.h"
#include "core/engine/race.h"

#include <string>
#include <variant>

namespace graft::ui {

/// What the run of one strategy of a race says; its batches are left out.
struct RacerEvent {
    int racer = 0; ///< index into engine::Race::racers
    TrainEvent event;
};

/// What Graft recommends for these pictures by their place on the map, told when a race begins.
struct MapAdvice {
    std::string strategy;
};

/// What a race says, in order.
using RaceNews = std::variant<MapAdvice, RacerEvent, engine::Race>;

} // namespace graft::ui
