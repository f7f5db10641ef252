#pragma once
#include "core/base/pause_control.h"
#include "core/base/train_event.h"
#include "core/learn/advice.h"
#include "core/store/project.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace graft::engine {

struct RaceOptions {
    learn::Plan plan; ///< what all have in common: backbone, recipe, copies, loss, seed, device
    double minutes = 5.0; ///< for each strategy
    std::vector<std::string> strategies; ///< ids; empty: all
};

/// How one strategy stands.
struct Racer {
    enum class State { Waiting, Running, Done, Skipped, Failed };

    std::string strategy;
    State state = State::Waiting;
    std::string run; ///< id of its run, once it has one
    double seconds = 0.0; ///< that it has used of its time
    learn::Answers validation; ///< best so far
    learn::Answers test; ///< only when the race is over
    std::string problem; ///< where Failed
};

struct Race {
    std::vector<Racer> racers; ///< in the order in which they run
    int winner = -1; ///< index of a racer whose interval allows to say so; -1: no clear winner
    int recommended = -1; ///< the winner, or else the cheapest of those that cannot be told apart
    std::string sentence; ///< one sentence that says who won, or that nobody did and what to take; empty
                          ///< before the end
};

/// What a race says while it runs.
struct RaceHooks {
    std::function<void(const Race& now)> standing; ///< whenever something changed
    std::function<void(int racer, const TrainEvent& event)> event; ///< all that the runs say
    std::function<std::stop_token(int racer)>
        skip; ///< asked before each: ends this one and keeps its best; may be empty
    std::shared_ptr<PauseControl> pause {}; ///< while it is paused no time counts; may be null
    std::stop_token leave {}; ///< ends the comparison, too: nobody waits for it
};

/// Trains with one strategy after the other on the same split, each for the same time, and keeps each as a
/// run of the project. The best validation accuracy decides who is compared; test pictures are touched once,
/// at the end. A stop ends the learning, and what is there is compared; one that comes while the models
/// answer test pictures ends that: what was measured is kept, nobody is recommended, and the sentence says
/// why. A racer that fails is told and does not end the race. Throws Error where no run can be made at all.
Race race(store::Project& project, const RaceOptions& options, const RaceHooks& hooks, std::stop_token stop);

} // namespace graft::engine
