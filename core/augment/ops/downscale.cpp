#include "core/augment/drawing.h"
#include "core/augment/op.h"
#include "core/augment/resample.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {draws.uniform(settings[0] * percent, 1.0)};
}

/// Shrunk by averaging and enlarged again, bilinear (albumentations' Downscale).
void change(const Drawn& drawn, const Pixels& pixels, Scratch& scratch)
{
    const auto part = [&](int size) {
        return std::clamp(static_cast<int>(std::lround(size * drawn[0])), 1, size);
    };
    Pixels small {nullptr, part(pixels.width), part(pixels.height)};
    if (small.width == pixels.width && small.height == pixels.height)
        return;
    small.data = scratch.take<std::uint8_t>(small.bytes()).data();
    shrink(pixels, small, scratch);
    const auto x = scratch.take<float>(static_cast<std::size_t>(pixels.width));
    const auto y = scratch.take<float>(static_cast<std::size_t>(pixels.width));
    const auto line = scratch.take<std::uint8_t>(pixels.stride() + 1);
    const auto smaller = [](int at, int from, int to) {
        return static_cast<float>((at + 0.5) * from / to - 0.5);
    };
    for (int column = 0; column < pixels.width; ++column)
        x[static_cast<std::size_t>(column)] = smaller(column, small.width, pixels.width);
    for (int row = 0; row < pixels.height; ++row) {
        std::fill(y.begin(), y.end(), smaller(row, small.height, pixels.height));
        sample({small, {.mode = Border::Mode::Repeat}}, x.data(), y.data(), pixels.width, line.data());
        std::memcpy(pixels.row(row), line.data(), pixels.stride());
    }
}

} // namespace

OpSpec downscale()
{
    return {
        .id = "downscale",
        .title = "Low resolution",
        .sentence = "The picture was taken from afar, or by a poor camera.",
        .labelHint = "Small signs, such as fine print or hair cracks, can vanish.",
        .group = Group::Quality,
        .parameters = {{.id = "smallest",
                        .title = "Smallest size",
                        .unit = "%",
                        .low = 10.0,
                        .high = 100.0,
                        .initial = 50.0,
                        .identity = 100.0}},
        .texts = {{"", " %", 100.0, 0}},
        .draw = draw,
        .effect = &change,
    };
}

} // namespace graft::augment
