#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {symmetric(draws, settings[0] * percent), symmetric(draws, settings[0] * percent)};
}

/// Right by a share of the width and down by a share of the height (torchvision's affine, translate).
void place(const Drawn& drawn, const Frame& frame, Mapping& mapping)
{
    mapping.then(affine(1, 0, -2 * drawn[0] * frame.halfWidth, 0, 1, -2 * drawn[1] * frame.halfHeight));
}

} // namespace

OpSpec shift()
{
    return {
        .id = "shift",
        .title = "Shift",
        .sentence = "The thing need not stand in the middle.",
        .labelHint = {},
        .group = Group::Geometry,
        .parameters = {limit("% of the side", 50.0, 10.0)},
        .texts = {{"", " % right", 100.0, 0}, {"", " % down", 100.0, 0}},
        .draw = draw,
        .effect = &place,
    };
}

} // namespace graft::augment
