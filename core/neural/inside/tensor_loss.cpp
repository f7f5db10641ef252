#include "core/neural/inside/tensor_loss.h"

#include "core/neural/inside/loss_formulas.h"
#include "core/neural/inside/tensors.h"

namespace graft::neural {

namespace {

struct TensorNumbers {
    using Row = at::Tensor; ///< [pictures, classes]
    using Sum = at::Tensor; ///< [pictures, 1]

    static Sum sum(const Row& row) { return row.sum(1, /*keepdim=*/true); }

    static Sum largest(const Row& row) { return row.amax(1, /*keepdim=*/true); }

    static Row sign(const Row& row) { return row.sign(); }
};

} // namespace

TensorLoss::TensorLoss(const LossOptions& options, std::int64_t classes, at::Device device)
    : m_loss(options.loss)
    , m_smoothing(options.labelSmoothing)
    , m_weights(at::ones({classes}, at::kFloat))
{
    requireFit(options, classes);
    if (!options.classWeights.empty())
        m_weights.copy_(view(options.classWeights.data(), {classes}, at::kDouble));
    m_weights = m_weights.to(device);
}

TensorLoss::Value TensorLoss::of(const at::Tensor& logits, const at::Tensor& labels) const
{
    const auto classes = static_cast<double>(logits.size(1));
    const double off = m_smoothing / classes;
    const at::Tensor wanted =
        at::full_like(logits, off).scatter_(1, labels.unsqueeze(1), 1.0 - m_smoothing + off);
    const at::Tensor ofTruth = m_weights.index_select(0, labels).unsqueeze(1);
    const auto rows = rowLoss<TensorNumbers>(m_loss, logits, wanted, m_weights, ofTruth, classes);
    return {rows.loss.sum(at::kDouble), rows.slope};
}

} // namespace graft::neural
