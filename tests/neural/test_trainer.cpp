#include "core/network/backbone.h"
#include "core/network/fold.h"
#include "core/neural/devices.h"
#include "core/neural/memory.h"
#include "core/neural/trainer.h"
#include "tests/neural/expect.h"

using namespace graft;
using namespace graft::network;
using namespace graft::test;
using namespace graft::neural;

namespace {

std::string device; ///< on which all of this runs

/// Every kind of layer, small enough for a numeric derivative: pictures of 8 x 8, 3 classes, and an auxiliary
/// head where it is wanted.
Graph tinyGraph(double dropout = 0.5)
{
    GraphBuilder g({3, 8, 8});
    auto x = g.add("normalise", Affine {{0.01F, 0.01F, 0.01F}, {-1, -1, -1}}, {g.input()});
    x = g.add("pad", Pad {0, 1, 0, 1}, {x});
    x = g.add("bn", BatchNorm {}, {g.add("conv", Conv {.channels = 4, .kernel = 3, .stride = 2}, {x})});
    const auto skip = x;
    x = g.add("relu6", Relu {6.0}, {x});
    x = g.add("depthwise", Conv {.channels = 4, .kernel = 3, .padding = 1, .groups = 4, .bias = true}, {x});
    x = g.add("relu", Relu {}, {g.add("add", Add {}, {x, skip})});
    g.endStage("stem", x);
    const auto auxiliary = g.add("aux.fc", Linear {3}, {g.add("aux.pool", GlobalPool {}, {x})});
    x = g.add("concat", Concat {}, {g.add("max", MaxPool {}, {x}), g.add("mean", AvgPool {}, {x})});
    x = g.add("bn2", BatchNorm {}, {g.add("conv2", Conv {.channels = 6}, {x})});
    g.endStage("trunk", x);
    x = g.add("flatten", Flatten {}, {g.add("adaptive", AdaptivePool {2}, {x})});
    x = g.add("dropout", Dropout {dropout}, {g.add("relu2", Relu {}, {g.add("dense", Linear {5}, {x})})});
    g.add("fc", Linear {3}, {x});
    Graph graph = std::move(g).build();
    graph.auxiliary = auxiliary.node;
    return graph;
}

/// Batch norms with something to measure, and no unit that is never used.
TensorMap tinyWeights(const Graph& graph)
{
    TensorMap weights = randomWeights(graph, 2);
    weights.at("bn.running_mean").values = {0.1F, -0.2F, 0.3F, 0.0F};
    weights.at("bn.running_var").values = {0.5F, 2.0F, 1.0F, 3.0F};
    weights.at("bn.bias").values = {1.0F, 0.5F, -0.5F, 0.0F};
    weights.at("dense.bias").values = {1.0F, 1.0F, 1.0F, 1.0F, 1.0F};
    return weights;
}

const std::vector<std::uint8_t> pixels = noise(4 * 3 * 8 * 8);
const std::vector<std::int64_t> labels {0, 2, 1, 1};
const Batch batch {pixels, 4};

TrainerOptions plain()
{
    TrainerOptions options;
    options.device = device;
    return options;
}

TensorMap gradientsOf(const Graph& graph, const TensorMap& weights, const TrainerOptions& options)
{
    Trainer trainer(graph, weights, options);
    trainer.accumulate(batch, labels, {1.0, 0, 5});
    return trainer.gradients();
}

std::vector<float> joined(const TensorMap& map)
{
    std::vector<float> all;
    for (const auto& [name, tensor] : map)
        all.insert(all.end(), tensor.values.begin(), tensor.values.end());
    return all;
}

bool same(const TensorMap& a, const TensorMap& b)
{
    return joined(a) == joined(b) && a.size() == b.size();
}

void gradientsAreDerivatives()
{
    const Graph graph = tinyGraph();
    const TensorMap weights = tinyWeights(graph);
    for (const LossSpec& spec : losses()) {
        for (const bool batchStatistics : {false, true}) {
            TrainerOptions options = plain();
            options.loss = {spec.loss, 0.1, {0.5, 2.0, 1.0}};
            options.batchStatistics = batchStatistics;
            options.auxiliaryWeight = 0.0;
            const auto lossAt = [&](const TensorMap& from) {
                Trainer trainer(graph, from, options);
                trainer.accumulate(batch, labels, {1.0, 0, 5});
                return trainer.score().loss;
            };
            const TensorMap gradients = gradientsOf(graph, weights, options);
            std::vector<double> numeric;
            std::vector<double> ours;
            for (const auto& [name, gradient] : gradients) {
                constexpr float h = 2e-3F;
                TensorMap above = weights;
                TensorMap below = weights;
                above.at(name).values[0] += h;
                below.at(name).values[0] -= h;
                numeric.push_back((lossAt(above) - lossAt(below)) / (2 * h));
                ours.push_back(gradient.values[0]);
            }
            expect(ours.size() == 12 && largestDifference(ours, numeric) < 5e-3,
                   "gradients of " + std::string(spec.id) + (batchStatistics ? ", batch statistics" : "")
                       + " are derivatives");
        }
    }
}

void auxiliaryHeadIsWeighed()
{
    const Graph graph = tinyGraph(0.0);
    const TensorMap weights = tinyWeights(graph);
    TrainerOptions options = plain();
    const TensorMap both = gradientsOf(graph, weights, options);
    options.auxiliaryWeight = 0.0;
    const TensorMap alone = gradientsOf(graph, weights, options);
    Graph head = graph; // the auxiliary head as a network of its own
    head.nodes.resize(static_cast<std::size_t>(graph.auxiliary) + 1);
    head.stages.resize(1);
    head.auxiliary = -1;
    TensorMap headWeights;
    for (const Parameter& parameter : parameters(head))
        headWeights[parameter.name] = weights.at(parameter.name);
    const TensorMap ofHead = gradientsOf(head, headWeights, options);
    expect(!alone.contains("aux.fc.weight"), "an auxiliary head of weight 0 does not learn");
    TensorMap sum = alone;
    for (const auto& [name, gradient] : ofHead) {
        auto& values =
            sum.try_emplace(name, Tensor {gradient.shape, std::vector<float>(gradient.values.size())})
                .first->second.values;
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] += 0.4F * gradient.values[i];
    }
    expect(largestDifference(joined(both), joined(sum)) < 1e-5, "the auxiliary loss counts 0.4 times");
}

