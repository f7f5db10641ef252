#include "core/augment/clahe.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {draws.uniform(1.0, settings[0])};
}

/// Contrast-limited adaptive histogram equalisation of the grey values; colours keep their difference from
/// grey. A clip limit of 1 leaves the picture as it is.
void change(const Drawn& drawn, const Pixels& pixels, Scratch& scratch)
{
    if (drawn[0] > 1.0)
        equaliseLocally(pixels, drawn[0], scratch);
}

} // namespace

OpSpec equalise()
{
    return {
        .id = "equalise",
        .title = "Equalise (CLAHE)",
        .sentence = "Details in the dark and in the light show alike.",
        .labelHint = "In X-rays it changes how dense tissue looks.",
        .group = Group::Light,
        .parameters = {{.id = "limit",
                        .title = "Clip limit at most",
                        .unit = "",
                        .low = 1.0,
                        .high = 8.0,
                        .initial = 4.0,
                        .identity = 1.0}},
        .texts = {{"clip ", "", 1.0, 1}},
        .draw = draw,
        .effect = &change,
    };
}

} // namespace graft::augment
