// Pictures per second of EfficientNet-Lite0 in every way to run it. All ways take turns and the best of
// several rounds counts, so that the figures of one run can be compared on a busy machine; those of two runs
// cannot.
#include "core/base/random.h"
#include "core/network/backbone.h"
#include "core/network/fold.h"
#include "core/neural/devices.h"
#include "core/neural/interpreter.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace graft;
using neural::Precision;

namespace {

constexpr std::array batches {1, 8, 16, 32, 64};
constexpr std::array threadCounts {1, 2};

struct Cost {
    double seconds = 0.0; ///< for one picture
    double processor = 0.0; ///< the same, of all threads together
};

struct Way {
    const char* title;
    neural::Interpreter network;
    std::array<std::array<Cost, batches.size()>, threadCounts.size()> best {};
};

std::vector<std::uint8_t> randomPixels(std::size_t count)
{
    std::vector<std::uint8_t> pixels(count);
    Draws draws({.seed = 1});
    std::ranges::generate(pixels, [&] { return static_cast<std::uint8_t>(draws.uniform(0, 256)); });
    return pixels;
}

Cost cost(neural::Interpreter& network, const neural::Batch& batch)
{
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t processor = std::clock();
    network.pooled(batch, "head");
    const double spent = static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC;
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    return {seconds.count() / batch.count, spent / batch.count};
}

void print(const std::vector<Way>& ways)
{
    for (std::size_t t = 0; t < threadCounts.size(); ++t) {
        std::printf("\n%d thread%s, batch:%14s", threadCounts[t], threadCounts[t] == 1 ? " " : "s", "");
        for (const int batch : batches)
            std::printf("%16d", batch);
        for (const Way& way : ways) {
            std::printf("\n%-32s", way.title);
            for (const Cost& best : way.best[t])
                std::printf("%6.1f/s %5.1f ms", 1.0 / best.seconds, 1000.0 * best.processor);
        }
        std::printf("\n");
    }
}

} // namespace

int main(int argc, char** argv)
{
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
    const auto& spec = network::backbone("efficientnet-lite0");
    const auto graph = spec.build({});
    const auto weights = network::randomWeights(graph, 1);
    const auto folded = network::foldBatchNorm(graph, weights);
    std::vector<Way> ways;
    ways.push_back({"NCHW float32", {graph, weights, {.channelsLast = false}}});
    ways.push_back({"NHWC float32", {graph, weights, {}}});
    ways.push_back({"NHWC float32 folded", {folded.graph, folded.weights, {}}});
    ways.push_back({"NHWC bfloat16", {graph, weights, {.precision = Precision::BFloat16}}});
    ways.push_back(
        {"NHWC bfloat16 folded", {folded.graph, folded.weights, {.precision = Precision::BFloat16}}});

    const std::size_t picture = static_cast<std::size_t>(graph.nodes[0].shape.count());
    const auto pixels = randomPixels(picture * batches.back());
    for (int round = 0; round <= rounds; ++round) { // the first one warms up
        for (std::size_t t = 0; t < threadCounts.size(); ++t) {
            neural::useThreads(threadCounts[t]);
            for (std::size_t b = 0; b < batches.size(); ++b) {
                const neural::Batch batch {std::span(pixels).first(picture * batches[b]), batches[b]};
                for (Way& way : ways) {
                    const Cost now = cost(way.network, batch);
                    Cost& best = way.best[t][b];
                    best = round < 2
                        ? now
                        : Cost {std::min(best.seconds, now.seconds), std::min(best.processor, now.processor)};
                }
            }
        }
    }
    print(ways);
}
