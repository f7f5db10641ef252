#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {symmetric(draws, settings[0] * percent)};
}

Point bend(std::span<const double> values, Point p)
{
    const double scale = 1.0 + values[0] * (p.x * p.x + p.y * p.y);
    return {p.x * scale, p.y * scale};
}

/// Brown's radial model with one coefficient, 1 + k r^2 with r = 1 in the corners (albumentations'
/// OpticalDistortion has r = 1 at a focal length). k > 0: barrel, k < 0: pincushion.
void place(const Drawn& drawn, const Frame& frame, Mapping& mapping)
{
    if (drawn[0] == 0.0)
        return;
    const double diagonal = frame.halfWidth * frame.halfWidth + frame.halfHeight * frame.halfHeight;
    mapping.then(bend).push_back(drawn[0] / diagonal);
}

} // namespace

OpSpec lensDistortion()
{
    return {
        .id = "lens_distortion",
        .title = "Lens distortion",
        .sentence = "Another lens bends straight lines outwards or inwards.",
        .labelHint = {},
        .group = Group::Geometry,
        .parameters = {limit("% in the corners", 30.0, 15.0)},
        .texts = {{"", " %", 100.0, 0}},
        .draw = draw,
        .effect = &place,
    };
}

} // namespace graft::augment
