// Walks every backbone at birth: it runs, learns, folds, is cut at each stage, goes through a file, and takes
// as much memory as was said.
#include "core/network/backbone.h"
#include "core/network/cut.h"
#include "core/network/fold.h"
#include "core/network/memory.h"
#include "core/network/weights/weights_file.h"
#include "core/neural/devices.h"
#include "core/neural/memory.h"
#include "core/neural/trainer.h"
#include "tests/neural/expect.h"
#include "tests/neural/reference.h"

#include <filesystem>
#include <unistd.h>

using namespace graft;
using namespace graft::network;
using namespace graft::test;
namespace fs = std::filesystem;

namespace {

constexpr int side = 96; ///< pixels: every network's smallest or more
constexpr int pictures = 2;
constexpr int classes = 3;

std::string device; ///< on which all of this runs

const std::vector<std::uint8_t> pixels = noise(std::int64_t {pictures} * side * side * 3);
const neural::Batch batch {pixels, pictures};
const std::vector<std::int64_t> labels {0, 2};

/// The mean over height and width of each channel.
std::vector<float> means(const std::vector<float>& planes, const Shape& shape)
{
    const auto places = static_cast<std::ptrdiff_t>(shape.height) * shape.width;
    std::vector<float> result;
    for (auto plane = planes.begin(); plane != planes.end(); plane += places) {
        double sum = 0.0;
        std::for_each(plane, plane + places, [&](float value) { sum += value; });
        result.push_back(static_cast<float>(sum / static_cast<double>(places)));
    }
    return result;
}

/// As randomWeights() starts a network (He et al., by what leaves a convolution), from a formula that takes a
/// tenth of its time: the VGGs are large.
TensorMap startingWeights(const Graph& graph)
{
    TensorMap weights = formulaWeights(graph);
    for (const Parameter& parameter : parameters(graph)) {
        std::vector<float>& values = weights.at(parameter.name).values;
        if (parameter.shape.size() == 1) {
            const bool one = parameter.role == Role::Weight || parameter.role == Role::Variance;
            std::ranges::fill(values, one ? 1.0F : 0.0F);
        } else if (const auto* conv = std::get_if<Conv>(&graph.nodes[parameter.node].op)) {
            const auto entering = static_cast<float>(parameter.shape[1]); // times the kernel's area
            const float leaving = static_cast<float>(conv->channels) / static_cast<float>(conv->groups);
            std::ranges::transform(values, values.begin(),
                                   [factor = std::sqrt(entering / leaving)](float v) { return factor * v; });
        }
    }
    return weights;
}

void runsFoldedOrNot(const std::string& id, const Graph& graph, const TensorMap& weights)
{
    const WeightedGraph folded = foldBatchNorm(graph, weights);
    neural::Interpreter plain(graph, weights, {.device = device});
    neural::Interpreter fast(folded.graph, folded.weights, {.device = device});
    expect(plain.run(batch).size() == pictures * classes, id + " gives a number for each class");
    std::string wrong;
    std::vector<std::string> names = stageNames(graph);
    const auto together = fast.pooled(batch, names);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Shape shape = graph.nodes[graph.stages[i].node].shape;
        const auto expected = means(fast.run(batch, names[i]), shape);
        const bool right =
            static_cast<std::int64_t>(expected.size()) == std::int64_t {pictures} * shape.channels
            && largestDifference(fast.pooled(batch, names[i]), expected) < 1e-5
            && largestDifference(plain.pooled(batch, names[i]), expected) < 1e-4
            && largestDifference(together[i], expected) < 1e-5;
        if (!right)
            wrong += " " + names[i];
    }
    expect(wrong.empty(), id + ": every stage is the same folded or not, alone or with the others" + wrong);
}

/// A new classifier on each stage.
void isCutAnywhere(const std::string& id, const Graph& graph, const TensorMap& weights)
{
    std::string wrong;
    for (const std::string& stage : stageNames(graph)) {
        const Graph cut = classifierOn(graph, stage, classes + 1);
        TensorMap own = weightsOf(cut, weights);
        for (const Parameter& parameter : parameters(cut)) {
            const auto count = static_cast<std::size_t>(parameter.count());
            own.try_emplace(parameter.name, Tensor {parameter.shape, std::vector<float>(count, 0.01F)});
        }
        neural::Interpreter network(cut, own, {.device = device});
        if (network.run(batch).size() != pictures * (classes + 1))
            wrong += " " + stage;
    }
    expect(wrong.empty(), id + " is cut at every stage" + wrong);
}

