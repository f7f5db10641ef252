#pragma once
#include "core/base/image.h"
#include "core/base/random.h"
#include "core/imaging/decode.h"

#include <array>
#include <cmath>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// Pictures that tests draw for themselves: easy to tell apart, never twice the same.
namespace graft::tests {

inline constexpr std::array shapeNames {"disc", "stripes", "square", "triangle"};

/// One of shapeNames in a random colour, place and size on a random ground. A function of its arguments.
inline Image drawnShape(int shape, std::uint32_t number, int width = 96, int height = 80)
{
    Draws draws({.seed = 7, .sample = number, .op = static_cast<std::uint32_t>(shape)});
    const double x0 = draws.uniform(0.35, 0.65) * width;
    const double y0 = draws.uniform(0.35, 0.65) * height;
    const double size = draws.uniform(0.2, 0.32) * height;
    std::array<double, 3> ground {};
    std::array<double, 3> paint {};
    for (std::size_t c = 0; c < 3; ++c) {
        ground[c] = draws.uniform(150, 250);
        paint[c] = draws.uniform(0, 110);
    }
    const auto covers = [&](double x, double y) {
        switch (shape) {
        case 0:
            return std::hypot(x, y) < size;
        case 1:
            return std::abs(x) < size * 1.4 && std::abs(y) < size * 1.2
                && static_cast<int>(std::floor(y / size * 3.0 + 100.0)) % 2 == 0;
        case 2:
            return std::abs(x) < size * 0.9 && std::abs(y) < size * 0.9;
        default:
            return y < size * 0.8 && y > -size && std::abs(x) < (y + size) * 0.6;
        }
    };
    Image image {width, height, {}};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const auto& colour = covers(x - x0, y - y0) ? paint : ground;
            const double noise = 8.0 * draws.uniform();
            for (const double channel : colour)
                image.rgb.push_back(static_cast<std::uint8_t>(std::min(255.0, channel + noise)));
        }
    }
    return image;
}

/// folder/<shape>/<shape>-<n>.png, the first `classes` of shapeNames.
inline void drawShapes(const std::filesystem::path& folder, int classes, int perClass,
                       std::uint32_t firstNumber = 0)
{
    for (int shape = 0; shape < classes; ++shape) {
        const std::string name = shapeNames[static_cast<std::size_t>(shape)];
        std::filesystem::create_directories(folder / name);
        for (int i = 0; i < perClass; ++i) {
            const auto number = firstNumber + static_cast<std::uint32_t>(i);
            imaging::writePng(folder / name / (name + "-" + std::to_string(number) + ".png"),
                              drawnShape(shape, number));
        }
    }
}

} // namespace graft::tests
