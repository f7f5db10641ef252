#include "core/augment/drawing.h"
#include "core/augment/noise.h"
#include "core/augment/op.h"
#include "core/augment/vectorised.h"

#include <cmath>

namespace graft::augment {

namespace {

/// Standard deviation at white in grey levels, seed.
Drawn draw(std::span<const double> settings, Draws& draws)
{
    const double deviation = draws.uniform(0.0, settings[0]);
    return {deviation, seed(draws)};
}

/// Counted photons: the variance is in proportion to the value, deviation^2 * value / 255 (a Poisson
/// distribution, taken as normal; white is (255 / deviation)^2 photons).
void change(const Drawn& drawn, const Pixels& pixels, Scratch&)
{
    if (drawn[0] == 0.0)
        return;
    const auto& quantiles = normalQuantiles();
    std::array<float, 256> deviations {};
    for (std::size_t v = 0; v < deviations.size(); ++v)
        deviations[v] = static_cast<float>(drawn[0] * std::sqrt(static_cast<double>(v) / 255.0));
    withRandom16(toSeed(drawn[1]), pixels.bytes(),
                 [&](std::size_t begin, std::size_t count, const std::uint16_t* random) {
                     std::uint8_t* at = pixels.data + begin;
                     for (std::size_t i = 0; i < count; ++i) {
                         const float z = quantiles[random[i] >> (16 - quantileBits)];
                         at[i] = roundToByte(static_cast<float>(at[i]) + deviations[at[i]] * z);
                     }
                 });
}

} // namespace

OpSpec shotNoise()
{
    return {
        .id = "shot_noise",
        .title = "Shot noise",
        .sentence = "In little light, light itself is grainy.",
        .labelHint = {},
        .group = Group::Quality,
        .parameters = {limit("grey levels at white", 60.0, 15.0)},
        .texts = {{"", "", 1.0, 1}},
        .draw = draw,
        .effect = &change,
    };
}

} // namespace graft::augment
