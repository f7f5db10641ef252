#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

/// As torchvision's vertical_flip: row y becomes height - 1 - y.
void place(const Drawn&, const Frame&, Mapping& mapping)
{
    mapping.then(affine(1, 0, 0, 0, -1, 0));
}

} // namespace

OpSpec flipVertical()
{
    return {
        .id = "flip_vertical",
        .title = "Flip upside down",
        .sentence = "There is no up and down, as under a microscope or from the air.",
        .labelHint = "A 6 becomes nearly a 9, and most things are never seen upside down.",
        .group = Group::Geometry,
        .parameters = {},
        .texts = {},
        .draw = drawNothing,
        .effect = &place,
    };
}

} // namespace graft::augment
