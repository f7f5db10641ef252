#include "core/learn/standardiser.h"

#include <cmath>

namespace graft::learn {

Standardiser::Standardiser(const LabelledFeatures& training)
    : m_mean(static_cast<std::size_t>(training.channels))
    , m_scale(m_mean.size())
{
    const auto rows = static_cast<double>(training.rows());
    const std::size_t channels = m_mean.size();
    for (std::size_t i = 0; i < training.values.size(); ++i)
        m_mean[i % channels] += training.values[i] / rows;
    for (std::size_t i = 0; i < training.values.size(); ++i)
        m_scale[i % channels] += std::pow(training.values[i] - m_mean[i % channels], 2) / rows;
    for (std::size_t c = 0; c < channels; ++c) {
        // A channel that never changes has a deviation of 0, or of rounding errors: it must not be blown up.
        constexpr double rounding = 1e-6;
        const double deviation = std::sqrt(m_scale[c]);
        m_scale[c] = deviation > rounding * std::abs(m_mean[c]) ? 1.0 / deviation : 1.0;
    }
}

std::vector<float> Standardiser::apply(std::span<const float> values) const
{
    std::vector<float> result(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t c = i % m_mean.size();
        result[i] = static_cast<float>((values[i] - m_mean[c]) * m_scale[c]);
    }
    return result;
}

network::Tensor Standardiser::mean() const
{
    return {{std::ssize(m_mean)}, {m_mean.begin(), m_mean.end()}};
}

network::Tensor Standardiser::scale() const
{
    return {{std::ssize(m_scale)}, {m_scale.begin(), m_scale.end()}};
}

void Standardiser::fold(network::Tensor& weight, network::Tensor& bias) const
{
    const std::size_t channels = m_mean.size();
    for (std::size_t k = 0; k < bias.values.size(); ++k) {
        double shift = bias.values[k];
        for (std::size_t c = 0; c < channels; ++c) {
            float& w = weight.values[k * channels + c];
            w = static_cast<float>(w * m_scale[c]);
            shift -= w * m_mean[c];
        }
        bias.values[k] = static_cast<float>(shift);
    }
}

} // namespace graft::learn
