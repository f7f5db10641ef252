#pragma once
#include "core/augment/pipeline.h"
#include "tests/support/drawn_shapes.h"

#include <cmath>
#include <cstdlib>

namespace graft::tests {

/// Smooth waves with a shape in front: something for every op to work on.
inline Image photo(int width, int height)
{
    Image image = drawnShape(width % 4, static_cast<std::uint32_t>(height), width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (int c = 0; c < 3; ++c) {
                auto& value = image.rgb[static_cast<std::size_t>((y * width + x) * 3 + c)];
                const double wave = 50.0 * std::sin(0.06 * x + 0.05 * c * y) + 40.0 * std::cos(0.09 * y + c);
                value = static_cast<std::uint8_t>(std::clamp(0.6 * value + wave + 40.0, 0.0, 255.0));
            }
        }
    }
    return image;
}

inline Image filled(int width, int height, std::array<std::uint8_t, 3> colour)
{
    Image image {width, height, {}};
    for (int i = 0; i < width * height; ++i)
        image.rgb.insert(image.rgb.end(), colour.begin(), colour.end());
    return image;
}

inline Image greyOf(Image image)
{
    for (std::size_t i = 0; i < image.rgb.size(); i += 3)
        image.rgb[i + 1] = image.rgb[i + 2] = image.rgb[i];
    return image;
}

inline std::uint8_t at(const Image& image, int x, int y, int channel = 0)
{
    return image.rgb[static_cast<std::size_t>((y * image.width + x) * 3 + channel)];
}

/// One op with chosen draws, at the size of the picture.
inline Image applied(std::string_view op, const augment::Drawn& drawn, const Image& image,
                     const augment::Border& border = {})
{
    Image out {image.width, image.height, {}};
    out.rgb.resize(image.rgb.size());
    const std::array steps {augment::DrawnStep {0, augment::findOp(op), drawn}};
    augment::applySteps(image, steps, border, {image.width, image.height}, out.rgb);
    return out;
}

struct Difference {
    int largest = 0;
    double mean = 0.0;
};

inline Difference difference(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b)
{
    Difference result;
    if (a.size() != b.size())
        return {255, 255.0};
    for (std::size_t i = 0; i < a.size(); ++i) {
        const int apart = std::abs(a[i] - b[i]);
        result.largest = std::max(result.largest, apart);
        result.mean += apart;
    }
    result.mean /= static_cast<double>(a.size());
    return result;
}

struct Moments {
    double mean = 0.0;
    double variance = 0.0;
};

inline Moments moments(const std::vector<std::uint8_t>& values)
{
    Moments result;
    for (const std::uint8_t value : values)
        result.mean += value;
    result.mean /= static_cast<double>(values.size());
    for (const std::uint8_t value : values)
        result.variance += (value - result.mean) * (value - result.mean);
    result.variance /= static_cast<double>(values.size());
    return result;
}

} // namespace graft::tests
