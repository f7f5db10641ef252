#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

/// 0.299 red + 0.587 green + 0.114 blue in all channels (torchvision's Grayscale, albumentations' ToGray).
ChannelMix mix(const Drawn&)
{
    ChannelMix mix;
    for (std::size_t i = 0; i < mix.m.size(); ++i)
        mix.m[i] = greyWeights[i % channels];
    return mix;
}

} // namespace

OpSpec greyscale()
{
    return {
        .id = "greyscale",
        .title = "Greyscale",
        .sentence = "Shape counts, without any colour.",
        .labelHint = "Where colour tells the classes apart, as on traffic lights or ripe and unripe fruit, "
                     "it no longer does.",
        .group = Group::Colour,
        .parameters = {},
        .texts = {},
        .draw = drawNothing,
        .effect = &mix,
    };
}

} // namespace graft::augment
