#include "core/neural/interpreter.h"

#include "core/neural/inside/loaded_graph.h"
#include "core/neural/inside/tensors.h"
#include "core/neural/memory.h"

namespace graft::neural {

struct Interpreter::Impl {
    KeepMemory keepMemory; ///< first: outlives the tensors below
    LoadedGraph graph;
    at::ScalarType type;

    Impl(network::Graph network, const network::TensorMap& weights, const Options& options)
        : graph(LoadedGraph::whole(std::move(network), weights,
                                   {deviceOf(options.device), options.channelsLast},
                                   scalarType(options.precision)))
        , type(scalarType(options.precision))
    {
    }

    int node(std::string_view stage) const
    {
        return stage.empty() ? static_cast<int>(graph.graph().nodes.size()) - 1
                             : network::stageNode(graph.graph(), stage);
    }

    at::Tensor forward(const Batch& batch, std::string_view stage) const
    {
        constexpr int source = 0;
        const int wanted = node(stage);
        const network::Node& input = graph.graph().nodes[source];
        at::Tensor pixels = named(input.name, [&] { return graph.placement().pixels(batch, input.shape); });
        const Route route(graph.graph(), source, std::span(&wanted, 1));
        return graph.forward(route, source, std::move(pixels), wanted, type);
    }
};

Interpreter::Interpreter(network::Graph graph, const network::TensorMap& weights, const Options& options)
{
    network::requireMatch(graph, weights);
    m_impl = std::make_unique<Impl>(std::move(graph), weights, options);
}

Interpreter::~Interpreter() = default;
Interpreter::Interpreter(Interpreter&&) noexcept = default;
Interpreter& Interpreter::operator=(Interpreter&&) noexcept = default;

std::vector<float> Interpreter::run(const Batch& batch, std::string_view stage)
{
    const c10::InferenceMode evaluation;
    return numbers(m_impl->forward(batch, stage));
}

std::vector<float> Interpreter::pooled(const Batch& batch, std::string_view stage)
{
    const c10::InferenceMode evaluation;
    const at::Tensor result = m_impl->forward(batch, stage);
    return numbers(result.dim() == 4 ? result.mean({2, 3}) : result);
}

} // namespace graft::neural
