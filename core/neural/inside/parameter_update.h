#pragma once
#include "core/neural/inside/optimizer_formulas.h"
#include "core/neural/optimizer.h"

#include <ATen/ATen.h>

#include <vector>

// Inside this room only: a file that includes this takes the compiler many seconds.
namespace graft::neural {

/// The factor that keeps small gradients alive in Float16, on the device, so that nobody waits for it. As
/// PyTorch's GradScaler: halved where a gradient overflowed, doubled after 2,000 updates without.
struct LossScale {
    at::Tensor scale; ///< undefined: the loss is not scaled
    at::Tensor streak; ///< updates since the last change

    LossScale() = default;
    LossScale(double first, at::Device device);

    void adapt(const at::Tensor& overflowed);
};

/// Divides by the scale and limits the length of all gradients together (as PyTorch's clip_grad_norm_; 0: no
/// limit), in place. With a scale it says whether anything overflowed; else undefined.
at::Tensor prepareGradients(std::vector<at::Tensor>& gradients, double clipNorm, const LossScale& scale);

/// One update in place. Where `skip` is defined and true, nothing changes.
void changeTensor(Optimizer optimizer, at::Tensor& weight, const at::Tensor& gradient,
                  std::vector<at::Tensor>& slots, const StepNumbers<double>& numbers,
                  const StepNumbers<float>& sameForFloats, const at::Tensor& skip);

} // namespace graft::neural
