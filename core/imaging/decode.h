#pragma once
#include "core/base/image.h"
#include "core/base/picture_error.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace graft::imaging {

/// Limits that are checked before anything is decoded.
struct Limits {
    std::int64_t pixels = 100'000'000; ///< width * height; 300 MB once decoded
    std::uint64_t bytes = 512ULL << 20U; ///< of the file
};

struct Header {
    int width = 0; ///< as shown, after the EXIF turn
    int height = 0;
    std::string_view format; ///< "JPEG", "PNG", ...
};

/// Call once at the start of a program, before any thread uses this room.
void initialise();

/// Size and kind, from the first bytes. Throws PictureError.
Header readHeader(std::string_view bytes, const std::string& name, const Limits& limits = {});

/// The picture as a person sees it: turned as its EXIF says, first frame of an animation, transparency over
/// white, CMYK, grey, palette and 16 bit brought to 8-bit sRGB. `name` is used in messages. Thread-safe.
/// Throws PictureError; a file that ends early is damaged.
Image decode(std::string_view bytes, const std::string& name, const Limits& limits = {});
Image decodeFile(const std::filesystem::path& file, const Limits& limits = {});

/// The bytes of a picture file, for decode() and sha256() without reading it twice. What is no picture is
/// told by its first bytes and not read to its end; pipes, devices and folders are not opened. Throws
/// PictureError.
std::string readPicture(const std::filesystem::path& file, const Limits& limits = {});

/// For showing only: longer side at most `side` pixels; may decode at reduced size. Throws PictureError.
Image thumbnail(const std::filesystem::path& file, int side, const Limits& limits = {});

/// An 8-bit RGB PNG. Throws Error.
void writePng(const std::filesystem::path& file, const Image& image);

/// A JPEG of high quality (95 of 100), without colour subsampling. Throws Error.
void writeJpeg(const std::filesystem::path& file, const Image& image);

} // namespace graft::imaging
