#include "core/neural/inside/parameter_update.h"

#include <ATen/Parallel.h>

namespace graft::neural {

namespace {

constexpr std::int64_t worthAThread = 32768; ///< numbers

/// In one pass over the numbers.
void changeOnCpu(Optimizer optimizer, const at::Tensor& weight, const at::Tensor& gradient,
                 const std::vector<at::Tensor>& slots, const StepNumbers<float>& numbers)
{
    auto* const w = weight.data_ptr<float>();
    const auto* const g = gradient.data_ptr<float>();
    std::array<float*, 2> memory {};
    for (std::size_t k = 0; k < slots.size(); ++k)
        memory[k] = slots[k].data_ptr<float>();
    at::parallel_for(0, weight.numel(), worthAThread, [&](std::int64_t begin, std::int64_t end) {
        std::array<float*, 2> part = memory;
        for (std::size_t k = 0; k < slots.size(); ++k)
            part[k] += begin;
        changeNumbers(optimizer, w + begin, g + begin, part, static_cast<std::size_t>(end - begin), numbers);
    });
}

} // namespace

LossScale::LossScale(double first, at::Device device)
    : scale(at::full({}, first, at::TensorOptions(device).dtype(at::kFloat)))
    , streak(at::zeros({}, at::TensorOptions(device).dtype(at::kFloat)))
{
}

void LossScale::adapt(const at::Tensor& overflowed)
{
    constexpr double longStreak = 2000.0; // updates
    const at::Tensor longer = streak + 1;
    const at::Tensor grows = longer >= longStreak;
    scale = at::where(overflowed, scale * 0.5, at::where(grows, scale * 2.0, scale));
    streak = at::where(overflowed.logical_or(grows), at::zeros_like(streak), longer);
}

at::Tensor prepareGradients(std::vector<at::Tensor>& gradients, double clipNorm, const LossScale& scale)
{
    const bool scaled = scale.scale.defined();
    if (!scaled && clipNorm <= 0.0)
        return {};
    std::vector<at::Tensor> norms;
    for (at::Tensor& gradient : gradients) {
        if (!gradient.defined())
            continue;
        if (scaled)
            gradient.div_(scale.scale);
        norms.push_back(gradient.norm());
    }
    const at::Tensor norm = at::stack(norms).norm();
    if (clipNorm > 0.0) {
        const at::Tensor factor = (clipNorm / (norm + 1e-6)).clamp_max(1.0);
        for (at::Tensor& gradient : gradients) {
            if (gradient.defined())
                gradient.mul_(factor);
        }
    }
    return scaled ? at::isfinite(norm).logical_not() : at::Tensor();
}

void changeTensor(Optimizer optimizer, at::Tensor& weight, const at::Tensor& gradient,
                  std::vector<at::Tensor>& slots, const StepNumbers<double>& numbers,
                  const StepNumbers<float>& sameForFloats, const at::Tensor& skip)
{
    if (weight.is_cpu() && !skip.defined()) {
        changeOnCpu(optimizer, weight, gradient, slots, sameForFloats);
        return;
    }
    withFormula(optimizer, [&]<class Formula>(Formula) {
        at::Tensor next = weight.detach();
        std::array<at::Tensor, Formula::slots> slot;
        std::ranges::copy(slots, slot.begin());
        Formula::change(next, gradient, slot, numbers);
        const auto keep = [&](at::Tensor& now, const at::Tensor& then) {
            now.copy_(skip.defined() ? at::where(skip, now, then) : then);
        };
        keep(weight, next);
        for (std::size_t k = 0; k < Formula::slots; ++k)
            keep(slots[k], slot[k]);
    });
}

} // namespace graft::neural
