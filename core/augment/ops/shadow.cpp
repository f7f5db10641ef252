#include "core/augment/drawing.h"
#include "core/augment/op.h"
#include "core/augment/vectorised.h"

#include <cmath>

namespace graft::augment {

namespace {

/// Darkness, direction of the edge in degrees, its distance from the middle in units of half of the diagonal.
Drawn draw(std::span<const double> settings, Draws& draws)
{
    const double darkness = draws.uniform(0.0, settings[0] * percent);
    const double direction = draws.uniform(0.0, 360.0);
    return {darkness, direction, symmetric(draws, 0.5)};
}

/// Multiplies a row by 1 - darkness on one side of a line, by 1 on the other, evenly in between: `begin` is
/// how deep in the shadow the first pixel lies (0 .. 1 is the soft edge), `step` the change to the next.
GRAFT_FOR_EACH_PROCESSOR
void darken(std::uint8_t* rgb, int width, float begin, float step, float darkness)
{
    int x = 0;
    forEachPlanarBlock(rgb, rgb, static_cast<std::size_t>(width), [&](Planes& planes, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const float depth = begin + step * static_cast<float>(x + static_cast<int>(i));
            const float light = 1.0F - darkness * std::min(std::max(depth, 0.0F), 1.0F);
            planes.red[i] = roundToByte(static_cast<float>(planes.red[i]) * light);
            planes.green[i] = roundToByte(static_cast<float>(planes.green[i]) * light);
            planes.blue[i] = roundToByte(static_cast<float>(planes.blue[i]) * light);
        }
        x += static_cast<int>(count);
    });
}

/// A straight shadow with a soft edge covers one side of the picture (albumentations' RandomShadow has sharp
/// ones with several corners).
void change(const Drawn& drawn, const Pixels& pixels, Scratch&)
{
    if (drawn[0] == 0.0)
        return;
    const double halfDiagonal = std::hypot(pixels.width, pixels.height) / 2.0;
    constexpr double softness = 0.05; // of half of the diagonal
    const double perPixel = 1.0 / (softness * halfDiagonal);
    const double stepX = std::cos(drawn[1] * degree) * perPixel;
    const double stepY = std::sin(drawn[1] * degree) * perPixel;
    const double middle = 0.5 - drawn[2] / softness;
    for (int y = 0; y < pixels.height; ++y) {
        const double begin =
            middle + stepY * (y - (pixels.height - 1) / 2.0) - stepX * (pixels.width - 1) / 2.0;
        darken(pixels.row(y), pixels.width, static_cast<float>(begin), static_cast<float>(stepX),
               static_cast<float>(drawn[0]));
    }
}

} // namespace

OpSpec shadow()
{
    return {
        .id = "shadow",
        .title = "Shadow",
        .sentence = "A shadow falls across the thing.",
        .labelHint = {},
        .group = Group::Light,
        .parameters = {limit("% darker", 90.0, 50.0)},
        .texts = {{"", " % darker", 100.0, 0}},
        .draw = draw,
        .effect = &change,
    };
}

} // namespace graft::augment
