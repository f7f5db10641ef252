#pragma once
#include "core/base/image.h"

#include <cstdint>
#include <vector>

namespace graft::imaging {

/// 64 bits that stay nearly the same when a picture is scaled, recompressed or slightly changed: signs of the
/// lowest 8x8 DCT coefficients of the 32x32 grey picture against their median (C. Zauner, "Implementation and
/// benchmarking of perceptual image hash functions", 2010).
std::uint64_t perceptualHash(const Image& image);

/// The picture as 32x32 grey values (area means), row-major: to compare two pictures that hash alike.
std::vector<std::uint8_t> signature(const Image& image);

} // namespace graft::imaging
