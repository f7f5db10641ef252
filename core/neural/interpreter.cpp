#include "core/neural/interpreter.h"

#include "core/neural/memory.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <new>

namespace graft::neural {

namespace {

using network::Role;

/// The tensors of one node, by role; undefined where it has none. An Affine keeps its two constants here.
using Own = std::array<at::Tensor, 4>;

/// Everything a layer may look at while it runs.
struct Call {
    const Own& own;
    std::vector<at::Tensor> inputs;
    at::ScalarType type;
    c10::optional<at::Generator> randomness; ///< set while training

    bool training() const { return randomness.has_value(); }

    const at::Tensor& input() const { return inputs[0]; }

    const at::Tensor& as(Role role) const { return own[static_cast<std::size_t>(role)]; }

    /// In the precision of the computation. In training this is where float32 weights are rounded, so that
    /// the gradient comes back in float32.
    at::Tensor typed(Role role) const { return as(role).defined() ? as(role).to(type) : at::Tensor(); }

    /// Writing over the input saves memory and time, but only where nobody else can see it.
    bool mayOverwrite() const { return !at::GradMode::is_enabled() && input().storage().use_count() == 1; }
};

std::array<std::int64_t, 2> pair(const network::Extent& extent)
{
    return {extent.height, extent.width};
}

// One overload for each layer: the compiler names the one that is missing.
at::Tensor apply(const network::Input&, const Call& call)
{
    return call.input();
}

at::Tensor apply(const network::Affine&, const Call& call)
{
    const at::Tensor& scale = call.as(Role::Weight);
    const at::Tensor& shift = call.as(Role::Bias);
    const at::Tensor input = call.input().to(at::kFloat); // pixels minus their mean lose digits in bfloat16
    return at::addcmul(shift, input, scale).to(call.type);
}

at::Tensor apply(const network::Pad& op, const Call& call)
{
    return at::constant_pad_nd(call.input(), {op.left, op.right, op.top, op.bottom});
}

at::Tensor apply(const network::Conv& op, const Call& call)
{
    return at::conv2d(call.input().to(call.type), call.typed(Role::Weight), call.typed(Role::Bias),
                      pair(op.stride), pair(op.padding), 1, op.groups);
}

at::Tensor apply(const network::BatchNorm& op, const Call& call)
{
    constexpr double momentum = 0.1;
    return at::batch_norm(call.input(), call.as(Role::Weight), call.as(Role::Bias), call.as(Role::Mean),
                          call.as(Role::Variance), call.training(), momentum, op.epsilon, true);
}

at::Tensor apply(const network::Relu& op, const Call& call)
{
    if (std::isinf(op.ceiling))
        return call.mayOverwrite() ? call.input().relu_() : call.input().relu();
    return call.mayOverwrite() ? call.input().clamp_(0, op.ceiling) : call.input().clamp(0, op.ceiling);
}

at::Tensor apply(const network::MaxPool& op, const Call& call)
{
    return at::max_pool2d(call.input(), pair(op.kernel), pair(op.stride), pair(op.padding));
}

at::Tensor apply(const network::GlobalPool&, const Call& call)
{
    return call.input().mean({2, 3});
}

at::Tensor apply(const network::Add&, const Call& call)
{
    return call.mayOverwrite() ? call.input().add_(call.inputs[1]) : call.input().add(call.inputs[1]);
}

at::Tensor apply(const network::Dropout& op, const Call& call)
{
    if (!call.training())
        return call.input();
    const double kept = 1.0 - op.probability;
    return call.input() * at::empty_like(call.input()).bernoulli_(kept, call.randomness).div_(kept);
}

at::Tensor apply(const network::Linear&, const Call& call)
{
    return at::linear(call.input().to(call.type), call.typed(Role::Weight), call.typed(Role::Bias));
}

/// A view of numbers that nobody writes to: from_blob has no const form.
template <class Number>
at::Tensor view(const Number* numbers, at::IntArrayRef shape, at::ScalarType type)
{
    return at::from_blob(const_cast<Number*>(numbers), shape, type);
}

[[noreturn]] void outOfMemory(const std::string& subject)
{
    throw OutOfMemory(subject, "there is not enough memory left for this many pictures at once",
                      "Close other programs or use a smaller batch.");
}

/// Runs `work` and says what failed in it, whatever the tensor library throws.
template <class Work>
auto named(const std::string& subject, Work work)
{
    try {
        return work();
    } catch (const Error&) {
        throw;
    } catch (const c10::OutOfMemoryError&) {
        outOfMemory(subject);
    } catch (const std::bad_alloc&) {
        outOfMemory(subject);
    } catch (const std::exception& error) {
        const auto* ours = dynamic_cast<const c10::Error*>(&error);
        std::string text = ours != nullptr ? ours->what_without_backtrace() : error.what();
        // The CPU's allocator and oneDNN have no exception type of their own for this.
        for (const char* sign : {"allocate memory", "not enough memory", "out of memory"}) {
            if (text.find(sign) != std::string::npos)
                outOfMemory(subject);
        }
        text.resize(std::min(text.find('\n'), text.size()));
        throw Error(subject, "the layer cannot be computed: " + text,
                    "Try a smaller batch, or the device 'cpu'.");
    }
}

at::Device deviceOf(const std::string& id)
{
    try {
        return at::Device(id);
    } catch (const c10::Error&) {
        throw Error(id, "there is no such device", "Choose cpu, cuda or cuda:N.");
    }
}

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
        results[i] = named(
            node.name, [&] { return std::visit([&](const auto& op) { return apply(op, call); }, node.op); });
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

namespace {

std::vector<float> numbers(const at::Tensor& tensor)
{
    const at::Tensor here = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
    const auto* begin = here.data_ptr<float>();
    return {begin, begin + here.numel()};
}

} // namespace

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
