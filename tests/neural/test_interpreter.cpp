#include "core/base/error.h"
#include "core/network/backbone.h"
#include "core/network/fold.h"
#include "core/neural/devices.h"
#include "core/neural/interpreter.h"
#include "tests/neural/expect.h"

#include <sys/resource.h>

using namespace graft;
using namespace graft::network;
using namespace graft::test;
using neural::Interpreter;
using neural::Options;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool ownAllocator =
    true; ///< the sanitizer's: keeps what was freed, and ends the program where memory lacks
#else
constexpr bool ownAllocator = false;
#endif

std::string device; ///< on which all of this runs

/// Every kind of layer, small enough for a numeric derivative: 2 pictures of 8 x 8, 3 classes.
Graph tinyGraph()
{
    GraphBuilder g({3, 8, 8});
    auto x = g.add("normalise", Affine {{0.01F, 0.01F, 0.01F}, {-1, -1, -1}}, {g.input()});
    x = g.add("pad", Pad {0, 1, 0, 1}, {x});
    x = g.add("bn", BatchNorm {}, {g.add("conv", Conv {.channels = 4, .kernel = 3, .stride = 2}, {x})});
    const auto skip = x;
    x = g.add("relu6", Relu {6.0}, {x});
    x = g.add("depthwise", Conv {.channels = 4, .kernel = 3, .padding = 1, .groups = 4, .bias = true}, {x});
    x = g.add("relu", Relu {}, {g.add("add", Add {}, {x, skip})});
    x = g.add("maxpool", MaxPool {}, {x});
    g.endStage("trunk", x);
    x = g.add("dropout", Dropout {0.5}, {g.add("pool", GlobalPool {}, {x})});
    g.add("fc", Linear {3}, {x});
    return std::move(g).build();
}

void padsBelowAndRight()
{
    GraphBuilder g({1, 3, 3});
    const auto padded = g.add("pad", Pad {0, 1, 0, 1}, {g.add("scale", Affine {{2}, {0}}, {g.input()})});
    g.add("sum", Conv {.channels = 1, .kernel = 2, .stride = 2}, {padded});
    const TensorMap ones {{"sum.weight", {{1, 1, 2, 2}, {1, 1, 1, 1}}}};
    Interpreter net(std::move(g).build(), ones, {.device = device});
    const std::vector<std::uint8_t> pixels {1, 2, 3, 4, 5, 6, 7, 8, 9};
    expect(net.run({pixels, 1}) == std::vector<float> {24, 18, 30, 18}, "padding adds zeros below and right");
}

void laterReadersSeeTheResult()
{
    GraphBuilder g({1, 1, 3});
    const auto x = g.add("shift", Affine {{1}, {-2}}, {g.input()});
    g.add("add", Add {}, {g.add("relu", Relu {}, {x}), x});
    Interpreter net(std::move(g).build(), {}, {.device = device});
    const std::vector<std::uint8_t> pixels {1, 2, 5};
    expect(net.run({pixels, 1}) == std::vector<float> {-1, 0, 6},
           "a layer leaves what another one still reads");
}

/// A tiny network whose batch norms have something to fold.
TensorMap trainedWeights(const Graph& graph)
{
    TensorMap weights = randomWeights(graph, 1);
    weights.at("bn.running_mean").values = {0.1F, -0.2F, 0.3F, 0.0F};
    weights.at("bn.running_var").values = {0.5F, 2.0F, 1.0F, 3.0F};
    weights.at("bn.bias").values = {1.0F, 0.5F, -0.5F, 0.0F};
    return weights;
}

void foldingKeepsTheFunction()
{
    const Graph graph = tinyGraph();
    const TensorMap weights = trainedWeights(graph);
    const auto folded = foldBatchNorm(graph, weights);
    const auto pixels = noise(2 * 3 * 8 * 8);
    const auto expected =
        Interpreter(graph, weights, {.channelsLast = false, .device = device}).run({pixels, 2});
    const Options channelsLast {.device = device};
    expect(largestDifference(Interpreter(graph, weights, channelsLast).run({pixels, 2}), expected) < 1e-5,
           "channels-last gives the same");
    expect(
        largestDifference(Interpreter(folded.graph, folded.weights, channelsLast).run({pixels, 2}), expected)
            < 1e-5,
        "folded gives the same");
    const auto pixelsAfter = noise(2 * 3 * 8 * 8);
    expect(pixels == pixelsAfter, "the pictures stay as they are");
}

