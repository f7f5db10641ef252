#pragma once
#include "core/base/random.h"
#include "core/learn/strategy.h"

#include <cmath>

namespace graft::test {

/// Clouds of points around one centre for each class, in channels of very different size and place.
inline learn::LabelledFeatures clouds(int rows, int channels, int classes, double spread, std::uint64_t seed)
{
    learn::LabelledFeatures features;
    features.channels = channels;
    for (int row = 0; row < rows; ++row) {
        const int label = row % classes;
        features.labels.push_back(label);
        Draws draws({seed, static_cast<std::uint32_t>(row), 0, 0});
        for (int c = 0; c < channels; ++c) {
            Draws centre({7, static_cast<std::uint32_t>(label), static_cast<std::uint32_t>(c), 1});
            const double value = centre.normal() + spread * draws.normal();
            features.values.push_back(static_cast<float>(5.0 * c + std::pow(10.0, c % 4 - 2) * value));
        }
    }
    return features;
}

} // namespace graft::test
