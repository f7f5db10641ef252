#include "core/augment/drawing.h"
#include "core/augment/op.h"

#include <cmath>

namespace graft::augment {

namespace {

/// Deviation in shares of the shorter side, cells along it, seed.
Drawn draw(std::span<const double> settings, Draws& draws)
{
    const double deviation = draws.uniform(0.0, settings[0] * percent);
    return {deviation, settings[1], seed(draws)};
}

/// How much the four nodes around count at `t` between the second and the third (uniform cubic B-spline).
std::array<double, 4> splineWeights(double t)
{
    const double s = 1 - t;
    return {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6,
            t * t * t / 6};
}

constexpr std::size_t header =
    4; ///< values before the nodes: nodes across, nodes down, cells per unit (x, y)

/// Nodes repeat outside of the picture, so that there is no seam.
Point bend(std::span<const double> values, Point p)
{
    const auto across = static_cast<std::ptrdiff_t>(values[0]);
    const auto down = static_cast<std::ptrdiff_t>(values[1]);
    const double x = p.x * values[2];
    const double y = p.y * values[3];
    constexpr double far = 1e6; // what a perspective took to infinity
    if (!(std::abs(x) < far && std::abs(y) < far))
        return p;
    const auto column = static_cast<std::ptrdiff_t>(std::floor(x));
    const auto row = static_cast<std::ptrdiff_t>(std::floor(y));
    const auto weightsX = splineWeights(x - static_cast<double>(column));
    const auto weightsY = splineWeights(y - static_cast<double>(row));
    const auto wrapped = [](std::ptrdiff_t i, std::ptrdiff_t count) { return ((i % count) + count) % count; };
    Point moved = p;
    for (std::ptrdiff_t j = 0; j < 4; ++j) {
        const std::ptrdiff_t line = wrapped(row + j - 1, down) * across;
        for (std::ptrdiff_t i = 0; i < 4; ++i) {
            const auto node = header + static_cast<std::size_t>(2 * (line + wrapped(column + i - 1, across)));
            const double weight =
                weightsX[static_cast<std::size_t>(i)] * weightsY[static_cast<std::size_t>(j)];
            moved.x += weight * values[node];
            moved.y += weight * values[node + 1];
        }
    }
    return moved;
}

/// Normal displacements on a coarse grid, smooth in between (O. Ronneberger, P. Fischer, T. Brox, "U-Net",
/// 2015, with B-splines for the cubic interpolation). `deviation` is that of the nodes.
void place(const Drawn& drawn, const Frame& frame, Mapping& mapping)
{
    if (drawn[0] == 0.0)
        return;
    const double cells = drawn[1];
    const double across = std::ceil(cells * frame.halfWidth) + 1;
    const double down = std::ceil(cells * frame.halfHeight) + 1;
    std::vector<double>& values = mapping.then(bend);
    values.insert(values.end(), {across, down, cells / 2, cells / 2});
    Draws draws({.seed = toSeed(drawn[2])});
    for (double node = 0; node < across * down; ++node) {
        values.push_back(2 * drawn[0] * draws.normal());
        values.push_back(2 * drawn[0] * draws.normal());
    }
}

} // namespace

OpSpec elastic()
{
    return {
        .id = "elastic",
        .title = "Elastic distortion",
        .sentence = "Handwriting, tissue and cloth are never twice the same.",
        .labelHint = "Strong distortion changes digits, letters and fine shapes.",
        .group = Group::Geometry,
        .parameters = {limit("% of the side", 10.0, 3.0),
                       {.id = "cells",
                        .title = "Waves along the side",
                        .unit = "",
                        .low = 2.0,
                        .high = 12.0,
                        .initial = 4.0,
                        .step = 1.0}},
        .texts = {{"", " %", 100.0, 1}},
        .draw = draw,
        .effect = &place,
    };
}

} // namespace graft::augment
