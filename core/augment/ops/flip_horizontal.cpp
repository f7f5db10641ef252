#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

/// As torchvision's horizontal_flip: column x becomes width - 1 - x.
void place(const Drawn&, const Frame&, Mapping& mapping)
{
    mapping.then(affine(-1, 0, 0, 0, 1, 0));
}

} // namespace

OpSpec flipHorizontal()
{
    return {
        .id = "flip_horizontal",
        .title = "Flip left and right",
        .sentence = "A thing and its mirror image are the same thing.",
        .labelHint = "Mirrored digits and letters are other ones or none; in medical pictures left and right "
                     "change sides.",
        .group = Group::Geometry,
        .parameters = {},
        .texts = {},
        .draw = drawNothing,
        .effect = &place,
    };
}

} // namespace graft::augment