void dropoutDropsItsShare()
{
    constexpr int width = 4000;
    GraphBuilder g({1, 1, 1});
    const auto wide = g.add("wide", Linear {width}, {g.add("flatten", Flatten {}, {g.input()})});
    g.add("fc", Linear {2}, {g.add("dropout", Dropout {0.3}, {wide})});
    const Graph graph = std::move(g).build();
    TensorMap weights = randomWeights(graph, 1);
    std::ranges::fill(weights.at("wide.weight").values, 0.0F);
    std::ranges::fill(weights.at("wide.bias").values, 1.0F); // every number that may be dropped is 1
    const std::vector<std::uint8_t> one {9};
    const std::vector<std::int64_t> label {0};
    const auto gradients = [&](std::uint64_t seed, bool dropout) {
        TrainerOptions options = plain();
        options.dropout = dropout;
        Trainer trainer(graph, weights, options);
        trainer.accumulate(Batch {one, 1}, label, {1.0, 0, seed});
        return trainer.gradients();
    };
    const TensorMap first = gradients(1, true);
    const float slope = first.at("fc.bias").values[0];
    int dropped = 0;
    int scaled = 0;
    for (int i = 0; i < width; ++i) {
        const float factor = first.at("fc.weight").values[static_cast<std::size_t>(i)] / slope;
        dropped += factor == 0.0F ? 1 : 0;
        scaled += std::abs(factor - 1.0F / 0.7F) < 1e-4F ? 1 : 0;
    }
    expect(std::abs(dropped - 0.3 * width) < 0.03 * width, "three in ten are dropped");
    expect(dropped + scaled == width, "  and the others grow so that the mean stays");
    expect(same(first, gradients(1, true)), "the same seed drops the same");
    expect(!same(first, gradients(2, true)), "another seed drops others");
    const TensorMap off = gradients(1, false);
    expect(off.at("fc.weight").values[0] == off.at("fc.bias").values[0],
           "without dropout nothing is dropped");
}

