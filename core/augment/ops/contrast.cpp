#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {1.0 + symmetric(draws, settings[0] * percent)};
}

/// mean + (value - mean) * factor, about the mean grey of the picture (torchvision's adjust_contrast).
void tabulate(const Drawn& drawn, const Statistics& statistics, Tables& tables)
{
    const double factor = drawn[0];
    if (factor == 1.0)
        return;
    tables.fill([=, mean = statistics.meanGrey()](double value) { return mean + (value - mean) * factor; });
}

} // namespace

OpSpec contrast()
{
    return {
        .id = "contrast",
        .title = "Contrast",
        .sentence = "The light is harder or softer.",
        .labelHint = {},
        .group = Group::Light,
        .parameters = {limit("%", 90.0, 30.0)},
        .texts = {{"× ", "", 1.0, 2}},
        .draw = draw,
        .effect = &tabulate,
    };
}

} // namespace graft::augment