void goesThroughAFile(const std::string& id, const Graph& graph, const TensorMap& weights)
{
    const fs::path file = fs::temp_directory_path() / ("graft-registry-" + std::to_string(::getpid()));
    writeSafetensors(file, weights, {});
    const TensorMap read = readWeights(file);
    fs::remove(file);
    const bool same = std::ranges::equal(read, weights, [](const auto& a, const auto& b) {
        return a.first == b.first && a.second.shape == b.second.shape && a.second.values == b.second.values;
    });
    expect(same, id + " goes through a file unchanged");
    requireMatch(graph, read);
}

/// Every weight has a gradient, and a step against it makes the loss smaller.
void learns(const std::string& id, const BackboneSpec& spec, const TensorMap& weights)
{
    // An auxiliary head may need a larger picture than the network without it.
    const Graph large =
        spec.build({.inputSize = spec.preprocess.crop, .classes = classes, .auxiliary = true});
    const bool helped = large.auxiliary >= 0;
    const int size = helped ? spec.preprocess.crop : side;
    const Graph graph = helped ? large : spec.build({.inputSize = side, .classes = classes});
    const auto seen = noise(std::int64_t {pictures} * size * size * 3);
    const neural::Batch drawn {seen, pictures};
    neural::TrainerOptions options;
    options.device = device;
    options.dropout = false;
    options.batchStatistics = true;
    options.clipNorm = 1.0;
    neural::Trainer trainer(graph, helped ? startingWeights(graph) : weights, options);
    trainer.accumulate(drawn, labels);
    std::string missing;
    const TensorMap gradients = trainer.gradients();
    for (const Parameter& parameter : parameters(graph)) {
        const bool learned = parameter.role == Role::Weight || parameter.role == Role::Bias;
        if (learned && !gradients.contains(parameter.name))
            missing += " " + parameter.name;
    }
    expect(missing.empty(), id + ": every weight has a gradient" + missing);
    const double before = trainer.score().loss;
    for (int i = 0; i < 2; ++i) {
        trainer.update(0.02);
        trainer.resetScore();
        trainer.accumulate(drawn, labels);
    }
    expect(trainer.score().finite && trainer.score().loss < before,
           id + " learns: loss " + std::to_string(before) + ", then " + std::to_string(trainer.score().loss));
}

void takesTheMemoryThatWasSaid(const std::string& id, const BackboneSpec& spec, const TensorMap& weights)
{
    if (device != "cpu")
        return;
    const auto close = [&](const char* what, std::int64_t estimate, std::int64_t measured) {
        const double ratio = static_cast<double>(estimate) / static_cast<double>(measured);
        expect(ratio > 0.75 && ratio < 1.25, id + what + ": estimate / measured = " + std::to_string(ratio));
    };
    const int own = spec.preprocess.crop;
    const Graph graph = spec.build({.inputSize = own, .classes = classes});
    const auto large = noise(std::int64_t {own} * own * 3);
    {
        neural::Interpreter network(graph, weights, {});
        const neural::MemoryMeter meter;
        network.run({large, 1});
        close(", evaluation", peakActivationBytes(graph), meter.peak() - meter.before());
    }
    neural::TrainerOptions options;
    neural::Trainer trainer(graph, weights, options);
    const neural::MemoryMeter meter;
    trainer.accumulate({large, 1}, std::span(labels).first(1));
    const std::int64_t gradients = 4 * learnedParameters(graph);
    close(", training", trainingActivationBytes(graph) + gradients, meter.peak() - meter.before());
}

} // namespace

int main()
{
    neural::useThreads(2);
    for (const std::string& one : devices()) {
        std::printf("on %s\n", one.c_str());
        device = one;
        for (const BackboneSpec& spec : backbones()) {
            const std::string id(spec.id);
            const Graph graph = spec.build({.inputSize = side, .classes = classes});
            const TensorMap weights = startingWeights(graph);
            runsFoldedOrNot(id, graph, weights);
            isCutAnywhere(id, graph, weights);
            goesThroughAFile(id, graph, weights);
            learns(id, spec, weights);
            takesTheMemoryThatWasSaid(id, spec, weights);
        }
    }
    return failures == 0 ? 0 : 1;
}
