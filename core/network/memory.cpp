#include "core/network/memory.h"

#include "core/network/cut.h"

#include <algorithm>
#include <cmath>
#include <concepts>

namespace graft::network {

namespace {

std::int64_t bytesOf(const Graph& graph, int node)
{
    return graph.nodes[node].shape.count() * std::int64_t {sizeof(float)};
}

enum class Kept { Nothing, Input, Result };

// What a layer's gradient is computed from.
template <class Layer>
Kept kept(const Layer&)
{
    return Kept::Nothing;
}

template <class Layer>

requires std::same_as<Layer, Conv> || std::same_as<Layer, BatchNorm> || std::same_as<Layer, Linear> || std::
    same_as<Layer, MaxPool> || std::same_as<Layer, AvgPool> || std::same_as<Layer, AdaptivePool>
        Kept kept(const Layer&)
{
    return Kept::Input;
}

Kept kept(const Relu& op)
{
    return std::isinf(op.ceiling) ? Kept::Result : Kept::Input;
}

/// What a layer keeps that is the result of none: where the largest number was, and what was dropped.
std::int64_t ownBytes(const Node& node)
{
    if (std::holds_alternative<MaxPool>(node.op))
        return node.shape.count() * std::int64_t {sizeof(std::int64_t)};
    return std::holds_alternative<Dropout>(node.op) ? node.shape.count() * std::int64_t {sizeof(float)} : 0;
}

} // namespace

std::int64_t peakActivationBytes(const Graph& trained)
{
    const Graph graph = withoutAuxiliary(trained);
    const auto last = lastReaders(graph);
    std::int64_t living = 0;
    std::int64_t peak = 0;
    for (int i = 0; i < static_cast<int>(graph.nodes.size()); ++i) {
        living += bytesOf(graph, i);
        peak = std::max(peak, living);
        for (int earlier = 0; earlier < i; ++earlier) {
            if (last[earlier] == i)
                living -= bytesOf(graph, earlier);
        }
    }
    return peak;
}

std::int64_t trainingActivationBytes(const Graph& graph)
{
    const int count = static_cast<int>(graph.nodes.size());
    std::vector<bool> keeps(graph.nodes.size()); // whose result
    std::int64_t living = 0;
    for (int i = 1; i < count; ++i) {
        const Node& node = graph.nodes[i];
        living += ownBytes(node);
        const Kept what = std::visit([](const auto& op) { return kept(op); }, node.op);
        if (what != Kept::Nothing)
            keeps[what == Kept::Result ? i : node.inputs[0]] = true;
    }
    for (int i = 0; i < count; ++i)
        living += keeps[i] ? bytesOf(graph, i) : 0;

    std::int64_t peak = living;
    for (int i = count - 1; i > 0; --i) { // the way back: a layer's gradient becomes those of its inputs
        std::int64_t gradients = bytesOf(graph, i);
        for (const int input : graph.nodes[i].inputs)
            gradients += bytesOf(graph, input);
        peak = std::max(peak, living + gradients);
        living -= (keeps[i] ? bytesOf(graph, i) : 0) + ownBytes(graph.nodes[i]);
    }
    return peak;
}

} // namespace graft::network
