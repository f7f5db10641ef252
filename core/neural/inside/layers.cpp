#include "core/neural/inside/layers.h"

#include "core/base/random.h"

#include <cmath>
#include <stdexcept>

namespace graft::neural {

namespace {

constexpr std::uint32_t dropoutDraws = 0x64726f70; ///< keeps these draws apart from those of other uses

std::array<std::int64_t, 2> pair(const network::Extent& extent)
{
    return {extent.height, extent.width};
}

// One overload for each layer: the compiler names the one that is missing.
at::Tensor run(const network::Input&, const Call& call)
{
    return call.input();
}

at::Tensor run(const network::Affine&, const Call& call)
{
    const at::Tensor& scale = call.as(Role::Weight);
    const at::Tensor& shift = call.as(Role::Bias);
    const at::Tensor input = call.input().to(at::kFloat); // pixels minus their mean lose digits in bfloat16
    return at::addcmul(shift, input, scale).to(call.type);
}

at::Tensor run(const network::Pad& op, const Call& call)
{
    return at::constant_pad_nd(call.input(), {op.left, op.right, op.top, op.bottom});
}

at::Tensor run(const network::Conv& op, const Call& call)
{
    return at::conv2d(call.input().to(call.type), call.typed(Role::Weight), call.typed(Role::Bias),
                      pair(op.stride), pair(op.padding), 1, op.groups);
}

at::Tensor run(const network::BatchNorm& op, const Call& call)
{
    constexpr double momentum = 0.1;
    const bool byBatch = call.learning != nullptr && call.learning->batchStatistics;
    at::Tensor mean = call.as(Role::Mean);
    at::Tensor variance = call.as(Role::Variance);
    if (byBatch) {
        if (call.input().numel() == call.input().size(1))
            throw std::runtime_error("one number for each channel has no variance");
        const bool notes = call.learning->measured != nullptr;
        mean = notes ? mean.clone() : at::Tensor();
        variance = notes ? variance.clone() : at::Tensor();
    }
    at::Tensor result = at::batch_norm(call.input(), call.as(Role::Weight), call.as(Role::Bias), mean,
                                       variance, byBatch, momentum, op.epsilon, true);
    if (byBatch && mean.defined()) {
        call.learning->measured->push_back({call.as(Role::Mean), mean});
        call.learning->measured->push_back({call.as(Role::Variance), variance});
    }
    return result;
}

at::Tensor run(const network::Relu& op, const Call& call)
{
    if (std::isinf(op.ceiling))
        return call.mayOverwrite() ? call.input().relu_() : call.input().relu();
    return call.mayOverwrite() ? call.input().clamp_(0, op.ceiling) : call.input().clamp(0, op.ceiling);
}

at::Tensor run(const network::MaxPool& op, const Call& call)
{
    return at::max_pool2d(call.input(), pair(op.kernel), pair(op.stride), pair(op.padding));
}

at::Tensor run(const network::AvgPool& op, const Call& call)
{
    constexpr bool ceilMode = false;
    return at::avg_pool2d(call.input(), pair(op.kernel), pair(op.stride), pair(op.padding), ceilMode,
                          op.countsPadding);
}

at::Tensor run(const network::AdaptivePool& op, const Call& call)
{
    return at::adaptive_avg_pool2d(call.input(), pair(op.size));
}

at::Tensor run(const network::GlobalPool&, const Call& call)
{
    return call.input().mean({2, 3});
}

at::Tensor run(const network::Add&, const Call& call)
{
    return call.mayOverwrite() ? call.input().add_(call.inputs[1]) : call.input().add(call.inputs[1]);
}

at::Tensor run(const network::Concat&, const Call& call)
{
    return at::cat(call.inputs, 1);
}

at::Tensor run(const network::Flatten&, const Call& call)
{
    return call.input().flatten(1);
}

/// Ones for the numbers that stay. Each depends on the seed, the layer, the picture's index in the batch and
/// the place in its row-major result, and on nothing else.
at::Tensor staying(const network::Dropout& op, const Call& call)
{
    const at::Tensor& input = call.input();
    const Learning& learning = *call.learning;
    const at::Tensor mask =
        at::empty(input.sizes(), at::TensorOptions(at::kByte).pinned_memory(input.is_cuda()));
    const auto limit = static_cast<std::uint64_t>(op.probability * 0x1p32); // of a 32-bit word
    const std::array key {static_cast<std::uint32_t>(learning.seed),
                          static_cast<std::uint32_t>(learning.seed >> 32U)};
    const std::int64_t perPicture = input.numel() / input.size(0);
    auto* next = mask.data_ptr<std::uint8_t>();
    for (std::int64_t picture = 0; picture < input.size(0); ++picture) {
        std::array<std::uint32_t, 4> words {};
        for (std::int64_t place = 0; place < perPicture; ++place) {
            if (place % 4 == 0)
                words = philox({static_cast<std::uint32_t>(place / 4), static_cast<std::uint32_t>(call.node),
                                dropoutDraws, static_cast<std::uint32_t>(learning.first + picture)},
                               key);
            *next++ = words[static_cast<std::size_t>(place % 4)] >= limit ? 1 : 0;
        }
    }
    return mask.to(input.options().dtype(at::kByte), /*non_blocking=*/true)
        .to(input.scalar_type())
        .contiguous(input.suggest_memory_format());
}

at::Tensor run(const network::Dropout& op, const Call& call)
{
    if (call.learning == nullptr || !call.learning->dropout)
        return call.input();
    return call.input() * staying(op, call).mul_(1.0 / (1.0 - op.probability));
}

at::Tensor run(const network::Linear&, const Call& call)
{
    return at::linear(call.input().to(call.type), call.typed(Role::Weight), call.typed(Role::Bias));
}

} // namespace

at::Tensor runLayer(const network::Op& op, const Call& call)
{
    return std::visit([&](const auto& layer) { return run(layer, call); }, op);
}

} // namespace graft::neural
