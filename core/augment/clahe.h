#pragma once
#include "core/augment/pixels.h"

namespace graft::augment {

/// Contrast-limited adaptive histogram equalisation (K. Zuiderveld, Graphics Gems IV, 1994) of the grey
/// values in 8 x 8 tiles, arithmetic as in OpenCV's CLAHE; each channel moves by as much as its pixel's grey.
/// Requires clipLimit >= 1.
void equaliseLocally(const Pixels& pixels, double clipLimit, Scratch& scratch);

} // namespace graft::augment
