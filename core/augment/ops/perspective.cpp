#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

/// For each corner, from the upper left one clockwise, how far it moves inwards: shares of half of the width
/// and half of the height.
Drawn draw(std::span<const double> settings, Draws& draws)
{
    const double most = settings[0] * percent;
    const auto one = [&] { return draws.uniform(0.0, most); };
    return {one(), one(), one(), one(), one(), one(), one(), one()};
}

/// The homography that takes the unit square to a quadrilateral, corners in the same order (P. Heckbert,
/// "Fundamentals of texture mapping and image warping", 1989).
Homography fromUnitSquare(const std::array<Point, 4>& q)
{
    const double dx1 = q[1].x - q[2].x;
    const double dx2 = q[3].x - q[2].x;
    const double dx3 = q[0].x - q[1].x + q[2].x - q[3].x;
    const double dy1 = q[1].y - q[2].y;
    const double dy2 = q[3].y - q[2].y;
    const double dy3 = q[0].y - q[1].y + q[2].y - q[3].y;
    const double area = dx1 * dy2 - dx2 * dy1;
    const double g = (dx3 * dy2 - dx2 * dy3) / area;
    const double h = (dx1 * dy3 - dx3 * dy1) / area;
    return {{q[1].x - q[0].x + g * q[1].x, q[3].x - q[0].x + h * q[3].x, q[0].x, q[1].y - q[0].y + g * q[1].y,
             q[3].y - q[0].y + h * q[3].y, q[0].y, g, h, 1}};
}

/// The picture's corners go to the drawn places, as in torchvision's RandomPerspective.
void place(const Drawn& drawn, const Frame& frame, Mapping& mapping)
{
    constexpr std::array<Point, 4> corners {{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}};
    std::array<Point, 4> moved;
    bool still = true;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        moved[i] = {corners[i].x * (1 - drawn[2 * i]) * frame.halfWidth,
                    corners[i].y * (1 - drawn[2 * i + 1]) * frame.halfHeight};
        still = still && drawn[2 * i] == 0.0 && drawn[2 * i + 1] == 0.0;
    }
    if (still)
        return; // the two matrices below would cancel, but for rounding
    const Homography toFrame =
        affine(2 * frame.halfWidth, 0, -frame.halfWidth, 0, 2 * frame.halfHeight, -frame.halfHeight);
    mapping.then(toFrame * inverse(fromUnitSquare(moved)));
}

} // namespace

OpSpec perspective()
{
    return {
        .id = "perspective",
        .title = "Perspective",
        .sentence = "The thing is seen from another side.",
        .labelHint = {},
        .group = Group::Geometry,
        .parameters = {limit("% of half the side", 50.0, 20.0)},
        .texts = {},
        .draw = draw,
        .effect = &place,
    };
}

} // namespace graft::augment
