#include "core/network/graph.h"

#include <algorithm>
#include <concepts>

namespace graft::network {

namespace {

/// How a layer looks at its input; {1, 1} for those that look at one place only.
struct Window {
    Extent kernel = 1;
    Extent stride = 1;
    bool whole = false;
};

template <class Layer>
Window windowOf(const Layer&)
{
    return {};
}

template <class Layer>

requires std::same_as<Layer, Conv> || std::same_as<Layer, MaxPool> || std::same_as<Layer, AvgPool>
    Window windowOf(const Layer& op)
{
    return {op.kernel, op.stride};
}

template <class Layer>

requires std::same_as<Layer, AdaptivePool> || std::same_as<Layer, GlobalPool> || std::same_as<
    Layer, Flatten> || std::same_as<Layer, Linear>
    Window windowOf(const Layer&)
{
    return {.whole = true};
}

Extent larger(const Extent& a, const Extent& b)
{
    return {std::max(a.height, b.height), std::max(a.width, b.width)};
}

} // namespace

std::vector<ReceptiveField> receptiveFields(const Graph& graph)
{
    const Shape& picture = graph.nodes[0].shape;
    const Extent whole {picture.height, picture.width};
    std::vector<ReceptiveField> fields;
    std::vector<bool> sawAll;
    for (const Node& node : graph.nodes) {
        const Window window = std::visit([](const auto& op) { return windowOf(op); }, node.op);
        ReceptiveField before;
        bool all = window.whole;
        for (const int input : node.inputs) {
            before = {larger(before.size, fields[input].size), larger(before.stride, fields[input].stride)};
            all = all || sawAll[input];
        }
        sawAll.push_back(all);
        if (all) {
            fields.push_back({whole, whole});
            continue;
        }
        const Extent& step = before.stride;
        fields.push_back({{before.size.height + (window.kernel.height - 1) * step.height,
                           before.size.width + (window.kernel.width - 1) * step.width},
                          {step.height * window.stride.height, step.width * window.stride.width}});
    }
    return fields;
}

} // namespace graft::network
