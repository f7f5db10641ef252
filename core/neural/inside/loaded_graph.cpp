#include "core/neural/inside/loaded_graph.h"

#include "core/network/cut.h"
#include "core/neural/inside/tensors.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace graft::neural {

Route::Route(const network::Graph& graph, int source, std::span<const int> wanted)
    : lastReader(graph.nodes.size(), -1)
{
    for (const int node : wanted)
        lastReader[node] = std::numeric_limits<int>::max();
    for (int i = static_cast<int>(graph.nodes.size()) - 1; i > 0; --i) {
        if (lastReader[i] < 0 || i == source)
            continue;
        nodes.push_back(i);
        for (const int input : graph.nodes[i].inputs)
            lastReader[input] = std::max(lastReader[input], i);
    }
    std::ranges::reverse(nodes);
}

at::ScalarType scalarType(Precision precision)
{
    switch (precision) {
    case Precision::Float32:
        break;
    case Precision::BFloat16:
        return at::kBFloat16;
    case Precision::Float16:
        return at::kHalf;
    }
    return at::kFloat;
}

at::Tensor Placement::place(const at::Tensor& source, at::ScalarType type) const
{
    const auto format =
        source.dim() == 4 && channelsLast ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
    return source.to(at::TensorOptions(device).dtype(type), false, true, format);
}

at::Tensor Placement::pixels(const Batch& batch, const network::Shape& shape) const
{
    if (batch.count < 1 || static_cast<std::int64_t>(batch.pixels.size()) != batch.count * shape.count())
        throw Error("batch", "holds another number of pixels than the network expects",
                    "Resize the pictures first.");
    const at::Tensor nhwc =
        view(batch.pixels.data(), {batch.count, shape.height, shape.width, shape.channels}, at::kByte);
    // The bytes travel, not the floats: a quarter of the traffic to another device. From pinned memory, so
    // that nobody waits for them.
    const at::Tensor there = device.is_cuda() ? nhwc.pin_memory().to(device, /*non_blocking=*/true) : nhwc;
    const at::Tensor here = there.permute({0, 3, 1, 2}).to(at::kFloat);
    return channelsLast ? here : here.contiguous();
}

at::Tensor Placement::activations(std::span<const float> values, int count, const network::Graph& graph,
                                  int node) const
{
    const network::Shape& shape = graph.nodes[node].shape;
    if (count < 1 || static_cast<std::int64_t>(values.size()) != count * shape.count())
        throw Error("batch", "holds another number of activations than the network expects",
                    "Compute them again.");
    std::vector<std::int64_t> extents {count, shape.channels, shape.height, shape.width};
    if (network::isVector(graph, node))
        extents.resize(2);
    at::Tensor rows = view(values.data(), extents, at::kFloat);
    if (device.is_cuda())
        rows = rows.pin_memory().to(device, /*non_blocking=*/true);
    return place(rows, at::kFloat);
}

LoadedGraph::LoadedGraph(network::Graph graph, const network::TensorMap& weights, std::span<const int> nodes,
                         const Placement& placement, at::ScalarType type)
    : m_graph(std::move(graph))
    , m_placement(placement)
    , m_own(m_graph.nodes.size())
{
    for (const auto& parameter : network::parameters(m_graph)) {
        if (!std::ranges::binary_search(nodes, parameter.node))
            continue;
        const bool normalises = std::holds_alternative<network::BatchNorm>(m_graph.nodes[parameter.node].op);
        tensor(parameter) = named(parameter.name, [&] {
            const auto& values = weights.find(parameter.name)->second.values;
            return m_placement.place(view(values.data(), parameter.shape, at::kFloat),
                                     normalises ? at::kFloat : type);
        });
        m_parameters.push_back(parameter);
    }
    for (const int node : nodes)
        loadConstants(node);
}

LoadedGraph LoadedGraph::whole(network::Graph graph, const network::TensorMap& weights,
                               const Placement& placement, at::ScalarType type)
{
    std::vector<int> all(graph.nodes.size());
    std::iota(all.begin(), all.end(), 0);
    return {std::move(graph), weights, all, placement, type};
}

void LoadedGraph::loadConstants(int node)
{
    const auto* affine = std::get_if<network::Affine>(&m_graph.nodes[node].op);
    if (affine == nullptr)
        return;
    const auto constant = [&](const std::vector<float>& values) {
        const auto channels = static_cast<std::int64_t>(values.size());
        return named(m_graph.nodes[node].name, [&] {
            return view(values.data(), {1, channels, 1, 1}, at::kFloat).clone().to(m_placement.device);
        });
    };
    m_own[node][static_cast<std::size_t>(Role::Weight)] = constant(affine->scale);
    m_own[node][static_cast<std::size_t>(Role::Bias)] = constant(affine->shift);
}

void LoadedGraph::run(const Route& route, std::span<const int> nodes, at::ScalarType type,
                      const Learning* learning, Results& results) const
{
    at::init_num_threads(); // useThreads() was perhaps called in another thread
    for (const int i : nodes) {
        const network::Node& node = m_graph.nodes[i];
        Call call {m_own[i], i, {}, type, learning};
        for (const int input : node.inputs)
            call.inputs.push_back(results[input]);
        for (const int input : node.inputs) {
            if (route.lastReader[input] == i)
                results[input].reset();
        }
        results[i] = named(node.name, [&] { return runLayer(node.op, call); });
    }
}

at::Tensor LoadedGraph::forward(const Route& route, int source, at::Tensor input, int wanted,
                                at::ScalarType type) const
{
    Results results(m_graph.nodes.size());
    results[source] = std::move(input);
    run(route, route.nodes, type, nullptr, results);
    return results[wanted].to(at::kFloat);
}

void copyOut(const network::Parameter& parameter, const at::Tensor& tensor, network::TensorMap& map)
{
    map.insert_or_assign(parameter.name, network::Tensor {parameter.shape, named(parameter.name, [&] {
                                                              return numbers(tensor);
                                                          })});
}

} // namespace graft::neural
