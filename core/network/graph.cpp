#include "core/network/graph.h"

#include "core/base/error.h"

#include <algorithm>
#include <concepts>
#include <numeric>
#include <span>

namespace graft::network {

namespace {

using Shapes = std::span<const Shape>;

int slide(int size, int kernel, int stride, int padding)
{
    return size + 2 * padding < kernel ? 0 : (size + 2 * padding - kernel) / stride + 1;
}

template <class Window>
Shape slide(const Shape& in, int channels, const Window& w)
{
    const bool moves = std::min({w.kernel.height, w.kernel.width, w.stride.height, w.stride.width}) >= 1
        && std::min(w.padding.height, w.padding.width) >= 0;
    if (!moves)
        return {};
    return {channels, slide(in.height, w.kernel.height, w.stride.height, w.padding.height),
            slide(in.width, w.kernel.width, w.stride.width, w.padding.width)};
}

template <class Layer>
concept KeepsShape = std::same_as<Layer, Input> || std::same_as<Layer, BatchNorm> || std::same_as<
    Layer, Relu> || std::same_as<Layer, Dropout>;

// One overload for each layer: the compiler names the one that is missing. An empty shape means: does not
// fit.
template <KeepsShape Layer>
Shape resultShape(const Layer&, Shapes in)
{
    return in[0];
}

Shape resultShape(const Affine& op, Shapes in)
{
    const auto channels = static_cast<std::size_t>(in[0].channels);
    return op.scale.size() == channels && op.shift.size() == channels ? in[0] : Shape {};
}

Shape resultShape(const Pad& op, Shapes in)
{
    return {in[0].channels, in[0].height + op.top + op.bottom, in[0].width + op.left + op.right};
}

Shape resultShape(const Conv& op, Shapes in)
{
    const bool divides = op.groups >= 1 && in[0].channels % op.groups == 0 && op.channels % op.groups == 0;
    return divides ? slide(in[0], op.channels, op) : Shape {};
}

Shape resultShape(const MaxPool& op, Shapes in)
{
    return slide(in[0], in[0].channels, op);
}

Shape resultShape(const AvgPool& op, Shapes in)
{
    return slide(in[0], in[0].channels, op);
}

Shape resultShape(const AdaptivePool& op, Shapes in)
{
    return {in[0].channels, op.size.height, op.size.width};
}

Shape resultShape(const GlobalPool&, Shapes in)
{
    return {in[0].channels, 1, 1};
}

Shape resultShape(const Add&, Shapes in)
{
    return std::ranges::all_of(in, [&](const Shape& other) { return other == in[0]; }) ? in[0] : Shape {};
}

Shape resultShape(const Concat&, Shapes in)
{
    Shape sum = in[0];
    for (const Shape& other : in.subspan(1)) {
        if (other.height != sum.height || other.width != sum.width)
            return {};
        sum.channels += other.channels;
    }
    return sum;
}

Shape resultShape(const Flatten&, Shapes in)
{
    return {static_cast<int>(in[0].count()), 1, 1};
}

Shape resultShape(const Linear& op, Shapes in)
{
    return in[0].height == 1 && in[0].width == 1 ? Shape {op.units, 1, 1} : Shape {};
}

struct ParameterShape {
    Role role;
    std::vector<std::int64_t> shape;
};

template <class Layer>
std::vector<ParameterShape> parametersOf(const Layer&, const Shape&)
{
    return {}; // most layers have none
}

std::vector<ParameterShape> parametersOf(const Conv& op, const Shape& in)
{
    std::vector<ParameterShape> list {
        {Role::Weight, {op.channels, in.channels / op.groups, op.kernel.height, op.kernel.width}}};
    if (op.bias)
        list.push_back({Role::Bias, {op.channels}});
    return list;
}

std::vector<ParameterShape> parametersOf(const BatchNorm&, const Shape& in)
{
    return {{Role::Weight, {in.channels}},
            {Role::Bias, {in.channels}},
            {Role::Mean, {in.channels}},
            {Role::Variance, {in.channels}}};
}

std::vector<ParameterShape> parametersOf(const Linear& op, const Shape& in)
{
    return {{Role::Weight, {op.units, in.channels}}, {Role::Bias, {op.units}}};
}

std::string suffix(Role role)
{
    switch (role) {
    case Role::Weight:
        return ".weight";
    case Role::Bias:
        return ".bias";
    case Role::Mean:
        return ".running_mean";
    case Role::Variance:
        return ".running_var";
    }
    return {};
}

} // namespace

GraphBuilder::GraphBuilder(const Shape& input)
{
    m_graph.nodes.push_back({"input", Input {}, {}, input});
}

GraphBuilder::Value GraphBuilder::add(std::string name, Op op, const std::vector<Value>& inputs)
{
    const bool joins = std::holds_alternative<Add>(op) || std::holds_alternative<Concat>(op);
    if (std::holds_alternative<Input>(op) || (joins ? inputs.size() < 2 : inputs.size() != 1))
        throw Error(name, "this layer cannot stand here or has the wrong number of inputs",
                    "Connect it otherwise.");
    if (std::ranges::any_of(m_graph.nodes, [&](const Node& node) { return node.name == name; }))
        throw Error(name, "two layers have this name", "Give each layer its own.");
    Node node {std::move(name), std::move(op), {}, {}};
    std::vector<Shape> shapes;
    for (const Value value : inputs) {
        node.inputs.push_back(value.node);
        shapes.push_back(shape(value));
    }
    node.shape = std::visit([&](const auto& layer) { return resultShape(layer, shapes); }, node.op);
    if (std::min({node.shape.channels, node.shape.height, node.shape.width}) < 1)
        throw Error(node.name, "its inputs do not fit together or are too small", "Try a larger input size.");
    m_graph.nodes.push_back(std::move(node));
    return {static_cast<int>(m_graph.nodes.size()) - 1};
}

void GraphBuilder::endStage(std::string name, Value last)
{
    if (std::ranges::find(m_graph.stages, name, &Stage::name) != m_graph.stages.end())
        throw Error(name, "two stages have this name", "Give each stage its own.");
    m_graph.stages.push_back({std::move(name), last.node});
}

std::vector<Parameter> parameters(const Graph& graph)
{
    std::vector<Parameter> list;
    for (int i = 1; i < static_cast<int>(graph.nodes.size()); ++i) {
        const Node& node = graph.nodes[i];
        const Shape& in = graph.nodes[node.inputs[0]].shape;
        for (auto& own : std::visit([&](const auto& op) { return parametersOf(op, in); }, node.op))
            list.push_back({node.name + suffix(own.role), i, own.role, std::move(own.shape)});
    }
    return list;
}

int stageNode(const Graph& graph, std::string_view stage)
{
    const auto found = std::ranges::find(graph.stages, stage, &Stage::name);
    if (found != graph.stages.end())
        return found->node;
    std::string known;
    for (const Stage& other : graph.stages)
        known += " " + other.name;
    throw Error(std::string(stage), "this network has no such stage", "Choose one of:" + known + ".");
}

std::int64_t multiplyAdds(const Graph& graph)
{
    std::int64_t sum = 0;
    for (const Parameter& parameter : parameters(graph)) {
        const Node& node = graph.nodes[parameter.node];
        if (parameter.role != Role::Weight || std::holds_alternative<BatchNorm>(node.op))
            continue;
        // Each weight is used once for each place.
        sum += parameter.count() * node.shape.height * node.shape.width;
    }
    return sum;
}

std::vector<int> lastReaders(const Graph& graph)
{
    std::vector<int> last(graph.nodes.size());
    std::iota(last.begin(), last.end(), 0);
    for (int i = 0; i < static_cast<int>(graph.nodes.size()); ++i) {
        for (const int input : graph.nodes[i].inputs)
            last[input] = i;
    }
    return last;
}

} // namespace graft::network
