#pragma once
#include "core/base/image.h"

#include <string>
#include <vector>

/// Pictures for the tests, encoded with libvips; JPEG, PNG and BMP are made with Qt where that is enough.
namespace encoder {

/// `suffix`: ".gif[...]", ".webp", ".tif[compression=lzw]" ... with libvips' options. Empty where this
/// libvips cannot write it.
std::string encode(const graft::Image& image, const std::string& suffix);

/// Frames of one size after one another.
std::string animate(const std::vector<graft::Image>& frames, const std::string& suffix);

/// Four bytes of ink for each pixel, 255 = all, as a CMYK picture without a profile.
std::string encodeCmyk(int width, int height, const std::vector<unsigned char>& ink,
                       const std::string& suffix);

} // namespace encoder
