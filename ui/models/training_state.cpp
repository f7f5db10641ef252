#include "ui/models/training_state.h"

#include <algorithm>

namespace graft::ui {

namespace {

struct Apply {
    TrainingState& state;

    void operator()(const TrainStarted& event)
    {
        state = {};
        state.phase = TrainingState::Phase::Preparing;
        state.started = event;
        state.epochs = event.epochs;
    }

    void operator()(const TrainPreparing& event)
    {
        state.preparing = event;
        state.secondsLeft =
            event.picturesPerSecond > 0.0 ? (event.total - event.done) / event.picturesPerSecond : -1.0;
    }

    void operator()(const BatchDone& event)
    {
        state.phase = TrainingState::Phase::Learning;
        state.epoch = event.epoch;
        state.batch = event.batch;
        state.batches = event.batches;
        state.secondsLeft = event.secondsLeft;
        const double at = event.epoch - 1 + static_cast<double>(event.batch) / std::max(1, event.batches);
        state.batchHistory.push_back({at, event.loss, event.accuracy});
    }

    void operator()(const EpochDone& event)
    {
        state.phase = TrainingState::Phase::Learning;
        state.epochs = event.epochs;
        state.epoch = event.epoch;
        state.batch = state.batches;
        state.seconds = event.seconds;
        state.secondsLeft = event.secondsLeft;
        if (event.best)
            state.bestEpoch = event.epoch;
        state.history.push_back(event);
    }

    void operator()(const Guesses& event) { state.guesses = event; }

    void operator()(const TrainPaused& /*event*/) { state.paused = true; }

    void operator()(const TrainContinued& /*event*/) { state.paused = false; }

    void operator()(const TrainNote& /*event*/) { }

    void operator()(const TrainEnded& event)
    {
        state.phase = TrainingState::Phase::Ended;
        state.paused = false;
        state.ended = event;
    }
};

} // namespace

void TrainingState::apply(const TrainEvent& event)
{
    std::visit(Apply {*this}, event);
}

double TrainingState::share() const
{
    if (epochs <= 0 || epoch <= 0)
        return 0.0;
    const double inEpoch = batches > 0 ? static_cast<double>(batch) / batches : 1.0;
    return std::clamp((epoch - 1 + inEpoch) / epochs, 0.0, 1.0);
}

double TrainingState::picturesPerSecond() const
{
    if (phase == Phase::Preparing)
        return preparing.picturesPerSecond;
    return history.empty() ? 0.0 : history.back().picturesPerSecond;
}

} // namespace graft::ui
