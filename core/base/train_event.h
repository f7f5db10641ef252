#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace graft {

/// The plan was accepted and a run exists.
struct TrainStarted {
    std::string run; ///< "run-1"
    std::string title; ///< "Linear classifier on EfficientNet-Lite0"
    std::string device; ///< "CPU, 2 threads"
    int epochs = 0; ///< 0 where it learns for a time
    int trainingPictures = 0;
    int validationPictures = 0;
    int testPictures = 0;
    std::vector<std::string> classes;
};

/// Work before the first epoch: "Reading features", 120 of 347.
struct TrainPreparing {
    std::string what;
    int done = 0;
    int total = 0;
    double picturesPerSecond = 0.0; ///< 0 while it is not known
};

struct BatchDone {
    int epoch = 0; ///< from 1
    int batch = 0; ///< from 1
    int batches = 0; ///< per epoch
    double loss = 0.0;
    double accuracy = 0.0; ///< 0..1
    double secondsLeft = -1.0; ///< as of EpochDone
};

struct EpochDone {
    int epoch = 0; ///< from 1
    int epochs = 0;
    double trainLoss = 0.0;
    double trainAccuracy = 0.0; ///< 0..1
    double validationLoss = 0.0;
    double validationAccuracy = 0.0; ///< 0..1
    double learningRate = 0.0;
    bool best = false; ///< the best validation loss so far; its weights are kept
    double seconds = 0.0; ///< of learning since the run began; pauses do not count
    double picturesPerSecond = 0.0; ///< that were learned from in this epoch
    /// Until the run is over, with what is measured at the end; below 0 while it is not known. It is the most
    /// where a training may end early because it gets no better.
    double secondsLeft = -1.0;
    std::uint64_t memoryBytes = 0; ///< that the process had when the epoch ended
};

/// What the network now thinks of a few fixed validation pictures.
struct Guesses {
    struct Guess {
        std::string path;
        int truth = 0; ///< index into TrainStarted::classes
        int predicted = 0;
        double probability = 0.0; ///< of `predicted`, 0..1
    };

    int epoch = 0;
    std::vector<Guess> guesses;
};

/// A person holds the training up.
struct TrainPaused {
};

/// It goes on, or is told to stop.
struct TrainContinued {
    double seconds = 0.0; ///< that it was held up
};

/// Something a person should know and that did not end the run: a picture that vanished, memory that was
/// short.
struct TrainNote {
    bool warning = false;
    std::string text;
};

enum class Outcome { Finished, Stopped, Failed };

/// The last event of every run. When stopped, the best state is kept and has been evaluated as well, unless
/// the stop came before the first epoch ended (then hasModel is false).
struct TrainEnded {
    Outcome outcome = Outcome::Finished;
    bool hasModel = false;
    std::string problem; ///< the Error's text when Failed, else empty
};

/// Everything training says to the outside. Plain values: copy, queue, record, replay.
using TrainEvent = std::variant<TrainStarted, TrainPreparing, BatchDone, EpochDone, Guesses, TrainPaused,
                                TrainContinued, TrainNote, TrainEnded>;

/// Called on the thread that trains; must return quickly and must not throw.
using TrainSink = std::function<void(const TrainEvent&)>;

/// One line of progress for a terminal or a log.
std::string describe(const TrainEvent& event);

} // namespace graft
