#pragma once
#include "core/augment/warp.h"

#include <span>

namespace graft::augment {

/// Averages over the area that each pixel of `out` covers (OpenCV's INTER_AREA). Requires `out` to be no
/// larger than `in` along either side; they must not overlap.
void shrink(const ConstPixels& in, const Pixels& out, Scratch& scratch);

/// A picture to take samples from.
struct Source {
    ConstPixels pixels;
    Border border;
};

/// Writes `count` pixels to `out`: pixel i is `source` at column x[i] and row y[i], bilinear; whole numbers
/// are the middles of pixels, and there the value is exactly the pixel's. Positions that are no number count
/// as far outside. Writes one byte more than the pixels need.
void sample(const Source& source, const float* x, const float* y, int count, std::uint8_t* out);

/// The same where columns and rows do not depend on one another: pixel (i, j) of `out` is `source` at column
/// x[i] and row y[j]. Much faster. Requires as many positions as `out` has columns and rows.
void sampleGrid(const Source& source, std::span<const float> x, std::span<const float> y, const Pixels& out,
                Scratch& scratch);

} // namespace graft::augment
