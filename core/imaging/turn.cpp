#include "core/imaging/turn.h"

#include <cstddef>
#include <cstring>

namespace graft::imaging {

Image turn(Image image, int orientation)
{
    if (orientation < 2 || orientation > 8)
        return image;
    const std::ptrdiff_t right = image.width - 1;
    const std::ptrdiff_t bottom = image.height - 1;
    Image out {image.width, image.height, {}};
    if (turnsOnSide(orientation))
        std::swap(out.width, out.height);
    out.rgb.resize(image.rgb.size());
    // For each pixel of the result: where it stands in the file.
    const auto source = [&](std::ptrdiff_t x, std::ptrdiff_t y) {
        const auto at = [&](std::ptrdiff_t column, std::ptrdiff_t row) { return row * image.width + column; };
        switch (orientation) {
        case 2:
            return at(right - x, y);
        case 3:
            return at(right - x, bottom - y);
        case 4:
            return at(x, bottom - y);
        case 5:
            return at(y, x);
        case 6:
            return at(y, bottom - x);
        case 7:
            return at(right - y, bottom - x);
        default:
            return at(right - y, x);
        }
    };
    std::uint8_t* pixel = out.rgb.data();
    for (int y = 0; y < out.height; ++y) {
        for (int x = 0; x < out.width; ++x, pixel += 3)
            std::memcpy(pixel, image.rgb.data() + source(x, y) * 3, 3);
    }
    return out;
}

} // namespace graft::imaging
