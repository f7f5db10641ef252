#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {1.0 + symmetric(draws, settings[0] * percent)};
}

/// grey + (value - grey) * factor (torchvision's adjust_saturation).
ChannelMix mix(const Drawn& drawn)
{
    const double factor = drawn[0];
    ChannelMix mix;
    for (std::size_t row = 0; row < channels; ++row)
        for (std::size_t column = 0; column < channels; ++column)
            mix.m[row * channels + column] =
                (1 - factor) * greyWeights[column] + (row == column ? factor : 0.0);
    return mix;
}

} // namespace

OpSpec saturation()
{
    return {
        .id = "saturation",
        .title = "Saturation",
        .sentence = "Colours are paler or stronger.",
        .labelHint = "Where the strength of a colour tells the classes apart, as on ripening fruit, it no "
                     "longer does.",
        .group = Group::Colour,
        .parameters = {limit("%", 100.0, 30.0)},
        .texts = {{"× ", "", 1.0, 2}},
        .draw = draw,
        .effect = &mix,
    };
}

} // namespace graft::augment
