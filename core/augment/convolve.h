#pragma once
#include "core/augment/pixels.h"

#include <cstdint>
#include <span>

namespace graft::augment {

/// What a neighbour adds to a pixel: `weight` 256ths of it.
struct Tap {
    int dx = 0;
    int dy = 0;
    std::uint16_t weight = 0;
};

/// Every pixel becomes the weighted sum of its neighbours, rounded. Outside, the picture is mirrored at its
/// outermost pixels. Requires the weights to add up to 256.
void convolve(const Pixels& pixels, std::span<const Tap> taps, Scratch& scratch);

/// The same with a neighbourhood that is symmetric and the same in both directions: across, rounded, then
/// down. `weights` are those of the middle and of its neighbours on one side, outwards. Requires the middle
/// one and twice the others to add up to 256.
void blur(const Pixels& pixels, std::span<const std::uint16_t> weights, Scratch& scratch);

/// Whole 256ths out of shares that add up to 1: rounded such that the sum is kept, each within one of its
/// share.
void toWeights(std::span<const float> shares, std::span<std::uint16_t> weights);

} // namespace graft::augment
