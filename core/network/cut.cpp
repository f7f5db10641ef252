#include "core/network/cut.h"

#include "core/base/error.h"

#include <algorithm>
#include <set>

namespace graft::network {

namespace {

/// Marks what node `target` reads, and what that reads, back to the input.
void needInputsOf(const Graph& graph, int target, std::vector<bool>& needed)
{
    std::vector<bool> above(graph.nodes.size());
    above[target] = true;
    for (int i = target; i > 0; --i) { // readers come after what they read
        for (const int input : graph.nodes[i].inputs) {
            above[input] = above[input] || above[i];
            needed[input] = needed[input] || above[input];
        }
    }
}

std::vector<bool> neededFor(const Graph& graph, int target)
{
    std::vector<bool> needed(graph.nodes.size());
    needed[target] = true;
    needInputsOf(graph, target, needed);
    return needed;
}

using Moved = std::vector<GraphBuilder::Value>; ///< by the node's old index

/// Copies the nodes that are needed, and the stages that end at one of them.
Moved copyNeeded(const Graph& graph, const std::vector<bool>& needed, GraphBuilder& g)
{
    Moved movedTo(graph.nodes.size());
    for (int i = 1; i < static_cast<int>(graph.nodes.size()); ++i) {
        if (!needed[i])
            continue;
        const Node& node = graph.nodes[i];
        std::vector<GraphBuilder::Value> inputs;
        for (const int input : node.inputs)
            inputs.push_back(movedTo[input]);
        movedTo[i] = g.add(node.name, node.op, inputs);
    }
    for (const Stage& kept : graph.stages) {
        if (needed[kept.node])
            g.endStage(kept.name, movedTo[kept.node]);
    }
    return movedTo;
}

constexpr auto poolName = "graft_pool";

GraphBuilder::Value pooled(GraphBuilder& g, GraphBuilder::Value map, Pooling pooling, const std::string& name)
{
    if (pooling == Pooling::Average)
        return g.add(name, GlobalPool {}, {map});
    const Extent whole(g.shape(map).height, g.shape(map).width);
    const auto largest = g.add(name, MaxPool {.kernel = whole, .stride = whole, .padding = 0}, {map});
    return g.add(name + "_vector", Flatten {}, {largest});
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

Pooling poolingNamed(std::string_view id)
{
    if (id == "avg")
        return Pooling::Average;
    if (id == "max")
        return Pooling::Largest;
    throw Error(std::string(id), "there is no such pooling", "Choose one of: avg max.");
}

Graph classifierOn(const Graph& backbone, std::string_view stage, int classes, Auxiliary auxiliary,
                   const Head& head)
{
    if (classes < 1)
        throw Error(std::string(headName), "a classifier needs at least one class", "Add a class.");
    const int cut = stageNode(backbone, stage);
    auto needed = neededFor(backbone, cut);
    const bool keepsAuxiliary =
        auxiliary == Auxiliary::Keep && backbone.auxiliary >= 0 && backbone.auxiliary < cut;
    if (keepsAuxiliary)
        needInputsOf(backbone, backbone.auxiliary, needed);
    GraphBuilder g(backbone.nodes[0].shape);
    const auto movedTo = copyNeeded(backbone, needed, g);
    if (keepsAuxiliary) {
        const int features = backbone.nodes[backbone.auxiliary].inputs[0];
        g.setAuxiliary(g.add(std::string(auxiliaryHeadName), Linear {classes}, {movedTo[features]}));
    }
    auto features = movedTo[cut];
    if (!isVector(backbone, cut))
        features = pooled(g, features, head.pooling, poolName);
    if (head.dropout > 0.0)
        features = g.add("graft_dropout", Dropout {head.dropout}, {features});
    const auto logits = g.add(std::string(headName), Linear {classes}, {features});
    g.endStage(std::string(headName), logits);
    return std::move(g).build();
}

Graph featuresOf(const Graph& backbone, std::string_view stage, Pooling pooling)
{
    const int cut = stageNode(backbone, stage);
    GraphBuilder g(backbone.nodes[0].shape);
    const auto movedTo = copyNeeded(backbone, neededFor(backbone, cut), g);
    if (!isVector(backbone, cut))
        pooled(g, movedTo[cut], pooling, poolName);
    return std::move(g).build();
}

Graph withPooledStages(const Graph& graph, Pooling pooling)
{
    GraphBuilder g(graph.nodes[0].shape);
    Moved movedTo(graph.nodes.size());
    for (int i = 1; i < static_cast<int>(graph.nodes.size()); ++i) {
        const Node& node = graph.nodes[i];
        std::vector<GraphBuilder::Value> inputs;
        for (const int input : node.inputs)
            inputs.push_back(movedTo[input]);
        movedTo[i] = g.add(node.name, node.op, inputs);
        for (const Stage& stage : graph.stages) {
            if (stage.node == i)
                g.endStage(stage.name,
                           isVector(graph, i)
                               ? movedTo[i]
                               : pooled(g, movedTo[i], pooling, std::string(poolName) + "." + stage.name));
        }
    }
    if (graph.auxiliary >= 0)
        g.setAuxiliary(movedTo[graph.auxiliary]);
    return std::move(g).build();
}

Graph withoutAuxiliary(const Graph& graph)
{
    if (graph.auxiliary < 0)
        return graph;
    GraphBuilder g(graph.nodes[0].shape);
    copyNeeded(graph, neededFor(graph, static_cast<int>(graph.nodes.size()) - 1), g);
    return std::move(g).build();
}

void keepOnly(const Graph& graph, TensorMap& weights)
{
    std::set<std::string_view> needed;
    const auto own = parameters(graph);
    for (const Parameter& parameter : own)
        needed.insert(parameter.name);
    std::erase_if(weights, [&](const auto& entry) { return !needed.contains(entry.first); });
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

} // namespace graft::network
