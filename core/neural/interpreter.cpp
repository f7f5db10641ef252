#include "core/neural/interpreter.h"

#include "core/neural/inside/loaded_graph.h"
#include "core/neural/inside/tensors.h"
#include "core/neural/memory.h"

#include <optional>

namespace graft::neural {

struct Interpreter::Impl {
    /// To begin again on the CPU with.
    struct Spare {
        network::Graph graph;
        network::TensorMap weights;
    };

    KeepMemory keepMemory; ///< first: outlives the tensors below
    Options options;
    std::optional<Spare> spare; ///< while a graphics card computes
    std::string failure;
    std::optional<LoadedGraph> loaded;

    void load(network::Graph network, const network::TensorMap& weights)
    {
        loaded.emplace(LoadedGraph::whole(std::move(network), weights,
                                          {deviceOf(options.device), options.channelsLast},
                                          scalarType(options.precision)));
    }

    /// Where a graphics card fails in it, `work` is done again on the CPU.
    template <class Work>
    auto withSpare(Work work)
    {
        try {
            return work();
        } catch (const DeviceFailed& failed) {
            if (!spare)
                throw;
            failure = failed.happened();
        }
        const Spare again = std::move(*spare);
        spare.reset();
        loaded.reset();
        options.device = cpuId;
        options.precision = Precision::Float32;
        load(again.graph, again.weights);
        return work();
    }

    Impl(network::Graph network, const network::TensorMap& weights, const Options& chosen)
        : options(chosen)
    {
        if (options.device != cpuId)
            spare = Spare {network, weights};
        requireUsable(options.precision, deviceOf(options.device));
        withSpare([&] {
            if (!loaded)
                load(std::move(network), weights);
        });
    }

    at::ScalarType type() const { return scalarType(options.precision); }

    const LoadedGraph& graph() const { return *loaded; }

    int node(std::string_view stage) const
    {
        return stage.empty() ? static_cast<int>(graph().graph().nodes.size()) - 1
                             : network::stageNode(graph().graph(), stage);
    }

    /// The results of these nodes.
    std::vector<at::Tensor> forward(const Batch& batch, std::span<const int> wanted) const
    {
        constexpr int source = 0;
        const network::Node& input = graph().graph().nodes[source];
        Results results(graph().graph().nodes.size());
        results[source] = named(input.name, [&] { return graph().placement().pixels(batch, input.shape); });
        const Route route(graph().graph(), source, wanted);
        graph().run(route, route.nodes, type(), nullptr, results);
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
    return m_impl->withSpare([&] {
        return named("network",
                     [&] { return numbers(m_impl->forward(batch, std::span(&wanted, 1)).front()); });
    });
}

std::vector<float> Interpreter::pooled(const Batch& batch, std::string_view stage)
{
    const c10::InferenceMode evaluation;
    const int wanted = m_impl->node(stage);
    return m_impl->withSpare([&] {
        return named("network", [&] { return means(m_impl->forward(batch, std::span(&wanted, 1)).front()); });
    });
}

std::vector<std::vector<float>> Interpreter::pooled(const Batch& batch, std::span<const std::string> stages)
{
    const c10::InferenceMode evaluation;
    std::vector<int> wanted;
    for (const std::string& stage : stages)
        wanted.push_back(m_impl->node(stage));
    return m_impl->withSpare([&] {
        return named("network", [&] {
            std::vector<std::vector<float>> rows;
            for (const at::Tensor& result : m_impl->forward(batch, wanted))
                rows.push_back(means(result));
            return rows;
        });
    });
}

const std::string& Interpreter::device() const
{
    return m_impl->options.device;
}

const std::string& Interpreter::fellBack() const
{
    return m_impl->failure;
}

} // namespace graft::neural
