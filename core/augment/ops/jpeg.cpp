#include "core/augment/drawing.h"
#include "core/augment/jpeg_loss.h"
#include "core/augment/op.h"

#include <cmath>

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {std::floor(draws.uniform(settings[0], 101.0))};
}

/// What a JPEG file of that quality loses; 100 leaves the picture as it is.
void change(const Drawn& drawn, const Pixels& pixels, Scratch& scratch)
{
    if (drawn[0] < 100.0)
        loseAsJpeg(pixels, static_cast<int>(drawn[0]), scratch);
}

} // namespace

OpSpec jpeg()
{
    return {
        .id = "jpeg",
        .title = "JPEG artefacts",
        .sentence = "The picture was saved small, as by a messenger.",
        .labelHint = "Fine texture can vanish.",
        .group = Group::Quality,
        .parameters = {{.id = "quality",
                        .title = "Lowest quality",
                        .unit = "",
                        .low = 5.0,
                        .high = 100.0,
                        .initial = 40.0,
                        .step = 1.0,
                        .identity = 100.0}},
        .texts = {{"quality ", "", 1.0, 0}},
        .draw = draw,
        .effect = &change,
    };
}

} // namespace graft::augment
