#include "core/neural/interpreter.h"

#include "core/neural/layers.h"
#include "core/neural/memory.h"
#include "core/neural/tensors.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace graft::neural {

namespace {

using network::Role;

/// For each node the last one that reads it on the way to `target`, and -1 where it is not needed: what other
/// branches or later stages would read is not computed, and kept for nobody.
std::vector<int> lastReadersUpTo(const network::Graph& graph, int target)
{
    std::vector<int> last(target + 1, -1);
    last[target] = target;
    for (int i = target; i > 0; --i) {
        if (last[i] < 0)
            continue;
        for (const int input : graph.nodes[i].inputs)
            last[input] = std::max(last[input], i);
    }
    return last;
}

} // namespace

struct Interpreter::Impl {
    KeepMemory keepMemory; ///< first: outlives the tensors below
    network::Graph graph;
    Options options;
    at::Device device;
    std::vector<network::Parameter> parameters = network::parameters(graph);
    std::vector<Own> own = std::vector<Own>(graph.nodes.size());

    Impl(network::Graph network, const Options& chosen)
        : graph(std::move(network))
        , options(chosen)
        , device(deviceOf(chosen.device))
    {
    }

    at::ScalarType type() const
    {
        return options.precision == Precision::BFloat16 ? at::kBFloat16 : at::kFloat;
    }

    at::Tensor& tensor(const network::Parameter& p) { return own[p.node][static_cast<std::size_t>(p.role)]; }

    int node(std::string_view stage) const
    {
        return stage.empty() ? static_cast<int>(graph.nodes.size()) - 1 : network::stageNode(graph, stage);
    }

    void load(const network::TensorMap& weights);
    at::Tensor onDevice(const network::Parameter& parameter, const std::vector<float>& values) const;
    at::Tensor pixels(const Batch& batch) const;
    at::Tensor forward(const Batch& batch, int target, const c10::optional<at::Generator>& randomness);
};

at::Tensor Interpreter::Impl::onDevice(const network::Parameter& parameter,
                                       const std::vector<float>& values) const
{
    const bool normalises = std::holds_alternative<network::BatchNorm>(graph.nodes[parameter.node].op);
    const bool rounded = !options.trainable && !normalises;
    const auto format = parameter.shape.size() == 4 && options.channelsLast ? at::MemoryFormat::ChannelsLast
                                                                            : at::MemoryFormat::Contiguous;
    const at::Tensor source = view(values.data(), parameter.shape, at::kFloat);
    return source.to(at::TensorOptions(device).dtype(rounded ? type() : at::kFloat), false, true, format);
}

void Interpreter::Impl::load(const network::TensorMap& weights)
{
    network::requireMatch(graph, weights);
    for (const auto& parameter : parameters) {
        at::Tensor copy = named(
            parameter.name, [&] { return onDevice(parameter, weights.find(parameter.name)->second.values); });
        if (options.trainable)
            copy.set_requires_grad(parameter.role == Role::Weight || parameter.role == Role::Bias);
        tensor(parameter) = std::move(copy);
    }
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (const auto* affine = std::get_if<network::Affine>(&graph.nodes[i].op)) {
            const auto constant = [&](const std::vector<float>& values) {
                const auto channels = static_cast<std::int64_t>(values.size());
                return view(values.data(), {1, channels, 1, 1}, at::kFloat).clone().to(device);
            };
            own[i][static_cast<std::size_t>(Role::Weight)] = constant(affine->scale);
            own[i][static_cast<std::size_t>(Role::Bias)] = constant(affine->shift);
        }
    }
}

/// float32, NCHW by shape; a copy, so that layers may write over it.
at::Tensor Interpreter::Impl::pixels(const Batch& batch) const
{
    const auto& shape = graph.nodes[0].shape;
    if (batch.count < 1 || static_cast<std::int64_t>(batch.pixels.size()) != batch.count * shape.count())
        throw Error("batch", "holds another number of pixels than the network expects",
                    "Resize the pictures first.");
    const at::Tensor nhwc =
        view(batch.pixels.data(), {batch.count, shape.height, shape.width, shape.channels}, at::kByte);
    // The bytes travel, not the floats: a quarter of the traffic to another device.
    const at::Tensor here = nhwc.to(device).permute({0, 3, 1, 2}).to(at::kFloat);
    return options.channelsLast ? here : here.contiguous();
}

at::Tensor Interpreter::Impl::forward(const Batch& batch, int target,
                                      const c10::optional<at::Generator>& randomness)
{
    at::init_num_threads(); // useThreads() was perhaps called in another thread
    const auto lastReader = lastReadersUpTo(graph, target);
    std::vector<at::Tensor> results(target + 1);
    results[0] = named(graph.nodes[0].name, [&] { return pixels(batch); });
    for (int i = 1; i <= target; ++i) {
        if (lastReader[i] < 0)
            continue;
        const auto& node = graph.nodes[i];
        Call call {own[i], {}, type(), randomness};
        for (const int input : node.inputs)
            call.inputs.push_back(results[input]);
        for (const int input : node.inputs) {
            if (lastReader[input] == i)
                results[input].reset();
        }
        results[i] = named(node.name, [&] { return runLayer(node.op, call); });
    }
    return results[target].to(at::kFloat);
}

Interpreter::Interpreter(network::Graph graph, const network::TensorMap& weights, const Options& options)
    : m_impl(std::make_unique<Impl>(std::move(graph), options))
{
    m_impl->load(weights);
}

Interpreter::~Interpreter() = default;
Interpreter::Interpreter(Interpreter&&) noexcept = default;
Interpreter& Interpreter::operator=(Interpreter&&) noexcept = default;

std::vector<float> Interpreter::run(const Batch& batch, std::string_view stage)
{
    const c10::InferenceMode evaluation;
    return numbers(m_impl->forward(batch, m_impl->node(stage), {}));
}

std::vector<float> Interpreter::pooled(const Batch& batch, std::string_view stage)
{
    const c10::InferenceMode evaluation;
    const at::Tensor result = m_impl->forward(batch, m_impl->node(stage), {});
    return numbers(result.dim() == 4 ? result.mean({2, 3}) : result);
}

double Interpreter::step(const Batch& batch, std::span<const std::int64_t> labels, double learningRate,
                         std::uint64_t seed)
{
    if (!m_impl->options.trainable || std::ssize(labels) != batch.count)
        throw Error("training step", "needs a trainable network and one label for each picture",
                    "Check the call.");
    const at::AutoGradMode withGradients(true);
    at::Generator randomness = at::globalContext().defaultGenerator(m_impl->device).clone();
    randomness.set_current_seed(seed);
    const at::Tensor logits = m_impl->forward(batch, m_impl->node({}), randomness);
    return named("training step", [&] {
        const at::Tensor truth =
            view(labels.data(), {static_cast<std::int64_t>(labels.size())}, at::kLong).to(m_impl->device);
        const at::Tensor loss = at::cross_entropy_loss(logits, truth);
        loss.backward();

        const at::NoGradGuard update;
        for (const auto& parameter : m_impl->parameters) {
            at::Tensor& tensor = m_impl->tensor(parameter);
            if (!tensor.grad().defined())
                continue;
            tensor.sub_(tensor.grad(), learningRate);
            tensor.mutable_grad().reset();
        }
        return loss.item<double>();
    });
}

network::TensorMap Interpreter::weights() const
{
    network::TensorMap copy;
    for (const auto& parameter : m_impl->parameters)
        copy.emplace(parameter.name, network::Tensor {parameter.shape, numbers(m_impl->tensor(parameter))});
    return copy;
}

} // namespace graft::neural
