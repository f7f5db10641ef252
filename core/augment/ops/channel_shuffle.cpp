#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

Drawn draw(std::span<const double>, Draws& draws)
{
    return {whole(draws, 6.0)};
}

/// The channels in one of their six orders (albumentations' ChannelShuffle).
ChannelMix mix(const Drawn& drawn)
{
    constexpr std::array<std::array<std::size_t, channels>, 6> orders {
        {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
    const auto& order = orders[static_cast<std::size_t>(drawn[0]) % orders.size()];
    ChannelMix mix {{}};
    for (std::size_t row = 0; row < channels; ++row)
        mix.m[row * channels + order[row]] = 1.0;
    return mix;
}

} // namespace

OpSpec channelShuffle()
{
    return {
        .id = "channel_shuffle",
        .title = "Shuffle colours",
        .sentence = "Shape counts, whatever the colour is.",
        .labelHint = "Where colour tells the classes apart, as on traffic lights or ripe and unripe fruit, "
                     "it no longer does.",
        .group = Group::Colour,
        .parameters = {},
        .texts = {},
        .draw = draw,
        .effect = &mix,
    };
}

} // namespace graft::augment
