#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {1.0 + symmetric(draws, settings[0] * percent)};
}

/// value * factor (torchvision's adjust_brightness, which cuts fractions off).
void tabulate(const Drawn& drawn, const Statistics&, Tables& tables)
{
    tables.fill([factor = drawn[0]](double value) { return value * factor; });
}

} // namespace

OpSpec brightness()
{
    return {
        .id = "brightness",
        .title = "Brightness",
        .sentence = "There is more light, or less.",
        .labelHint = {},
        .group = Group::Light,
        .parameters = {limit("%", 90.0, 30.0)},
        .texts = {{"× ", "", 1.0, 2}},
        .draw = draw,
        .effect = &tabulate,
    };
}

} // namespace graft::augment
