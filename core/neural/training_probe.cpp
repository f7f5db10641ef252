#include "core/neural/training_probe.h"

#include "core/neural/inside/nvidia_driver.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace graft::neural {

namespace {

using StepClock = std::chrono::steady_clock;

/// A few pictures to train on.
struct Task {
    Batch batch;
    std::span<const std::int64_t> labels;

    Task first(int count) const
    {
        const std::size_t bytes = batch.pixels.size() / static_cast<std::size_t>(batch.count);
        return {{batch.pixels.first(bytes * static_cast<std::size_t>(count)), count},
                labels.first(static_cast<std::size_t>(count))};
    }
};

/// Training in one precision, and what was seen of it.
struct Candidate {
    Trainer trainer;
    double secondsPerPicture = INFINITY; ///< of the quickest step

    /// A step that changes nothing.
    void step(const Task& task)
    {
        const auto start = StepClock::now();
        trainer.accumulate(task.batch, task.labels);
        trainer.score(); // waits for a graphics card
        const double seconds = std::chrono::duration<double>(StepClock::now() - start).count();
        secondsPerPicture = std::min(secondsPerPicture, seconds / task.batch.count);
        trainer.discardGradients();
    }

    network::TensorMap gradients(const Task& task)
    {
        trainer.resetScore();
        trainer.accumulate(task.batch, task.labels);
        network::TensorMap result = trainer.gradients();
        trainer.discardGradients();
        return result;
    }
};

double gradientCosine(const network::TensorMap& a, const network::TensorMap& b)
{
    double product = 0.0;
    double squaresOfA = 0.0;
    double squaresOfB = 0.0;
    for (const auto& [name, tensor] : a) {
        const auto other = b.find(name);
        if (other == b.end())
            return 0.0;
        for (std::size_t i = 0; i < tensor.values.size(); ++i) {
            product += double {tensor.values[i]} * other->second.values[i];
            squaresOfA += double {tensor.values[i]} * tensor.values[i];
            squaresOfB += double {other->second.values[i]} * other->second.values[i];
        }
    }
    const double lengths = std::sqrt(squaresOfA * squaresOfB);
    return lengths > 0.0 ? product / lengths : 0.0;
}

bool cpuKnowsBfloat16()
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16") != 0;
#else
    return false;
#endif
}

} // namespace

Precision shortNumbersOf(const std::string& device)
{
    if (device == "cpu")
        return cpuKnowsBfloat16() ? Precision::BFloat16 : Precision::Float32;
    constexpr int ampere = 8;
    const auto& cards = nvidiaDriver().cards;
    const auto colon = device.find(':');
    const std::size_t index = colon == std::string::npos ? 0 : std::stoul(device.substr(colon + 1));
    return index < cards.size() && cards[index].generation >= ampere ? Precision::BFloat16
                                                                     : Precision::Float16;
}

TrainingProbe probeTraining(const network::Graph& graph, const network::TensorMap& weights,
                            const Batch& batch, std::span<const std::int64_t> labels,
                            const TrainerOptions& options, Precision rounded)
{
    TrainingProbe probe;
    if (rounded == Precision::Float32)
        return probe;
    constexpr double budget = 2.5; // seconds, about
    constexpr int steps = 2; // timed ones of each; two more wake up and compare
    const auto candidate = [&](Precision precision) {
        TrainerOptions own = options;
        own.precision = precision;
        return Candidate {Trainer(graph, weights, own)};
    };
    const Task all {batch, labels};
    Candidate exact = candidate(Precision::Float32);
    exact.step(all.first(1));
    exact.step(all.first(1));
    const double all4 = 2.0 * (steps + 2) * exact.secondsPerPicture;
    const Task task = all.first(std::clamp(static_cast<int>(budget / all4), 1, batch.count));
    exact.secondsPerPicture = INFINITY;
    Candidate quick = candidate(rounded);
    const auto exactGradients = exact.gradients(task); // also wakes up
    const double exactLoss = exact.trainer.score().loss;
    probe.cosine = gradientCosine(exactGradients, quick.gradients(task));
    probe.lossDifference =
        std::abs(quick.trainer.score().loss - exactLoss) / std::max(std::abs(exactLoss), 1e-6);
    for (int i = 0; i < steps; ++i) { // in turn, so that a busy moment of the machine hits both
        exact.step(task);
        quick.step(task);
    }
    probe.float32PicturesPerSecond = 1.0 / exact.secondsPerPicture;
    probe.roundedPicturesPerSecond = 1.0 / quick.secondsPerPicture;
    constexpr double worthwhile = 1.1; // times as fast
    constexpr double closeGradient = 0.95;
    constexpr double closeLoss = 0.02;
    const bool same = probe.cosine >= closeGradient && probe.lossDifference <= closeLoss;
    if (same && probe.roundedPicturesPerSecond >= worthwhile * probe.float32PicturesPerSecond)
        probe.chosen = rounded;
    return probe;
}

} // namespace graft::neural
