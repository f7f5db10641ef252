#include "core/augment/drawing.h"
#include "core/augment/noise.h"
#include "core/augment/op.h"

#include <cmath>
#include <cstring>

namespace graft::augment {

namespace {

/// Share of the pixels, seed.
Drawn draw(std::span<const double> settings, Draws& draws)
{
    const double share = draws.uniform(0.0, settings[0] * percent);
    return {share, seed(draws)};
}

/// That share of the pixels becomes white or black, half of them each (albumentations' SaltAndPepper).
void change(const Drawn& drawn, const Pixels& pixels, Scratch&)
{
    constexpr double all = 65536.0;
    const auto struck = static_cast<unsigned>(std::lround(drawn[0] * all));
    withRandom16(toSeed(drawn[1]), pixels.count(),
                 [&](std::size_t begin, std::size_t count, const std::uint16_t* random) {
                     for (std::size_t i = 0; i < count; ++i) {
                         if (random[i] < struck)
                             std::memset(pixels.data + (begin + i) * channels, random[i] % 2 == 0 ? 0 : 255,
                                         channels);
                     }
                 });
}

} // namespace

OpSpec saltPepper()
{
    return {
        .id = "salt_pepper",
        .title = "Salt and pepper",
        .sentence = "Some pixels are broken.",
        .labelHint = {},
        .group = Group::Quality,
        .parameters = {limit("% of the pixels", 30.0, 2.0)},
        .texts = {{"", " %", 100.0, 1}},
        .draw = draw,
        .effect = &change,
    };
}

} // namespace graft::augment
