#include "core/neural/probe.h"

#include "core/network/fold.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <numeric>

namespace graft::neural {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// One way to run the network, and what was seen of it.
struct Way {
    Interpreter interpreter;
    std::vector<int> top1;
    std::vector<float> features;
    double secondsPerPicture = 0.0; ///< of the quickest pass

    void time(const Batch& batch, std::string_view stage)
    {
        const auto start = Clock::now();
        features = interpreter.pooled(batch, stage);
        const double seconds = secondsSince(start) / batch.count;
        secondsPerPicture = secondsPerPicture == 0.0 ? seconds : std::min(secondsPerPicture, seconds);
    }

    /// From one picture; the second pass only where the first, which warms up, was not long already.
    void estimate(const Batch& one, std::string_view stage)
    {
        constexpr double longPass = 0.1; // seconds
        time(one, stage);
        if (secondsPerPicture < longPass)
            time(one, stage);
    }

    /// Also warms up: the first pass over a shape of batch is slower than the others.
    void classify(const Batch& batch)
    {
        const auto logits = interpreter.run(batch);
        const std::size_t classes = logits.size() / batch.count;
        top1.clear();
        for (auto row = logits.begin(); row != logits.end(); row += static_cast<std::ptrdiff_t>(classes))
            top1.push_back(
                static_cast<int>(std::max_element(row, row + static_cast<std::ptrdiff_t>(classes)) - row));
    }
};

Batch first(const Batch& batch, int count)
{
    const std::size_t bytes = batch.pixels.size() / batch.count;
    return {batch.pixels.first(bytes * count), count};
}

double smallestCosine(const std::vector<float>& a, const std::vector<float>& b, int rows)
{
    const std::size_t columns = a.size() / rows;
    double smallest = 1.0;
    for (std::size_t begin = 0; begin < a.size(); begin += columns) {
        double ab = 0.0;
        double aa = 0.0;
        double bb = 0.0;
        for (std::size_t i = begin; i < begin + columns; ++i) {
            ab += double {a[i]} * b[i];
            aa += double {a[i]} * a[i];
            bb += double {b[i]} * b[i];
        }
        const double lengths = std::sqrt(aa * bb);
        smallest = std::min(smallest, lengths > 0.0 ? ab / lengths : (aa == bb ? 1.0 : 0.0));
    }
    return smallest;
}

/// Whether this processor multiplies bfloat16 at all; elsewhere the tensor library falls back to loops that
/// are a hundred times slower, too slow to try.
bool hasBfloat16()
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0
        && __builtin_cpu_supports("avx512dq") != 0;
#else
    return false;
#endif
}

/// A bfloat16 way against the float32 one.
struct Comparison {
    double agreement = 0.0;
    double cosine = 0.0;
    bool good = false;
};

Comparison compare(const Way& way, const Way& reference, int pictures)
{
    constexpr double closeEnough = 0.99;
    constexpr double worthwhile = 1.1; // times as fast
    Comparison result;
    const auto same = std::transform_reduce(way.top1.begin(), way.top1.end(), reference.top1.begin(), 0,
                                            std::plus<>(), std::equal_to<>());
    result.agreement = static_cast<double>(same) / pictures;
    result.cosine = smallestCosine(way.features, reference.features, pictures);
    result.good = same == pictures && result.cosine >= closeEnough
        && reference.secondsPerPicture >= worthwhile * way.secondsPerPicture;
    return result;
}

} // namespace

PrecisionProbe probePrecision(const network::Graph& graph, const network::TensorMap& weights,
                              const Batch& batch, std::string_view stage)
{
    constexpr double budget = 0.8; // seconds; what is begun then still ends
    const auto start = Clock::now();
    const auto folded = network::foldBatchNorm(graph, weights);
    Way reference {Interpreter(folded.graph, folded.weights, {}), {}, {}};
    reference.estimate(first(batch, 1), stage);
    PrecisionProbe probe;
    probe.float32PicturesPerSecond = 1.0 / reference.secondsPerPicture;
    if (!hasBfloat16())
        return probe;

    std::vector<Way> ways;
    ways.push_back({Interpreter(folded.graph, folded.weights, {.precision = Precision::BFloat16}), {}, {}});
    ways.push_back({Interpreter(graph, weights, {.precision = Precision::BFloat16}), {}, {}});
    for (Way& way : ways)
        way.estimate(first(batch, 1), stage);
    // Each way classifies all pictures once and computes their features at least once.
    const double perPicture =
        2 * (reference.secondsPerPicture + ways[0].secondsPerPicture + ways[1].secondsPerPicture);
    constexpr int fewest = 4; // pictures, however slow: fewer say nothing
    const int affordable = static_cast<int>((budget - secondsSince(start)) / perPicture);
    const int count = std::clamp(affordable, std::min(fewest, batch.count), batch.count);
    const Batch pictures = first(batch, count);
    const auto everyWay = [&](auto&& work) {
        work(reference);
        for (Way& way : ways)
            work(way);
    };
    everyWay([&](Way& way) {
        way.classify(pictures);
        way.secondsPerPicture = 0.0;
    });
    double round = 0.0;
    do { // in turn, so that a busy moment of the machine hits all alike
        const auto begin = Clock::now();
        everyWay([&](Way& way) { way.time(pictures, stage); });
        round = secondsSince(begin);
    } while (secondsSince(start) + round < budget);

    const std::array compared {compare(ways[0], reference, count), compare(ways[1], reference, count)};
    const auto rank = [&](std::size_t i) { // good ones first, then the quicker, or the more faithful
        return std::pair(compared[i].good,
                         compared[i].good ? 1.0 / ways[i].secondsPerPicture : compared[i].cosine);
    };
    const std::size_t best = rank(1) > rank(0) ? 1 : 0;
    probe.float32PicturesPerSecond = 1.0 / reference.secondsPerPicture;
    probe.bfloat16PicturesPerSecond = 1.0 / ways[best].secondsPerPicture;
    probe.agreement = compared[best].agreement;
    probe.cosine = compared[best].cosine;
    if (compared[best].good) {
        probe.chosen = Precision::BFloat16;
        probe.folded = best == 0;
    }
    return probe;
}

} // namespace graft::neural