void partsMakeTheWhole()
{
    const Graph graph = tinyGraph();
    const TensorMap weights = tinyWeights(graph);
    TrainerOptions options = plain();
    options.loss.classWeights = {0.5, 2.0, 1.0};
    Trainer whole(graph, weights, options);
    whole.accumulate(batch, labels, {1.0, 0, 5});
    Trainer parts(graph, weights, options);
    const std::span<const std::uint8_t> all(pixels);
    const std::span<const std::int64_t> truth(labels);
    for (const auto& [first, count] : {std::pair(0, 1), std::pair(1, 3)}) {
        const auto some = truth.subspan(first, count);
        const double share = weightOf(some, options.loss) / weightOf(truth, options.loss);
        parts.accumulate(Batch {all.subspan(first * 192, count * 192), count}, some, {share, first, 5});
    }
    expect(largestDifference(joined(parts.gradients()), joined(whole.gradients())) < 1e-5,
           "two unequal parts give the gradient of the whole, dropout and class weights included");
    expect(std::abs(parts.score().loss - whole.score().loss) < 1e-6 && parts.score().pictures == 4,
           "  and its score");
}

void checkpointingSavesMemory()
{
    const Graph tiny = tinyGraph();
    for (const bool batchStatistics : {false, true}) {
        TrainerOptions options = plain();
        options.batchStatistics = batchStatistics;
        Trainer kept(tiny, tinyWeights(tiny), options);
        options.checkpointing = true;
        Trainer again(tiny, tinyWeights(tiny), options);
        for (Trainer* trainer : {&kept, &again})
            trainer->accumulate(batch, labels, {1.0, 0, 5});
        expect(same(again.gradients(), kept.gradients()),
               "checkpointing gives the same gradients to the bit");
        expect(same(again.weights(), kept.weights()), "  and the same statistics");
    }
    if (device != "cpu")
        return;
    const Graph graph = backbone("efficientnet-lite0").build({.inputSize = 128, .classes = 4});
    const TensorMap weights = randomWeights(graph, 1);
    const auto pictures = noise(4 * 3 * 128 * 128);
    std::vector<std::int64_t> peaks;
    std::vector<TensorMap> gradients;
    for (const bool checkpointing : {false, true}) {
        TrainerOptions options = plain();
        options.checkpointing = checkpointing;
        Trainer trainer(graph, weights, options);
        const MemoryMeter meter;
        trainer.accumulate(Batch {pictures, 4}, labels);
        peaks.push_back(meter.peak() - meter.before());
        gradients.push_back(trainer.gradients());
    }
    std::printf("      a step holds %.0f MB, checkpointing %.0f MB\n", 1e-6 * static_cast<double>(peaks[0]),
                1e-6 * static_cast<double>(peaks[1]));
    expect(peaks[1] < 0.75 * static_cast<double>(peaks[0]), "checkpointing needs less memory");
    expect(same(gradients[0], gradients[1]), "  for the same gradients");
}

