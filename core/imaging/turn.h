#pragma once
#include "core/base/image.h"

namespace graft::imaging {

/// The picture as it is meant to be seen, from EXIF's Orientation (1..8; CIPA DC-008, 4.6.5.1.6). Other
/// values leave it as it is.
Image turn(Image image, int orientation);

/// Do width and height change places?
constexpr bool turnsOnSide(int orientation)
{
    return orientation >= 5 && orientation <= 8;
}

} // namespace graft::imaging
