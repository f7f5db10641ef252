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

std::string counted(int count, const std::string& thing)
{
    return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

/// Two digits are as good as an estimate is.
std::string duration(double seconds)
{
    constexpr double minute = 60.0;
    constexpr double hour = 60.0 * minute;
    if (seconds < 1.5 * minute)
        return fixed(seconds, 0) + " s";
    if (seconds < 1.5 * hour)
        return fixed(seconds / minute, 0) + " min";
    return fixed(seconds / hour, 1) + " h";
}

std::string rate(double rate)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", rate);
    return text;
}

// One overload for each event: the compiler names the one that is missing.
std::string line(const TrainStarted& e)
{
    return e.run + ": " + e.title + ", " + counted(e.trainingPictures, "picture") + " to learn from, "
        + (e.epochs > 0 ? counted(e.epochs, "epoch") + ", " : std::string()) + e.device;
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
        + (e.best ? ", best so far" : "")
        + (e.learningRate > 0.0 ? "; learning rate " + rate(e.learningRate) : std::string())
        + (e.picturesPerSecond > 0.0 ? ", " + fixed(e.picturesPerSecond, 1) + " pictures/s" : std::string())
        + (e.secondsLeft >= 0.0 && e.epoch < e.epochs ? ", " + duration(e.secondsLeft) + " left"
                                                      : std::string());
}

std::string line(const Guesses& e)
{
    int right = 0;
    for (const auto& guess : e.guesses)
        right += guess.truth == guess.predicted ? 1 : 0;
    return "epoch " + std::to_string(e.epoch) + ": " + std::to_string(right) + " of "
        + std::to_string(e.guesses.size()) + " sample guesses are right";
}

std::string line(const TrainPaused& /*e*/)
{
    return "paused";
}

std::string line(const TrainContinued& e)
{
    return "goes on after a pause of " + duration(e.seconds);
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
