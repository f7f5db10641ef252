#include "core/network/cut.h"

#include "core/base/error.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace graft::network {

namespace {

std::vector<bool> neededFor(const Graph& graph, int target)
{
    std::vector<bool> needed(graph.nodes.size());
    needed[target] = true;
    for (int i = target; i > 0; --i) { // readers come after what they read
        for (const int input : graph.nodes[i].inputs)
            needed[input] = needed[input] || needed[i];
    }
    return needed;
}

} // namespace

bool isVector(const Graph& graph, int node)
{
    while (node != 0) {
        const Node& current = graph.nodes[node];
        if (std::holds_alternative<GlobalPool>(current.op) || std::holds_alternative<Flatten>(current.op)
            || std::holds_alternative<Linear>(current.op))
            return true;
        if (std::holds_alternative<Conv>(current.op) || std::holds_alternative<MaxPool>(current.op)
            || std::holds_alternative<AvgPool>(current.op)
            || std::holds_alternative<AdaptivePool>(current.op))
            return false;
        node = current.inputs[0];
    }
    return false;
}

std::vector<std::string> stageNames(const Graph& graph)
{
    std::vector<std::string> names;
    for (const Stage& stage : graph.stages)
        names.push_back(stage.name);
    return names;
}

std::string_view stageOf(const BackboneSpec& spec, std::string_view cut)
{
    if (cut == "last" || cut == spec.lastStage)
        return spec.lastStage;
    const Graph graph = spec.build({.inputSize = spec.preprocess.crop});
    if (std::ranges::find(graph.stages, cut, &Stage::name) != graph.stages.end())
        return cut;
    std::string known;
    for (const std::string& name : stageNames(graph))
        known += " " + name;
    throw Error(std::string(cut), "is no stage of " + std::string(spec.title),
                "Choose one of: last" + known + ".");
}

Graph classifierOn(const Graph& backbone, std::string_view stage, int classes)
{
    if (classes < 1)
        throw Error(std::string(headName), "a classifier needs at least one class", "Add a class.");
    const int cut = stageNode(backbone, stage);
    const auto needed = neededFor(backbone, cut);
    GraphBuilder g(backbone.nodes[0].shape);
    std::vector<GraphBuilder::Value> movedTo(backbone.nodes.size());
    for (int i = 1; i <= cut; ++i) {
        if (!needed[i])
            continue;
        const Node& node = backbone.nodes[i];
        std::vector<GraphBuilder::Value> inputs;
        for (const int input : node.inputs)
            inputs.push_back(movedTo[input]);
        movedTo[i] = g.add(node.name, node.op, inputs);
    }
    for (const Stage& kept : backbone.stages) {
        if (kept.node <= cut && needed[kept.node])
            g.endStage(kept.name, movedTo[kept.node]);
    }
    auto features = movedTo[cut];
    if (!isVector(backbone, cut))
        features = g.add("graft_pool", GlobalPool {}, {features});
    const auto logits = g.add(std::string(headName), Linear {classes}, {features});
    g.endStage(std::string(headName), logits);
    return std::move(g).build();
}

TensorMap weightsOf(const Graph& graph, const TensorMap& all)
{
    TensorMap chosen;
    for (const Parameter& parameter : parameters(graph)) {
        if (const auto found = all.find(parameter.name); found != all.end())
            chosen.insert(*found);
    }
    return chosen;
}

int featureChannels(const Graph& graph, std::string_view stage)
{
    return graph.nodes[stageNode(graph, stage)].shape.channels;
}

std::int64_t learnedParameters(const Graph& graph)
{
    std::int64_t sum = 0;
    for (const Parameter& parameter : parameters(graph)) {
        if (parameter.role == Role::Weight || parameter.role == Role::Bias)
            sum += parameter.count();
    }
    return sum;
}

std::int64_t peakActivationBytes(const Graph& graph)
{
    const auto last = lastReaders(graph);
    const auto bytes = [&](int node) {
        return graph.nodes[node].shape.count() * std::int64_t {sizeof(float)};
    };
    std::int64_t living = 0;
    std::int64_t peak = 0;
    for (int i = 0; i < static_cast<int>(graph.nodes.size()); ++i) {
        living += bytes(i);
        peak = std::max(peak, living);
        for (int earlier = 0; earlier < i; ++earlier) {
            if (last[earlier] == i)
                living -= bytes(earlier);
        }
    }
    return peak;
}

} // namespace graft::network
