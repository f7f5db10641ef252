#include "core/augment/drawing.h"
#include "core/augment/op.h"

#include <cmath>

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {symmetric(draws, settings[0]), symmetric(draws, settings[0])};
}

/// Rows slide along one another, and columns do: out = (x + tan(a) y, tan(b) x + y) about the middle.
void place(const Drawn& drawn, const Frame&, Mapping& mapping)
{
    mapping.then(inverse(affine(1, std::tan(drawn[0] * degree), 0, std::tan(drawn[1] * degree), 1, 0)));
}

} // namespace

OpSpec shear()
{
    return {
        .id = "shear",
        .title = "Shear",
        .sentence = "The thing leans, as in slanted handwriting.",
        .labelHint = {},
        .group = Group::Geometry,
        .parameters = {limit("°", 40.0, 10.0)},
        .texts = {{"", "° across", 1.0, 0}, {"", "° down", 1.0, 0}},
        .draw = draw,
        .effect = &place,
    };
}

} // namespace graft::augment