void frozenPartStays()
{
    const Graph graph = tinyGraph();
    const TensorMap weights = tinyWeights(graph);
    const TensorMap full = gradientsOf(graph, weights, plain());
    TrainerOptions options = plain();
    options.trainFrom = "stem";
    Trainer trainer(graph, weights, options);
    trainer.accumulate(batch, labels, {1.0, 0, 5});
    const TensorMap part = trainer.gradients();
    TensorMap expected;
    for (const auto& [name, gradient] : full) {
        if (name.starts_with("conv2") || name.starts_with("bn2") || name.starts_with("dense")
            || name.starts_with("fc") || name.starts_with("aux"))
            expected.emplace(name, gradient);
    }
    expect(part.size() == expected.size() && largestDifference(joined(part), joined(expected)) < 1e-5,
           "what is behind the frozen part has the gradients of the whole, and nothing else has any");

    const auto folded = foldBatchNorm(graph, weights);
    Interpreter prefix(folded.graph, folded.weights, {.device = device});
    const auto cached = prefix.run(batch, "stem");
    Trainer fromCache(graph, weights, options);
    fromCache.accumulate(Activations {cached, 4}, labels, {1.0, 0, 5});
    expect(largestDifference(joined(fromCache.gradients()), joined(part)) < 1e-6,
           "cached activations give the same");
    expect(largestDifference(fromCache.evaluate(Activations {cached, 4}), trainer.evaluate(batch)) < 1e-6,
           "  in evaluation too");

    trainer.update(0.1);
    const TensorMap after = trainer.weights();
    bool frozen = true;
    bool learned = true;
    for (const auto& [name, tensor] : weights) {
        const bool changed = after.at(name).values != tensor.values;
        if (expected.contains(name) != changed)
            std::printf("  %s: %s\n", name.c_str(), changed ? "changed" : "did not change");
        if (expected.contains(name))
            learned = learned && changed;
        else
            frozen = frozen && !changed;
    }
    expect(frozen && learned,
           "an update leaves frozen weights as they are, to the bit, and changes all others");
    options.trainFrom = "trunk";
    expect(!gradientsOf(graph, weights, options).contains("aux.fc.weight"),
           "a head that leaves the frozen part is not trained");
}

void goesOnAsIfNeverInterrupted()
{
    const Graph graph = tinyGraph();
    for (const OptimizerSpec& spec : optimizers()) {
        TrainerOptions options = plain();
        options.batchStatistics = true;
        options.optimizer.optimizer = spec.optimizer;
        options.optimizer.weightDecay = 0.01;
        options.clipNorm = 0.5;
        options.lossScale = spec.optimizer == Optimizer::AdamW ? 8.0 : 0.0;
        const auto go = [](Trainer& trainer, std::uint64_t from, std::uint64_t to) {
            for (std::uint64_t seed = from; seed < to; ++seed) {
                trainer.accumulate(batch, labels, {1.0, 0, seed});
                trainer.update(0.01);
            }
        };
        Trainer straight(graph, tinyWeights(graph), options);
        go(straight, 0, 4);
        Trainer first(graph, tinyWeights(graph), options);
        go(first, 0, 2);
        Trainer second(graph, randomWeights(graph, 9), options);
        second.restore(first.state());
        go(second, 2, 4);
        expect(same(second.state().weights, straight.state().weights)
                   && same(second.state().optimizer, straight.state().optimizer)
                   && second.state().updates == straight.state().updates,
               std::string(spec.id) + " goes on after a restart to the same bits");
        expect(straight.state().optimizer.size() >= 12, "  its memory is kept");
        TrainerState damaged = first.state();
        damaged.optimizer.erase(damaged.optimizer.begin());
        const TensorMap before = second.weights();
        expectThrow<Error>([&] { second.restore(damaged); }, "a state that lacks something is refused");
        expect(same(second.weights(), before), "  and changes nothing");
    }
}

