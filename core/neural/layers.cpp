#include "core/neural/layers.h"

#include <cmath>

namespace graft::neural {

namespace {

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
    return at::batch_norm(call.input(), call.as(Role::Weight), call.as(Role::Bias), call.as(Role::Mean),
                          call.as(Role::Variance), call.training(), momentum, op.epsilon, true);
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

at::Tensor run(const network::Dropout& op, const Call& call)
{
    if (!call.training())
        return call.input();
    const double kept = 1.0 - op.probability;
    return call.input() * at::empty_like(call.input()).bernoulli_(kept, call.randomness).div_(kept);
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
