#include "core/augment/convolve.h"
#include "core/augment/drawing.h"
#include "core/augment/op.h"

#include <algorithm>
#include <cmath>

namespace graft::augment {

namespace {

/// Standard deviation in shares of the shorter side.
Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {draws.uniform(0.0, settings[0] * percent)};
}

/// Weights of the middle and of one side, outwards to three deviations or to where nothing is left of them.
std::span<const std::uint16_t> weightsOf(double sigma, Scratch& scratch)
{
    const int radius = static_cast<int>(std::ceil(3.0 * sigma));
    const auto shares = scratch.take<float>(static_cast<std::size_t>(radius) + 1);
    double sum = 0.0;
    for (int i = 0; i <= radius; ++i) {
        const double share = std::exp(-0.5 * i * i / (sigma * sigma));
        shares[static_cast<std::size_t>(i)] = static_cast<float>(share);
        sum += i == 0 ? share : 2 * share;
    }
    // Both sides alike: whole 256ths for one side, from the outside in; the middle has the rest.
    const auto weights = scratch.take<std::uint16_t>(shares.size());
    std::size_t used = 1;
    double wanted = 0.0;
    int given = 0;
    for (int i = radius; i > 0; --i) {
        const auto at = static_cast<std::size_t>(i);
        wanted += static_cast<double>(shares[at]) / sum * 256.0;
        weights[at] = static_cast<std::uint16_t>(std::lround(wanted) - given);
        given += weights[at];
        if (weights[at] != 0)
            used = std::max(used, at + 1);
    }
    weights[0] = static_cast<std::uint16_t>(256 - 2 * given);
    return weights.first(used);
}

/// Across, then down (OpenCV's GaussianBlur, torchvision's gaussian_blur).
void change(const Drawn& drawn, const Pixels& pixels, Scratch& scratch)
{
    const double sigma = drawn[0] * pixels.shorterSide();
    if (sigma != 0.0)
        blur(pixels, weightsOf(sigma, scratch), scratch);
}

} // namespace

OpSpec gaussianBlur()
{
    return {
        .id = "gaussian_blur",
        .title = "Gaussian blur",
        .sentence = "The picture is out of focus.",
        .labelHint = "Small signs, such as fine print or hair cracks, can vanish.",
        .group = Group::Quality,
        .parameters = {limit("% of the side", 2.0, 1.0)},
        .texts = {{"", " %", 100.0, 2}},
        .draw = draw,
        .effect = &change,
    };
}

} // namespace graft::augment