void bfloat16Learns()
{
    const Graph graph = tinyGraph(0.0);
    const TensorMap weights = tinyWeights(graph);
    TrainerOptions options = plain();
    const auto exact = joined(gradientsOf(graph, weights, options));
    options.precision = Precision::BFloat16;
    const auto rounded = joined(gradientsOf(graph, weights, options));
    double product = 0.0;
    double a = 0.0;
    double b = 0.0;
    for (std::size_t i = 0; i < exact.size(); ++i) {
        product += double {exact[i]} * rounded[i];
        a += double {exact[i]} * exact[i];
        b += double {rounded[i]} * rounded[i];
    }
    const double cosine = product / std::sqrt(a * b);
    expect(exact != rounded && cosine > 0.98,
           "the gradient in bfloat16 points where the exact one does: cosine " + std::to_string(cosine));
    Trainer trainer(graph, weights, options);
    trainer.accumulate(batch, labels);
    const double before = trainer.score().loss;
    for (int i = 0; i < 20; ++i) {
        trainer.update(0.02);
        trainer.resetScore();
        trainer.accumulate(batch, labels);
    }
    expect(trainer.score().loss < 0.7 * before,
           "  and learns: loss " + std::to_string(before) + ", then " + std::to_string(trainer.score().loss));
}

void lackOfMemoryLosesNothing()
{
    if (device != "cpu")
        return;
    const Graph graph = backbone("efficientnet-lite0").build({.inputSize = 96, .classes = 4});
    const auto pictures = noise(4 * 3 * 96 * 96);
    for (const bool batchStatistics : {false, true}) {
        TrainerOptions options = plain();
        options.batchStatistics = batchStatistics;
        Trainer trainer(graph, randomWeights(graph, 1), options);
        trainer.accumulate(Batch {pictures, 4}, labels);
        const MemoryMeter meter;
        const TensorMap gradients = trainer.gradients();
        const TensorMap weights = trainer.weights();
        trainer.accumulate(Batch {pictures, 4}, labels);
        const std::int64_t needed = meter.peak() - meter.before();
        Trainer second(graph, weights, options);
        second.accumulate(Batch {pictures, 4}, labels);
        const TensorMap start = second.gradients();
        const TensorMap startWeights = second.weights();
        const std::int64_t held = MemoryMeter().before();
        for (const double share : {0.1, 0.5, 0.9}) { // at the start, forward and backward
            const MemoryLimit limit(held + static_cast<std::int64_t>(share * static_cast<double>(needed)));
            expectThrow<OutOfMemory>(
                [&] {
                    second.accumulate(Batch {pictures, 4}, labels);
                },
                "too little memory is said");
            expect(same(second.gradients(), start) && same(second.weights(), startWeights)
                       && second.score().pictures == 4,
                   "  and nothing has changed");
        }
        second.accumulate(Batch {pictures, 4}, labels);
        expect(second.score().pictures == 8, "  then it goes on");
    }
}

void divergenceIsSaid()
{
    const Graph graph = tinyGraph();
    Trainer trainer(graph, tinyWeights(graph), plain());
    trainer.accumulate(batch, labels);
    expect(trainer.score().finite && trainer.score().loss > 0.0, "a sound loss is finite");
    trainer.update(1e30);
    trainer.resetScore();
    trainer.accumulate(batch, labels);
    expect(!trainer.score().finite, "a loss that is no number is said, not thrown");
}

void evaluationIsTheInterpreters()
{
    const Graph graph = tinyGraph();
    const TensorMap weights = tinyWeights(graph);
    TrainerOptions options = plain();
    options.precision = Precision::BFloat16;
    const auto expected = Interpreter(graph, weights, {.device = device}).run(batch);
    expect(largestDifference(Trainer(graph, weights, options).evaluate(batch), expected) < 1e-6,
           "evaluation is float32, without dropout");
    options.trainFrom = "trunk";
    expect(largestDifference(Trainer(graph, weights, options).evaluate(batch), expected) < 1e-5,
           "  with a frozen part too");
}

