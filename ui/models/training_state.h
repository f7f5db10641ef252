#pragma once
#include "core/base/train_event.h"

#include <optional>
#include <vector>

namespace graft::ui {

/// What the events of one training add up to.
struct TrainingState {
    enum class Phase { Waiting, Preparing, Learning, Ended };

    /// One point of a curve over batches.
    struct BatchPoint {
        double epochs = 0.0; ///< since the start: 2.5 is in the middle of the third
        double loss = 0.0;
        double accuracy = 0.0; ///< 0..1
    };

    Phase phase = Phase::Waiting;
    std::optional<TrainStarted> started;
    TrainPreparing preparing;
    int epoch = 0; ///< that runs, from 1
    int epochs = 0; ///< planned, or estimated where it learns for a time; 0 while that is not known
    int batch = 0;
    int batches = 0;
    int bestEpoch = 0; ///< 0 while there is none
    double seconds = 0.0; ///< of the last epoch's end, since the run began
    double secondsLeft = -1.0; ///< below 0 while it is not known; while preparing, of that alone
    bool paused = false; ///< it stands still: a request to pause may be waiting for the batch at hand
    std::vector<EpochDone> history;
    std::vector<BatchPoint> batchHistory;
    Guesses guesses;
    TrainEnded ended;

    void apply(const TrainEvent& event);

    double share() const; ///< of the epochs, 0..1
    double picturesPerSecond() const; ///< 0 while it is not known
};

} // namespace graft::ui
