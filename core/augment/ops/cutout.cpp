#include "core/augment/drawing.h"
#include "core/augment/op.h"

#include <cmath>
#include <cstring>

namespace graft::augment {

namespace {

/// Holes, side in shares of the picture's sides, grey level, seed.
Drawn draw(std::span<const double> settings, Draws& draws)
{
    const double side = draws.uniform(0.0, settings[1] * percent);
    return {settings[0], side, settings[2], seed(draws)};
}

/// Rectangles of one grey, wholly inside the picture (T. DeVries, G. Taylor, "Improved regularization of
/// convolutional neural networks with cutout", 2017, where they may stick out).
void change(const Drawn& drawn, const Pixels& pixels, Scratch&)
{
    const auto width = static_cast<int>(std::lround(drawn[1] * pixels.width));
    const auto height = static_cast<int>(std::lround(drawn[1] * pixels.height));
    Draws draws({.seed = toSeed(drawn[3])});
    for (int hole = 0; hole < static_cast<int>(drawn[0]); ++hole) {
        const auto left = static_cast<int>(whole(draws, pixels.width - width + 1.0));
        const auto top = static_cast<int>(whole(draws, pixels.height - height + 1.0));
        for (int y = top; y < top + height; ++y)
            std::memset(pixels.row(y) + static_cast<std::ptrdiff_t>(left) * channels,
                        static_cast<int>(drawn[2]), static_cast<std::size_t>(width) * channels);
    }
}

} // namespace

OpSpec cutout()
{
    return {
        .id = "cutout",
        .title = "Cut-out",
        .sentence = "Something stands in front of the thing.",
        .labelHint = "Large holes can hide what the label names.",
        .group = Group::Masking,
        .parameters = {{.id = "holes",
                        .title = "Holes",
                        .unit = "",
                        .low = 1.0,
                        .high = 8.0,
                        .initial = 1.0,
                        .step = 1.0},
                       {.id = "limit",
                        .title = "Side at most",
                        .unit = "% of the side",
                        .low = 0.0,
                        .high = 60.0,
                        .initial = 35.0,
                        .identity = 0.0},
                       {.id = "grey",
                        .title = "Grey level",
                        .unit = "",
                        .low = 0.0,
                        .high = 255.0,
                        .initial = 128.0,
                        .step = 1.0}},
        .texts = {{"", "× ", 1.0, 0}, {"", " %", 100.0, 0}},
        .draw = draw,
        .effect = &change,
    };
}

} // namespace graft::augment