void ratesAndLimitsHold()
{
    const Graph graph = tinyGraph();
    const TensorMap weights = tinyWeights(graph);
    TrainerOptions options = plain();
    options.stageRates = {{"stem", 0.0}, {"trunk", 0.5}};
    Trainer trainer(graph, weights, options);
    trainer.accumulate(batch, labels, {1.0, 0, 5});
    const TensorMap slopes = trainer.gradients();
    trainer.update(0.1);
    const TensorMap after = trainer.weights();
    const auto moved = [&](const char* name, float factor) {
        std::vector<float> expected = weights.at(name).values;
        for (std::size_t i = 0; i < expected.size(); ++i)
            expected[i] -= factor * slopes.at(name).values[i];
        return largestDifference(after.at(name).values, expected) < 1e-6;
    };
    expect(moved("conv.weight", 0.0F) && moved("conv2.weight", 0.05F) && moved("fc.weight", 0.1F),
           "each stage moves at its own rate");

    options = plain();
    options.clipNorm = 0.01;
    Trainer clipped(graph, weights, options);
    clipped.accumulate(batch, labels, {1.0, 0, 5});
    clipped.update(1.0);
    double squares = 0.0;
    for (const auto& [name, tensor] : clipped.weights()) {
        for (std::size_t i = 0; i < tensor.values.size(); ++i)
            squares += std::pow(double {tensor.values[i]} - weights.at(name).values[i], 2);
    }
    expect(std::abs(std::sqrt(squares) - 0.01) < 1e-4, "the gradient is as long as it may be");

    options = plain();
    options.lossScale = 0x1p127;
    Trainer overflowing(graph, weights, options);
    for (int i = 0; i < 8; ++i)
        overflowing.accumulate(batch, labels);
    overflowing.update(0.1);
    const TrainerState state = overflowing.state();
    expect(same(state.weights, weights) && state.optimizer.at("loss scale").values[0] == 0x1p126F,
           "where the scaled gradient overflows, the update is left out and the scale halved");
    expect(state.optimizer.at("loss scale").values[1] == 0.0F && state.updates == 1,
           "  the streak begins again, and the update is counted");
}

void lossScaleGrowsAndChangesNothing()
{
    const Graph graph = tinyGraph();
    const TensorMap weights = tinyWeights(graph);
    TrainerOptions options = plain();
    Trainer unscaled(graph, weights, options);
    options.lossScale = 1024.0;
    Trainer scaled(graph, weights, options);
    constexpr float last = 1999.0F; // updates without an overflow, one before the scale is doubled
    TrainerState state = scaled.state();
    state.optimizer.at("loss scale").values[1] = last - 1.0F;
    scaled.restore(state);
    std::vector<float> scales;
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        for (Trainer* trainer : {&unscaled, &scaled}) {
            trainer->accumulate(batch, labels, {1.0, 0, seed});
            trainer->update(0.05);
        }
        scales.push_back(scaled.state().optimizer.at("loss scale").values[0]);
    }
    expect(scales == std::vector {1024.0F, 2048.0F, 2048.0F}, "the scale is doubled after 2,000 updates");
    const TensorMap expected = unscaled.weights();
    const TensorMap actual = scaled.weights();
    for (const auto& [name, tensor] : expected)
        expect(actual.at(name).values == tensor.values
                   || largestDifference(actual.at(name).values, tensor.values) < 1e-5,
               "  and the weights are those of a loss without a scale: " + name);
    expect(!same(actual, weights), "  which have moved");
}

void bfloat16GoesOnToTheSameBits()
{
    const Graph graph = tinyGraph();
    TrainerOptions options = plain();
    options.precision = Precision::BFloat16;
    const auto go = [](Trainer& trainer, std::uint64_t from, std::uint64_t to) {
        for (std::uint64_t seed = from; seed < to; ++seed) {
            trainer.accumulate(batch, labels, {1.0, 0, seed});
            trainer.update(0.02);
        }
    };
    Trainer straight(graph, tinyWeights(graph), options);
    go(straight, 0, 6);
    Trainer first(graph, tinyWeights(graph), options);
    go(first, 0, 3);
    Trainer second(graph, randomWeights(graph, 9), options);
    second.restore(first.state());
    go(second, 3, 6);
    expect(same(second.weights(), straight.weights()), "bfloat16 goes on after a restart to the same bits");
    options.precision = Precision::Float32;
    Trainer exact(graph, tinyWeights(graph), options);
    go(exact, 0, 6);
    expect(!same(exact.weights(), straight.weights()), "  which are not those of float32");
}

