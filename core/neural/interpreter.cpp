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

    /// The results of these nodes.
    std::vector<at::Tensor> forward(const Batch& batch, std::span<const int> wanted) const
    {
        constexpr int source = 0;
        const network::Node& input = graph.graph().nodes[source];
        Results results(graph.graph().nodes.size());
        results[source] = named(input.name, [&] { return graph.placement().pixels(batch, input.shape); });
        const Route route(graph.graph(), source, wanted);
        graph.run(route, route.nodes, type, nullptr, results);
        std::vector<at::Tensor> chosen;
        for (const int one : wanted)
            chosen.push_back(results[one].to(at::kFloat));
        return chosen;
    }
};

namespace {

std::vector<float> means(const at::Tensor& result)
{
    return numbers(result.dim() == 4 ? result.mean({2, 3}) : result);
}

} // namespace

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
    const int wanted = m_impl->node(stage);
    return numbers(m_impl->forward(batch, std::span(&wanted, 1)).front());
}

std::vector<float> Interpreter::pooled(const Batch& batch, std::string_view stage)
{
    const c10::InferenceMode evaluation;
    const int wanted = m_impl->node(stage);
    return means(m_impl->forward(batch, std::span(&wanted, 1)).front());
}

std::vector<std::vector<float>> Interpreter::pooled(const Batch& batch, std::span<const std::string> stages)
{
    const c10::InferenceMode evaluation;
    std::vector<int> wanted;
    for (const std::string& stage : stages)
        wanted.push_back(m_impl->node(stage));
    std::vector<std::vector<float>> rows;
    for (const at::Tensor& result : m_impl->forward(batch, wanted))
        rows.push_back(means(result));
    return rows;
}

} // namespace graft::neural
