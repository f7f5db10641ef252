#pragma once
#include "core/augment/pixels.h"

namespace graft::augment {

/// Writes the picture as a baseline JPEG file of that quality, in memory, and reads it again: what libjpeg
/// does by default, with colours at half size (4:2:0) and smooth enlarging of them. By libjpeg-turbo, which
/// takes memory of its own for each call and gives it back. Requires quality in 1..100. Throws Error where a
/// side is longer than a JPEG file can hold (65,500 pixels), or memory ends.
void loseAsJpeg(const Pixels& pixels, int quality, Scratch& scratch);

} // namespace graft::augment