/// Only where no card computes: LibTorch then refuses as it does when a card fails.
void aFailingCardIsSaid()
{
    try {
        neural::chooseDevice("cuda");
        return;
    } catch (const Error&) { // the case that is looked at here
    }
    const Graph graph = tinyGraph();
    const TensorMap weights = tinyWeights(graph);
    Interpreter fallen(graph, weights, {.precision = Precision::Float16, .device = "cuda:0"});
    expect(fallen.device() == "cpu" && !fallen.fellBack().empty(),
           "the CPU goes on where a card fails: " + fallen.fellBack());
    Interpreter cpu(graph, weights, {});
    expect(cpu.device() == "cpu" && cpu.fellBack().empty(), "  and says nothing where it was asked for");
    expect(fallen.run(batch) == cpu.run(batch), "  with the same answers");
    const std::string stage = "trunk";
    fallen.begin(batch, std::span(&stage, 1));
    expect(fallen.finish().front().front() == cpu.pooled(batch, stage), "  also to what waits");
    TrainerOptions options = plain();
    options.device = "cuda:0";
    expectThrow<neural::DeviceFailed>([&] { Trainer(graph, weights, options); },
                                      "a training can tell a failing card from its own mistakes");
}

void nonsenseIsRefused()
{
    const Graph graph = tinyGraph();
    const TensorMap weights = tinyWeights(graph);
    const auto refused = [&](const std::string& what, const std::function<void(TrainerOptions&)>& change) {
        TrainerOptions options = plain();
        change(options);
        expectThrow<Error>([&] { Trainer(graph, weights, options); }, what);
    };
    refused("an unknown stage", [](TrainerOptions& o) { o.trainFrom = "roof"; });
    refused("rates out of order", [](TrainerOptions& o) { o.stageRates = {{"trunk", 1.0}, {"stem", 1.0}}; });
    refused("class weights that do not fit", [](TrainerOptions& o) { o.loss.classWeights = {1.0}; });
    if (device == "cpu")
        refused("half precision on the CPU", [](TrainerOptions& o) { o.precision = Precision::Float16; });
    Trainer trainer(graph, weights, plain());
    expectThrow<Error>([&] { trainer.update(0.1); }, "an update without a gradient");
    expectThrow<Error>([&] { trainer.accumulate(batch, std::span(labels).first(3)); }, "too few labels");
    const std::vector<std::int64_t> outside {0, 1, 2, 3};
    expectThrow<Error>([&] { trainer.accumulate(batch, outside); }, "a label outside the classes");
    expectThrow<Error>(
        [&] {
            trainer.accumulate(Activations {{}, 1}, std::span(labels).first(1));
        },
        "activations without a frozen part");
}

} // namespace

int main()
{
    neural::useThreads(2);
    aFailingCardIsSaid();
    for (const std::string& id : devices()) {
        std::printf("on %s\n", id.c_str());
        device = id;
        gradientsAreDerivatives();
        auxiliaryHeadIsWeighed();
        dropoutDropsItsShare();
        partsMakeTheWhole();
        checkpointingSavesMemory();
        frozenPartStays();
        goesOnAsIfNeverInterrupted();
        bfloat16Learns();
        bfloat16GoesOnToTheSameBits();
        lossScaleGrowsAndChangesNothing();
        lackOfMemoryLosesNothing();
        divergenceIsSaid();
        evaluationIsTheInterpreters();
        ratesAndLimitsHold();
        nonsenseIsRefused();
    }
    return failures == 0 ? 0 : 1;
}
