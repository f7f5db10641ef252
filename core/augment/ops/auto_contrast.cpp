#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

/// In each channel the darkest value becomes 0 and the lightest 255; one that holds a single value stays
/// (torchvision's autocontrast).
void tabulate(const Drawn&, const Statistics& statistics, Tables& tables)
{
    const Statistics::Ranges ranges = statistics.ranges();
    for (std::size_t c = 0; c < channels; ++c) {
        const auto [darkest, lightest] = ranges[c];
        if (darkest >= lightest)
            continue;
        const double scale = 255.0 / (lightest - darkest);
        for (std::size_t v = 0; v < 256; ++v)
            tables.of[c][v] = Tables::toByte((static_cast<double>(v) - darkest) * scale);
    }
}

} // namespace

OpSpec autoContrast()
{
    return {
        .id = "auto_contrast",
        .title = "Auto contrast",
        .sentence = "Dull pictures and brilliant ones show the same.",
        .labelHint = {},
        .group = Group::Light,
        .parameters = {},
        .texts = {},
        .draw = drawNothing,
        .effect = &tabulate,
    };
}

} // namespace graft::augment
