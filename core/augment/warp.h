#pragma once
#include "core/augment/mapping.h"
#include "core/augment/pixels.h"

#include <array>
#include <cstdint>

namespace graft::augment {

/// What stands where a picture has no pixels.
struct Border {
    enum class Mode {
        Mirror, ///< the picture mirrored at its outermost pixels (OpenCV's BORDER_REFLECT_101)
        Repeat, ///< its outermost pixels again and again (BORDER_REPLICATE)
        Colour, ///< one colour (BORDER_CONSTANT)
    };

    Mode mode = Mode::Mirror;
    std::array<std::uint8_t, channels> colour {128, 128, 128}; ///< for Mode::Colour

    bool operator==(const Border&) const = default;
};

/// Fills `out` with what `mapping` takes from `source`, of which `out`'s frame is the centre crop, pixel for
/// pixel (cropOffset() of base/preprocess_spec.h). Bilinear, with weights in float32; where the mapping
/// shrinks to less than half, `source` is averaged down first. A mapping that only moves whole pixels copies
/// them. A mapping with bends is computed at every fourth pixel and linear in between. `source` and `out`
/// must not overlap.
void warp(const ConstPixels& source, const Mapping& mapping, const Border& border, const Pixels& out,
          Scratch& scratch);

} // namespace graft::augment
