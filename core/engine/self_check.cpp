#include "core/engine/self_check.h"

#include "core/base/random.h"

#include <cmath>

namespace graft::engine {

namespace {

struct Disc {
    double x, y, radius;
    std::array<double, 3> colour;
};

/// Discs of random colours on a gradient.
Image drawn(std::uint32_t number)
{
    constexpr int width = 160;
    constexpr int height = 120;
    constexpr int discs = 6;
    constexpr std::uint64_t seed = 20;
    Draws draws({.seed = seed, .sample = number});
    std::array<Disc, discs> list {};
    for (Disc& disc : list) {
        disc = {draws.uniform(0, width), draws.uniform(0, height), draws.uniform(10, 45), {}};
        for (double& channel : disc.colour)
            channel = draws.uniform(0, 255);
    }
    Image image {width, height, {}};
    image.rgb.reserve(std::size_t {3} * width * height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            std::array<double, 3> pixel {255.0 * x / width, 255.0 * y / height, 128.0};
            for (const Disc& disc : list) {
                if (std::hypot(x - disc.x, y - disc.y) < disc.radius)
                    pixel = disc.colour;
            }
            for (const double channel : pixel)
                image.rgb.push_back(static_cast<std::uint8_t>(channel));
        }
    }
    return image;
}

} // namespace

std::array<Image, 5> selfCheckPictures()
{
    return {drawn(0), drawn(1), drawn(2), drawn(3), drawn(4)};
}

} // namespace graft::engine
