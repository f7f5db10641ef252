#pragma once
#include "core/neural/loss.h"

#include <ATen/ATen.h>

// Inside this room only: a file that includes this takes the compiler many seconds.
namespace graft::neural {

/// The losses of loss.h for tensors, on any device.
class TensorLoss
{
public:
    TensorLoss(const LossOptions& options, std::int64_t classes, at::Device device);

    struct Value {
        at::Tensor sum; ///< of the pictures' losses, each times the weight of its class
        at::Tensor slope; ///< d sum / d logit, [pictures, classes]
    };

    /// float32 logits [pictures, classes] and int64 labels [pictures].
    Value of(const at::Tensor& logits, const at::Tensor& labels) const;

private:
    Loss m_loss;
    double m_smoothing;
    at::Tensor m_weights; ///< one for each class
};

} // namespace graft::neural
