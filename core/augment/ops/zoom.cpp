#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {factorAround(draws, settings[0] * percent)};
}

/// Larger than 1: the middle is enlarged (torchvision's affine, scale).
void place(const Drawn& drawn, const Frame&, Mapping& mapping)
{
    mapping.then(affine(1 / drawn[0], 0, 0, 0, 1 / drawn[0], 0));
}

} // namespace

OpSpec zoom()
{
    return {
        .id = "zoom",
        .title = "Zoom",
        .sentence = "The thing is near or far.",
        .labelHint = "Where size tells the classes apart, it no longer does.",
        .group = Group::Geometry,
        .parameters = {limit("%", 150.0, 20.0)},
        .texts = {{"× ", "", 1.0, 2}},
        .draw = draw,
        .effect = &place,
    };
}

} // namespace graft::augment
