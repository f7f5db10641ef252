#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {settings[0] + whole(draws, 9.0 - settings[0])};
}

/// Keeps the highest bits of each value (torchvision's posterize).
void tabulate(const Drawn& drawn, const Statistics&, Tables& tables)
{
    const auto gone = static_cast<unsigned>(8.0 - drawn[0]);
    tables.fill(
        [gone](double value) { return static_cast<double>(static_cast<unsigned>(value) >> gone << gone); });
}

} // namespace

OpSpec posterise()
{
    return {
        .id = "posterise",
        .title = "Posterise",
        .sentence = "Fine shades do not matter.",
        .labelHint = "Where fine shades tell the classes apart, as in X-rays, few bits remove them.",
        .group = Group::Light,
        .parameters = {{.id = "bits",
                        .title = "Fewest bits",
                        .unit = "bits",
                        .low = 1.0,
                        .high = 8.0,
                        .initial = 4.0,
                        .step = 1.0,
                        .identity = 8.0}},
        .texts = {{"", " bits", 1.0, 0}},
        .draw = draw,
        .effect = &tabulate,
    };
}

} // namespace graft::augment
