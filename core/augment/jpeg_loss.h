#pragma once
#include "core/augment/pixels.h"

namespace graft::augment {

/// What writing a baseline JPEG file of that quality and reading it again does to a picture, as libjpeg does
/// both: colours at half size (4:2:0), the standard's tables scaled by quality (ITU-T T.81, annex K), smooth
/// enlarging of colours. Huffman coding loses nothing and is left out. Requires quality in 1..100.
void loseAsJpeg(const Pixels& pixels, int quality, Scratch& scratch);

} // namespace graft::augment
