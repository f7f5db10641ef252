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

    /// One whose results nobody has asked for yet.
    struct Pass {
        std::vector<std::uint8_t> pixels; ///< to begin again with; empty where there is no spare
        int count = 0;
        std::vector<int> wanted;
        std::vector<at::Tensor> rows; ///< where it is computed; empty: to be done again
    };

    KeepMemory keepMemory; ///< first: outlives the tensors below
    Options options;
    std::optional<Spare> spare; ///< while a graphics card computes
    std::string failure;
    std::optional<LoadedGraph> loaded;
    std::vector<Pass> begun;

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
        for (Pass& lost : begun)
            lost.rows.clear();
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

    /// The same, averaged over height and width.
    std::vector<at::Tensor> pooled(const Batch& batch, std::span<const int> wanted) const
    {
        std::vector<at::Tensor> results = forward(batch, wanted);
        for (at::Tensor& result : results)
            if (result.dim() == 4)
                result = result.mean({2, 3});
        return results;
    }

    std::vector<int> nodes(std::span<const std::string> stages) const
    {
        std::vector<int> wanted;
        for (const std::string& stage : stages)
            wanted.push_back(node(stage));
        return wanted;
    }
};

namespace {

std::vector<std::vector<float>> allNumbers(const std::vector<at::Tensor>& tensors)
{
    std::vector<std::vector<float>> all;
    for (const at::Tensor& tensor : tensors)
        all.push_back(numbers(tensor));
    return all;
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
        return named("network",
                     [&] { return numbers(m_impl->pooled(batch, std::span(&wanted, 1)).front()); });
    });
}

std::vector<std::vector<float>> Interpreter::pooled(const Batch& batch, std::span<const std::string> stages)
{
    const c10::InferenceMode evaluation;
    const std::vector<int> wanted = m_impl->nodes(stages);
    return m_impl->withSpare(
        [&] { return named("network", [&] { return allNumbers(m_impl->pooled(batch, wanted)); }); });
}

void Interpreter::begin(const Batch& batch, std::span<const std::string> stages)
{
    const c10::InferenceMode evaluation;
    Impl::Pass pass {{}, batch.count, m_impl->nodes(stages), {}};
    pass.rows = m_impl->withSpare(
        [&] { return named("network", [&] { return m_impl->pooled(batch, pass.wanted); }); });
    if (m_impl->spare)
        pass.pixels.assign(batch.pixels.begin(), batch.pixels.end());
    m_impl->begun.push_back(std::move(pass));
}

std::vector<std::vector<std::vector<float>>> Interpreter::finish()
{
    const c10::InferenceMode evaluation;
    auto results = m_impl->withSpare([&] {
        return named("network", [&] {
            std::vector<std::vector<std::vector<float>>> all;
            for (const Impl::Pass& pass : m_impl->begun)
                all.push_back(allNumbers(
                    pass.rows.empty() ? m_impl->pooled({pass.pixels, pass.count}, pass.wanted) : pass.rows));
            return all;
        });
    });
    m_impl->begun.clear();
    return results;
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
