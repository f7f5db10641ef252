#pragma once
#include "core/neural/loss.h"

#include <cstddef>
#include <valarray>

namespace graft::neural {

/// The losses of loss.h for one picture of plain numbers at a time.
class PlainLoss
{
public:
    /// Throws Error where the options do not fit this number of classes.
    PlainLoss(const LossOptions& options, std::size_t classes);

    double weight(std::size_t truth) const { return m_weights[truth]; }

    /// The loss of a picture of class `truth`, times that class's weight; its logits become the slope, d loss
    /// / d logit.
    double of(std::size_t truth, std::valarray<double>& logits) const;

private:
    Loss m_loss;
    double m_smoothing;
    std::valarray<double> m_weights; ///< one for each class
};

} // namespace graft::neural
