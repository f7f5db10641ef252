#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

Drawn draw(std::span<const double>, Draws& draws)
{
    return {whole(draws, 4.0)};
}

/// Counter-clockwise about the middle, as numpy.rot90 and albumentations' RandomRotate90. The size stays:
/// where a picture is not square, what leaves the frame is cut off and the border fills the rest.
void place(const Drawn& drawn, const Frame&, Mapping& mapping)
{
    constexpr std::array<double, 4> sines {0, 1, 0, -1};
    const auto turns = static_cast<std::size_t>(drawn[0]) % sines.size();
    const double sine = sines[turns];
    const double cosine = sines[(turns + 1) % sines.size()];
    mapping.then(affine(cosine, -sine, 0, sine, cosine, 0));
}

} // namespace

OpSpec quarterTurns()
{
    return {
        .id = "quarter_turns",
        .title = "Quarter turns",
        .sentence = "There is no right way up, as from the air; no pixel is changed.",
        .labelHint =
            "Digits, letters and most things that stand on the ground become others, or are never seen so.",
        .group = Group::Geometry,
        .parameters = {},
        .texts = {{"", " quarters", 1.0, 0}},
        .draw = draw,
        .effect = &place,
    };
}

} // namespace graft::augment
