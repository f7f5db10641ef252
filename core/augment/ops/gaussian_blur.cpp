#include "core/augment/convolve.h"
#include "core/augment/drawing.h"
#include "core/augment/op.h"

#include <cmath>

namespace graft::augment {

namespace {

/// Standard deviation in shares of the shorter side.
Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {draws.uniform(0.0, settings[0] * percent)};
}

/// Weights of one line, from the middle outwards to three deviations.
std::span<const Tap> taps(double sigma, bool across, Scratch& scratch)
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
    const auto line = scratch.take<Tap>(static_cast<std::size_t>(2 * radius) + 1);
    std::size_t used = 0;
    double wanted = 0.0;
    int given = 0;
    for (int i = radius; i > 0; --i) {
        wanted += static_cast<double>(shares[static_cast<std::size_t>(i)]) / sum * 256.0;
        const auto weight = static_cast<std::uint16_t>(std::lround(wanted) - given);
        given += weight;
        if (weight == 0)
            continue;
        line[used++] = across ? Tap {-i, 0, weight} : Tap {0, -i, weight};
        line[used++] = across ? Tap {i, 0, weight} : Tap {0, i, weight};
    }
    line[used++] = {0, 0, static_cast<std::uint16_t>(256 - 2 * given)};
    return line.first(used);
}

/// Across, then down (OpenCV's GaussianBlur, torchvision's gaussian_blur).
void change(const Drawn& drawn, const Pixels& pixels, Scratch& scratch)
{
    const double sigma = drawn[0] * pixels.shorterSide();
    if (sigma == 0.0)
        return;
    convolve(pixels, taps(sigma, true, scratch), scratch);
    convolve(pixels, taps(sigma, false, scratch), scratch);
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
