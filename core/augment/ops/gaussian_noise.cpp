#include "core/augment/drawing.h"
#include "core/augment/noise.h"
#include "core/augment/op.h"

#include <algorithm>
#include <cmath>

namespace graft::augment {

namespace {

/// Standard deviation in grey levels, seed.
Drawn draw(std::span<const double> settings, Draws& draws)
{
    const double deviation = draws.uniform(0.0, settings[0]);
    return {deviation, seed(draws)};
}

/// Adds a normal draw to every value, each channel its own (albumentations' GaussNoise).
void change(const Drawn& drawn, const Pixels& pixels, Scratch& scratch)
{
    if (drawn[0] == 0.0)
        return;
    const auto& quantiles = normalQuantiles();
    const auto noise = scratch.take<std::int16_t>(quantiles.size());
    std::transform(quantiles.begin(), quantiles.end(), noise.begin(), [&](float z) {
        return static_cast<std::int16_t>(std::lround(static_cast<double>(z) * drawn[0]));
    });
    withRandom16(toSeed(drawn[1]), pixels.bytes(),
                 [&](std::size_t begin, std::size_t count, const std::uint16_t* random) {
                     std::uint8_t* at = pixels.data + begin;
                     for (std::size_t i = 0; i < count; ++i) {
                         const int value = at[i] + noise[random[i] >> (16 - quantileBits)];
                         at[i] = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
                     }
                 });
}

} // namespace

OpSpec gaussianNoise()
{
    return {
        .id = "gaussian_noise",
        .title = "Gaussian noise",
        .sentence = "The sensor adds noise of its own.",
        .labelHint = {},
        .group = Group::Quality,
        .parameters = {limit("grey levels", 80.0, 15.0)},
        .texts = {{"", "", 1.0, 1}},
        .draw = draw,
        .effect = &change,
    };
}

} // namespace graft::augment
