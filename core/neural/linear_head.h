#pragma once
#include "core/network/weights/tensor_map.h"
#include "core/neural/loss.h"
#include "core/neural/optimizer.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace graft::neural {

/// Mean loss (weighted by class where there are class weights) and share of right answers over some rows.
struct HeadScore {
    double loss = 0.0;
    double accuracy = 0.0; ///< 0..1
};

/// logits = weight * features + bias. Weights start at zero; the bias does not decay. Deterministic: the same
/// calls give the same bits on the same machine. Not thread-safe.
class LinearHead
{
public:
    /// `clipNorm`: the longest gradient of weights and bias together, as PyTorch's clip_grad_norm_; 0: no
    /// limit. Throws Error where the options do not fit.
    LinearHead(int channels, int classes, const LossOptions& loss, const OptimizerOptions& optimizer,
               double clipNorm = 0.0);
    ~LinearHead();
    LinearHead(LinearHead&&) noexcept;
    LinearHead& operator=(LinearHead&&) noexcept;

    /// One step on the rows named by `rows` (indices into `features`, row-major [*, channels]); returns the
    /// loss and accuracy of these rows before the step. Throws Error where the loss is not finite.
    HeadScore step(std::span<const float> features, std::span<const std::int64_t> labels,
                   std::span<const std::int64_t> rows, double learningRate);

    /// Row-major [rows, classes].
    std::vector<float> logits(std::span<const float> features) const;

    HeadScore score(std::span<const float> features, std::span<const std::int64_t> labels) const;

    network::Tensor weight() const; ///< [classes, channels]
    network::Tensor bias() const; ///< [classes]

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace graft::neural
