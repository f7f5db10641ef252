#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {draws.uniform(settings[0], 256.0)};
}

/// Values from the threshold on become 255 - value (torchvision's solarize).
void tabulate(const Drawn& drawn, const Statistics&, Tables& tables)
{
    tables.fill([threshold = drawn[0]](double value) { return value >= threshold ? 255.0 - value : value; });
}

} // namespace

OpSpec solarise()
{
    return {
        .id = "solarise",
        .title = "Solarise",
        .sentence = "Outlines count, even where the light is turned round.",
        .labelHint = "Light parts become dark ones and take other colours.",
        .group = Group::Light,
        .parameters = {{.id = "threshold",
                        .title = "From grey level",
                        .unit = "",
                        .low = 0.0,
                        .high = 256.0,
                        .initial = 128.0,
                        .identity = 256.0}},
        .texts = {{"from ", "", 1.0, 0}},
        .draw = draw,
        .effect = &tabulate,
    };
}

} // namespace graft::augment
