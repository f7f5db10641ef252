#pragma once
#include "core/imaging/decode.h"

#include <string>
#include <string_view>

namespace graft::imaging {

/// Size of a BMP picture (Windows and OS/2 headers). Throws PictureError.
Header readBmpHeader(std::string_view bytes, const std::string& name, const Limits& limits);

/// Bitmaps of 1, 2, 4, 8, 16, 24 and 32 bits, run-length coding and bit fields; those with an alpha mask are
/// laid over white. Our own reader: OpenCV's takes a file that ends early for a good one and writes to the
/// standard error output. Throws PictureError.
Image decodeBmp(std::string_view bytes, const std::string& name, const Limits& limits);

} // namespace graft::imaging
