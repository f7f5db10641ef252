#pragma once
#include <cstdint>
#include <vector>

namespace graft {

/// A picture: 8-bit sRGB, rows from the top, no gaps. `rgb` holds width * height * 3 bytes.
struct Image {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;

    bool operator==(const Image&) const = default;
};

} // namespace graft
