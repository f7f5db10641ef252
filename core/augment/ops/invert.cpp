#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

/// 255 - value (torchvision's invert).
void tabulate(const Drawn&, const Statistics&, Tables& tables)
{
    tables.fill([](double value) { return 255.0 - value; });
}

} // namespace

OpSpec invert()
{
    return {
        .id = "invert",
        .title = "Invert",
        .sentence = "Light on dark is the same as dark on light.",
        .labelHint = "Colours become their opposites, and in X-rays air looks like bone.",
        .group = Group::Light,
        .parameters = {},
        .texts = {},
        .draw = drawNothing,
        .effect = &tabulate,
    };
}

} // namespace graft::augment
