#include "core/augment/drawing.h"
#include "core/augment/op.h"

#include <cmath>

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {factorAround(draws, settings[0] * percent)};
}

/// 255 * (value / 255) ^ gamma (torchvision's adjust_gamma).
void tabulate(const Drawn& drawn, const Statistics&, Tables& tables)
{
    tables.fill([gamma = drawn[0]](double value) { return 255.0 * std::pow(value / 255.0, gamma); });
}

} // namespace

OpSpec gamma()
{
    return {
        .id = "gamma",
        .title = "Gamma",
        .sentence = "Shadows are lighter or darker; black and white stay.",
        .labelHint = {},
        .group = Group::Light,
        .parameters = {limit("%", 200.0, 30.0)},
        .texts = {{"", "", 1.0, 2}},
        .draw = draw,
        .effect = &tabulate,
    };
}

} // namespace graft::augment
