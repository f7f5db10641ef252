#include "core/augment/drawing.h"
#include "core/augment/op.h"

#include <cmath>

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {symmetric(draws, settings[0])};
}

/// Counter-clockwise about the middle, as torchvision's and albumentations' rotate. The frame stays: what
/// leaves it is cut off.
void place(const Drawn& drawn, const Frame&, Mapping& mapping)
{
    const double sine = std::sin(drawn[0] * degree);
    const double cosine = std::cos(drawn[0] * degree);
    mapping.then(affine(cosine, -sine, 0, sine, cosine, 0));
}

} // namespace

OpSpec rotate()
{
    return {
        .id = "rotate",
        .title = "Rotate",
        .sentence = "The camera was not held straight.",
        .labelHint = "Large turns make another digit or letter of one: a 6 and a 9, an M and a W.",
        .group = Group::Geometry,
        .parameters = {limit("°", 180.0, 15.0)},
        .texts = {{"", "°", 1.0, 0}},
        .draw = draw,
        .effect = &place,
    };
}

} // namespace graft::augment
