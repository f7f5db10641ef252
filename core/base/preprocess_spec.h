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

/// Where along a side of `size` pixels the centre crop begins: torchvision's int(round((size - crop) / 2.0)),
/// halves to the even number. Where the side is shorter than the crop it stands in the middle of it: minus as
/// many pixels as the crop has before it, rounded down.
constexpr int cropOffset(int size, int crop)
{
    const int twice = size - crop;
    return twice / 2 + (twice > 0 && twice % 2 != 0 && (twice / 2) % 2 != 0 ? 1 : 0);
}

} // namespace graft
