#include "core/augment/drawing.h"
#include "core/augment/op.h"
#include "core/augment/vectorised.h"

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {symmetric(draws, settings[0])};
}

/// Hue as sixths of a turn, 0 where there is none; then value - value * saturation * (0 .. 1), by how far the
/// channel is from the hue (the usual conversion from HSV, without branches).
GRAFT_FOR_EACH_PROCESSOR
void turnHues(std::uint8_t* rgb, std::size_t pixels, float sixths)
{
    forEachPlanarBlock(rgb, rgb, pixels, [sixths](Planes& planes, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto r = static_cast<float>(planes.red[i]);
            const auto g = static_cast<float>(planes.green[i]);
            const auto b = static_cast<float>(planes.blue[i]);
            const float value = std::max(r, std::max(g, b));
            const float spread = value - std::min(r, std::min(g, b));
            const float scale = spread > 0.0F ? 1.0F / spread : 0.0F;
            const float fromGreen = 2.0F + (b - r) * scale;
            const float fromBlue = 4.0F + (r - g) * scale;
            const float hue = (value == r ? (g - b) * scale : value == g ? fromGreen : fromBlue) + sixths;
            const auto channel = [=](float offset) {
                float k = hue + offset; // in [0, 18): hue is in [-1, 11)
                k = k >= 12.0F ? k - 12.0F : k;
                k = k >= 6.0F ? k - 6.0F : k;
                return value - spread * std::min(std::max(std::min(k, 4.0F - k), 0.0F), 1.0F);
            };
            planes.red[i] = roundToByte(channel(5.0F));
            planes.green[i] = roundToByte(channel(3.0F));
            planes.blue[i] = roundToByte(channel(1.0F));
        }
    });
}

/// The hue of HSV, turned by an angle (torchvision's adjust_hue).
void change(const Drawn& drawn, const Pixels& pixels, Scratch&)
{
    if (drawn[0] == 0.0)
        return;
    const double sixths = drawn[0] / 60.0;
    turnHues(pixels.data, pixels.count(), static_cast<float>(sixths < 0 ? sixths + 6.0 : sixths));
}

} // namespace

OpSpec hue()
{
    return {
        .id = "hue",
        .title = "Hue",
        .sentence = "The thing comes in other colours.",
        .labelHint = "Where colour tells the classes apart, as on traffic lights or ripe and unripe fruit, "
                     "it no longer does.",
        .group = Group::Colour,
        .parameters = {limit("°", 180.0, 15.0)},
        .texts = {{"", "°", 1.0, 0}},
        .draw = draw,
        .effect = &change,
    };
}

} // namespace graft::augment
