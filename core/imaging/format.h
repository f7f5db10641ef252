#pragma once
#include "core/imaging/decode.h"

#include <string>
#include <string_view>

namespace graft::imaging {

/// Kinds that are read.
enum class Format { Jpeg, Png, Gif, WebP, Tiff, Heif, Avif, Pnm, Bmp };

std::string_view title(Format format); ///< "JPEG"

/// Enough of a file's beginning for recognise().
constexpr std::size_t signatureBytes = 4096;

/// The kind, by the first bytes and never by the name. Throws PictureError (Empty, NotAPicture).
Format recognise(std::string_view bytes, const std::string& name);

/// Throws PictureError (TooBig) where width * height is over the limit, (Damaged) where one is not positive.
void requireWithin(std::int64_t width, std::int64_t height, const std::string& name, const Limits& limits);

/// The sentence for a file that begins like a picture and does not go on like one.
PictureError damaged(const std::string& name, Format format);

} // namespace graft::imaging