/// In double precision, with loops: what the tensor library ought to compute.
void convolutionIsTheSum()
{
    GraphBuilder g({2, 5, 6});
    g.add(
        "conv",
        Conv {
            .channels = 4, .kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 0}, .groups = 2, .bias = true},
        {g.input()});
    const Graph graph = std::move(g).build();
    TensorMap weights = randomWeights(graph, 4);
    weights.at("conv.bias").values = {1, 2, 3, 4};
    const auto& w = weights.at("conv.weight").values; // [4, 1, 3, 2]
    const auto pixels = noise(5 * 6 * 2);
    const Shape out = graph.nodes.back().shape;
    std::vector<float> expected;
    for (int c = 0; c < out.channels; ++c) {
        for (int y = 0; y < out.height; ++y) {
            for (int x = 0; x < out.width; ++x) {
                double sum = c + 1.0;
                for (int i = 0; i < 3; ++i) {
                    for (int j = 0; j < 2; ++j) {
                        const int row = 2 * y + i - 1;
                        if (row >= 0 && row < 5)
                            sum += double {w[c * 6 + i * 2 + j]} * pixels[(row * 6 + x + j) * 2 + c / 2];
                    }
                }
                expected.push_back(static_cast<float>(sum));
            }
        }
    }
    Interpreter net(graph, weights, {.device = device});
    expect(largestDifference(net.run({pixels, 1}), expected) < 1e-5,
           "a convolution is the sum by its formula");
}

void resultsAreFreed()
{
    if (device != "cpu" || ownAllocator)
        return;
    constexpr int layers = 30;
    constexpr int batch = 4;
    constexpr std::int64_t bytes = std::int64_t {4} * batch * 16 * 256 * 256; // of one layer's result: 16 MiB
    GraphBuilder g({3, 256, 256});
    auto x = g.add("first", Conv {.channels = 16}, {g.input()});
    std::vector<GraphBuilder::Value> all;
    for (int i = 0; i < layers; ++i) {
        x = g.add("conv" + std::to_string(i), Conv {.channels = 16}, {x});
        all.push_back(x);
    }
    g.endStage("before the sum", x);
    for (int i = 0; i < layers; ++i) // the whole network reads every result once more: the cut one does not
        x = g.add("add" + std::to_string(i), Add {}, {x, all[static_cast<std::size_t>(i)]});
    const Graph graph = std::move(g).build();
    Interpreter net(graph, randomWeights(graph, 1), {});
    const auto pixels = noise(std::int64_t {batch} * 256 * 256 * 3);
    const auto peak = [] {
        rusage usage {};
        getrusage(RUSAGE_SELF, &usage);
        return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
    };
    const auto before = peak();
    net.pooled({pixels, batch}, "before the sum");
    const double held = static_cast<double>(peak() - before) / static_cast<double>(bytes);
    expect(held < 6.0,
           "a cut chain of " + std::to_string(layers) + " layers holds the results of " + std::to_string(held)
               + " layers at most");
}

void memoryIsKept()
{
    if (device != "cpu" || ownAllocator)
        return;
    const Graph graph = backbone("efficientnet-lite0").build({.inputSize = 128});
    Interpreter net(graph, randomWeights(graph, 1), {});
    const auto pixels = noise(8 * 3 * 128 * 128);
    const auto newPages = [] {
        rusage usage {};
        getrusage(RUSAGE_SELF, &usage);
        return usage.ru_minflt;
    };
    net.pooled({pixels, 8}, "head");
    net.pooled({pixels, 8}, "head");
    const auto before = newPages();
    net.pooled({pixels, 8}, "head");
    const auto pages = newPages() - before;
    expect(pages < 500, "the next batch takes " + std::to_string(pages) + " new pages of memory");
}

