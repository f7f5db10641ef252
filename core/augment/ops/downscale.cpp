#include "core/augment/drawing.h"
#include "core/augment/op.h"
#include "core/augment/resample.h"

#include <algorithm>
#include <cmath>

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
    const auto places = [&](int from, int to) {
        const auto positions = scratch.take<float>(static_cast<std::size_t>(to));
        for (int i = 0; i < to; ++i)
            positions[static_cast<std::size_t>(i)] = static_cast<float>((i + 0.5) * from / to - 0.5);
        return positions;
    };
    sampleGrid({small, {.mode = Border::Mode::Repeat}}, places(small.width, pixels.width),
               places(small.height, pixels.height), pixels, scratch);
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
