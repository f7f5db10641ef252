#pragma once
#include "core/learn/strategy.h"

#include <vector>

namespace graft::learn {

/// Shifts and scales each channel to mean 0 and deviation 1 over the rows it was made from.
class Standardiser
{
public:
    explicit Standardiser(const LabelledFeatures& training);

    /// Row-major, as many columns as the training rows have.
    std::vector<float> apply(std::span<const float> values) const;

    network::Tensor mean() const; ///< [channels]
    network::Tensor scale() const; ///< [channels], 1 / deviation

    /// Turns a linear function of standardised features into the same function of raw ones:
    /// w · (x - mean) · scale + b = (w · scale) · x + (b - Σ w · scale · mean). `weight` is [classes,
    /// channels].
    void fold(network::Tensor& weight, network::Tensor& bias) const;

private:
    std::vector<double> m_mean;
    std::vector<double> m_scale; ///< 1 / deviation
};

} // namespace graft::learn
