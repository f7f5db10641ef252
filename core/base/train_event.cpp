#include "core/base/train_event.h"

#include <cstdio>

namespace graft {

namespace {

std::string fixed(double value, int digits)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string percent(double share)
{
    return fixed(100.0 * share, 1) + " %";
}

// One overload for each event: the compiler names the one that is missing.
std::string line(const TrainStarted& e)
{
    return e.run + ": " + e.title + ", " + std::to_string(e.trainingPictures) + " pictures to learn from, "
        + std::to_string(e.epochs) + " epochs, " + e.device;
}

std::string line(const TrainPreparing& e)
{
    return e.what + ", " + std::to_string(e.done) + " of " + std::to_string(e.total);
}

std::string line(const BatchDone& e)
{
    return "epoch " + std::to_string(e.epoch) + ", batch " + std::to_string(e.batch) + " of "
        + std::to_string(e.batches) + ": loss " + fixed(e.loss, 4);
}

std::string line(const EpochDone& e)
{
    return "epoch " + std::to_string(e.epoch) + " of " + std::to_string(e.epochs) + ": loss "
        + fixed(e.trainLoss, 4) + ", accuracy " + percent(e.trainAccuracy) + "; validation loss "
        + fixed(e.validationLoss, 4) + ", accuracy " + percent(e.validationAccuracy)
        + (e.best ? ", best so far" : "");
}

std::string line(const Guesses& e)
{
    int right = 0;
    for (const auto& guess : e.guesses)
        right += guess.truth == guess.predicted ? 1 : 0;
    return "epoch " + std::to_string(e.epoch) + ": " + std::to_string(right) + " of "
        + std::to_string(e.guesses.size()) + " sample guesses are right";
}

std::string line(const TrainNote& e)
{
    return e.text;
}

std::string line(const TrainEnded& e)
{
    switch (e.outcome) {
    case Outcome::Finished:
        return "finished";
    case Outcome::Stopped:
        return e.hasModel ? "stopped; the best model is kept" : "stopped before there was a model";
    case Outcome::Failed:
        return "failed: " + e.problem;
    }
    return {};
}

} // namespace

std::string describe(const TrainEvent& event)
{
    return std::visit([](const auto& e) { return line(e); }, event);
}

} // namespace graft
