#include "core/augment/drawing.h"
#include "core/augment/op.h"

#include <algorithm>
#include <cmath>

namespace graft::augment {

namespace {

/// Share of the area, ratio of width to height over that of the frame, and where the rest is cut: 0 all of it
/// right and below, 1 all of it left and above.
Drawn draw(std::span<const double> settings, Draws& draws)
{
    const double area = draws.uniform(settings[0] * percent, 1.0);
    // No stretch for which the crop would not fit.
    const double most = std::min(std::log1p(settings[1] * percent), -std::log(area));
    return {area, std::exp(symmetric(draws, most)), draws.uniform(), draws.uniform()};
}

/// As torchvision's RandomResizedCrop, but every draw fits at once: a part of the picture fills the frame.
void place(const Drawn& drawn, const Frame& frame, Mapping& mapping)
{
    const double width = std::min(1.0, std::sqrt(drawn[0] * drawn[1]));
    const double height = std::min(1.0, std::sqrt(drawn[0] / drawn[1]));
    const double right = (2.0 * drawn[2] - 1.0) * (1.0 - width) * frame.halfWidth;
    const double down = (2.0 * drawn[3] - 1.0) * (1.0 - height) * frame.halfHeight;
    mapping.then(affine(width, 0, right, 0, height, down));
}

} // namespace

OpSpec randomResizedCrop()
{
    return {
        .id = "random_resized_crop",
        .title = "Crop and enlarge",
        .sentence = "The thing is told by a part of it, near or far.",
        .labelHint = "Small crops can leave out what the label names.",
        .group = Group::Geometry,
        .parameters = {{.id = "area",
                        .title = "Smallest part",
                        .unit = "% of the area",
                        .low = 5.0,
                        .high = 100.0,
                        .initial = 60.0,
                        .identity = 100.0},
                       {.id = "stretch",
                        .title = "Stretched by at most",
                        .unit = "%",
                        .low = 0.0,
                        .high = 100.0,
                        .initial = 33.0,
                        .identity = 0.0}},
        .texts = {{"", " %", 100.0, 0}},
        .draw = draw,
        .effect = &place,
    };
}

} // namespace graft::augment