void whatBeginsIsFinishedInOrder()
{
    const Graph graph = backbone("efficientnet-lite0").build({.inputSize = 64, .classes = 10});
    Interpreter net(graph, randomWeights(graph, 5), {.device = device});
    const std::vector<std::string> both {"head", "block3"};
    std::vector<std::vector<std::vector<float>>> expected;
    for (const int count : {2, 1, 3}) {
        auto pixels = noise(static_cast<std::size_t>(count) * 3 * 64 * 64);
        const std::span<const std::string> stages = std::span(both).first(count == 1 ? 1 : 2);
        expected.push_back(net.pooled(neural::Batch {pixels, count}, stages));
        net.begin({pixels, count}, stages);
        std::ranges::fill(pixels, 0); // they need not outlive the call
    }
    expect(net.finish() == expected, "batches that wait have the results of those that do not");
    expect(net.finish().empty(), "  which are handed out once");
}

void threadsDoNotMatter()
{
    const Graph graph = backbone("efficientnet-lite0").build({.inputSize = 96, .classes = 10});
    Interpreter net(graph, randomWeights(graph, 5), {.device = device});
    const auto pixels = noise(3 * 3 * 96 * 96);
    neural::useThreads(1);
    const auto alone = net.run({pixels, 3});
    neural::useThreads(2);
    expect(largestDifference(net.run({pixels, 3}), alone) < 1e-5, "one thread and two give the same");
    const auto first = net.run({std::span(pixels).first(pixels.size() / 3), 1});
    expect(largestDifference(first, {alone.begin(), alone.begin() + 10}) < 1e-5,
           "a picture alone gives what it gives in a batch");
}

void bfloat16IsClose()
{
    const Graph graph = tinyGraph();
    const TensorMap weights = trainedWeights(graph);
    const auto pixels = noise(2 * 3 * 8 * 8);
    const auto expected = Interpreter(graph, weights, {.device = device}).run({pixels, 2});
    Interpreter rounded(graph, weights, {.precision = neural::Precision::BFloat16, .device = device});
    const double difference = largestDifference(rounded.run({pixels, 2}), expected);
    expect(difference > 0.0 && difference < 0.05, "bfloat16 is close, and not the same");
}

void errorsNameThePlace()
{
    const Graph graph = tinyGraph();
    TensorMap weights = randomWeights(graph, 1);
    Interpreter net(graph, weights, {.device = device});
    const auto pixels = noise(2 * 3 * 8 * 8);
    expectThrow<Error>([&] { net.run({pixels, 3}); }, "too few pixels are an error");
    expectThrow<Error>([&] { net.run({pixels, 2}, "roof"); }, "a stage that is not there is an error");
    expectThrow<Error>([&] { Interpreter(graph, weights, {.device = "abacus"}); },
                       "a made-up device is an error");
    weights.erase("fc.bias");
    const auto text = expectThrow<Error>([&] { Interpreter(graph, weights, {.device = device}); },
                                         "a missing tensor is an error");
    expect(text.starts_with("fc.bias:"), "  that names it");

    if (ownAllocator)
        return;
    GraphBuilder g({1, 1, 1});
    constexpr int huge = 1 << 30;
    g.add("impossible", Pad {0, huge, 0, huge}, {g.input()});
    Interpreter giant(std::move(g).build(), {}, {.device = device});
    const auto lacking = expectThrow<neural::OutOfMemory>(
        [&] {
            giant.run({std::span(pixels).first(1), 1});
        },
        "too little memory is an error of its own");
    expect(lacking.starts_with("impossible:"), "  that names the layer");
}

} // namespace

int main()
{
    neural::useThreads(2);
    for (const std::string& id : devices()) {
        std::printf("on %s\n", id.c_str());
        device = id;
        resultsAreFreed(); // first: it looks at the peak of the whole process
        padsBelowAndRight();
        laterReadersSeeTheResult();
        convolutionIsTheSum();
        foldingKeepsTheFunction();
        memoryIsKept();
        whatBeginsIsFinishedInOrder();
        threadsDoNotMatter();
        bfloat16IsClose();
        errorsNameThePlace();
    }
    return failures == 0 ? 0 : 1;
}
