#include "core/augment/convolve.h"
#include "core/augment/drawing.h"
#include "core/augment/op.h"

#include <cmath>

namespace graft::augment {

namespace {

/// Length in shares of the shorter side, direction in degrees.
Drawn draw(std::span<const double> settings, Draws& draws)
{
    const double length = draws.uniform(0.0, settings[0] * percent);
    return {length, draws.uniform(0.0, 180.0)};
}

/// Shares of the pixels around that a straight line through the middle covers, rows of 2 * radius + 1; points
/// between pixels are shared among the four around.
void drawLine(std::span<float> shares, int radius, double length, double angle)
{
    std::fill(shares.begin(), shares.end(), 0.0F);
    const int points = 2 * static_cast<int>(std::ceil(length)) + 1;
    const int side = 2 * radius + 1;
    for (int i = 0; i < points; ++i) {
        const double along = points == 1 ? 0.0 : length * (static_cast<double>(i) / (points - 1) - 0.5);
        const double x = radius + along * std::cos(angle);
        const double y = radius - along * std::sin(angle);
        const int left = static_cast<int>(x);
        const int top = static_cast<int>(y);
        const double right = x - left;
        const double down = y - top;
        const auto add = [&](int column, int row, double share) {
            shares[static_cast<std::size_t>(row * side + column)] += static_cast<float>(share / points);
        };
        add(left, top, (1 - right) * (1 - down));
        add(left + 1, top, right * (1 - down));
        add(left, top + 1, (1 - right) * down);
        add(left + 1, top + 1, right * down);
    }
}

/// Every point becomes a straight line (albumentations' MotionBlur, with a smooth line).
void change(const Drawn& drawn, const Pixels& pixels, Scratch& scratch)
{
    const double length = drawn[0] * pixels.shorterSide();
    if (length == 0.0)
        return;
    const int radius = static_cast<int>(std::ceil(length / 2.0)) + 1;
    const int side = 2 * radius + 1;
    const auto shares = scratch.take<float>(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
    drawLine(shares, radius, length, drawn[1] * degree);
    const auto weights = scratch.take<std::uint16_t>(shares.size());
    toWeights(shares, weights);
    const auto taps = scratch.take<Tap>(shares.size());
    std::size_t used = 0;
    for (int i = 0; i < side * side; ++i) {
        if (const std::uint16_t weight = weights[static_cast<std::size_t>(i)]; weight != 0)
            taps[used++] = {i % side - radius, i / side - radius, weight};
    }
    convolve(pixels, taps.first(used), scratch);
}

} // namespace

OpSpec motionBlur()
{
    return {
        .id = "motion_blur",
        .title = "Motion blur",
        .sentence = "The camera or the thing moved.",
        .labelHint = "Small signs, such as fine print or hair cracks, can vanish.",
        .group = Group::Quality,
        .parameters = {limit("% of the side", 10.0, 4.0)},
        .texts = {{"", " %", 100.0, 1}, {"", "°", 1.0, 0}},
        .draw = draw,
        .effect = &change,
    };
}

} // namespace graft::augment
