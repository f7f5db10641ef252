#pragma once
#include <array>

namespace graft {

enum class Interpolation { Bilinear, Bicubic };

/// How a picture becomes a network's input. Travels inside every model, so that every screen, the command
/// line and the exported model do the same: shorter side to `resize` pixels (antialiased, as Pillow does it),
/// centre square of `crop` pixels, then (pixel / 255 - mean) / std for each of R, G, B. The last step runs
/// inside the graph, in float32.
struct PreprocessSpec {
    int resize = 256; ///< pixels, shorter side
    int crop = 224; ///< pixels, height and width of the input
    Interpolation interpolation = Interpolation::Bicubic;
    std::array<float, 3> mean {0.485F, 0.456F, 0.406F}; ///< of pixel / 255, in R, G, B order
    std::array<float, 3> std {0.229F, 0.224F, 0.225F};

    bool operator==(const PreprocessSpec&) const = default;
};

} // namespace graft
