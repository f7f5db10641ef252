#include "core/imaging/format.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace graft::imaging {

namespace {

using namespace std::string_view_literals;

struct Signature {
    std::string_view bytes;
    Format format;
};

constexpr std::array signatures {
    Signature {"\xFF\xD8\xFF"sv, Format::Jpeg},    Signature {"\x89PNG\r\n\x1A\n"sv, Format::Png},
    Signature {"GIF87a"sv, Format::Gif},           Signature {"GIF89a"sv, Format::Gif},
    Signature {"II*\0"sv, Format::Tiff},           Signature {"MM\0*"sv, Format::Tiff},
    Signature {"II+\0\x08\0\0\0"sv, Format::Tiff}, Signature {"MM\0+\0\x08\0\0"sv, Format::Tiff},
};

/// Beginnings of files that people keep among pictures, and what to call them.
struct OtherKind {
    std::string_view bytes;
    std::string_view title;
};

constexpr std::array otherKinds {
    OtherKind {"<!doctype html"sv, "a web page"},
    OtherKind {"<html"sv, "a web page"},
    OtherKind {"<svg"sv, "an SVG drawing"},
    OtherKind {"%pdf-"sv, "a PDF document"},
    OtherKind {"\0\0\1\0"sv, "an icon"},
    OtherKind {"8bps"sv, "a Photoshop file"},
    OtherKind {"gimp xcf"sv, "a GIMP file"},
    OtherKind {"\0\0\0\x0CjP  "sv, "a JPEG 2000 picture"},
    OtherKind {"\0\0\0\x0CJXL "sv, "a JPEG XL picture"},
    OtherKind {"\xFF\x0A"sv, "a JPEG XL picture"},
    OtherKind {"oggs"sv, "a sound or a film"},
    OtherKind {"id3"sv, "a sound"},
    OtherKind {"pk\3\4"sv, "a ZIP archive or an office document"},
    OtherKind {"\x7F"
               "elf"sv,
               "a program"},
    OtherKind {"\x1F\x8B"sv, "a packed archive"},
};

char lower(char c)
{
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool startsLike(std::string_view bytes, std::string_view beginning)
{
    return bytes.size() >= beginning.size()
        && std::equal(beginning.begin(), beginning.end(), bytes.begin(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

/// ISO media files name their brands in a first box: size, "ftyp", major brand, version, other brands.
bool hasBrand(std::string_view bytes, std::initializer_list<std::string_view> brands)
{
    if (bytes.substr(0, std::min<std::size_t>(bytes.size(), 12)).size() < 12 || bytes.substr(4, 4) != "ftyp")
        return false;
    const std::size_t size = std::min<std::size_t>(
        {bytes.size(), 128, static_cast<std::size_t>(static_cast<unsigned char>(bytes[3]))});
    for (std::size_t at = 8; at + 4 <= size; at += at == 8 ? 8 : 4) {
        if (std::ranges::find(brands, bytes.substr(at, 4)) != brands.end())
            return true;
    }
    return false;
}

bool isPnm(std::string_view bytes)
{
    return bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6'
        && (bytes[2] == '\n' || bytes[2] == ' ' || bytes[2] == '\r' || bytes[2] == '\t');
}

/// BMP has two letters for a signature: the size of the header that follows tells it from a text.
bool isBmp(std::string_view bytes)
{
    if (!bytes.starts_with("BM") || bytes.size() < 18)
        return false;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
    return byte(15) == 0 && byte(16) == 0 && byte(17) == 0 && byte(14) >= 12;
}

std::string describeOther(std::string_view bytes)
{
    constexpr auto blank = " \t\r\n"sv;
    std::string_view text = bytes.starts_with("\xEF\xBB\xBF") ? bytes.substr(3) : bytes;
    text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
    for (const auto& kind : otherKinds) {
        if (startsLike(text, kind.bytes))
            return "it is " + std::string(kind.title);
    }
    if (startsLike(text, "<?xml") && text.find("<svg") != std::string_view::npos)
        return "it is an SVG drawing";
    if (bytes.size() > 11 && bytes.substr(4, 4) == "ftyp")
        return "it is a film";
    const bool isText = std::ranges::none_of(bytes, [](char c) {
        return static_cast<unsigned char>(c) < 32 && c != '\n' && c != '\r' && c != '\t';
    });
    return isText ? "it is a text" : "it is another kind of file";
}

} // namespace

std::string_view title(Format format)
{
    constexpr std::array titles {"JPEG"sv, "PNG"sv,  "GIF"sv, "WebP"sv, "TIFF"sv,
                                 "HEIC"sv, "AVIF"sv, "PNM"sv, "BMP"sv};
    return titles[static_cast<std::size_t>(format)];
}

Format recognise(std::string_view bytes, const std::string& name)
{
    if (bytes.empty())
        throw PictureError(PictureFault::Empty, name, "is empty: it has 0 bytes",
                           "Copy it again from where it came from, or leave it out.");
    bytes = bytes.substr(0, signatureBytes);
    for (const auto& signature : signatures) {
        if (bytes.starts_with(signature.bytes))
            return signature.format;
    }
    if (bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP")
        return Format::WebP;
    if (hasBrand(bytes, {"avif", "avis"}))
        return Format::Avif;
    if (hasBrand(bytes, {"heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"}))
        return Format::Heif;
    if (isBmp(bytes))
        return Format::Bmp;
    if (isPnm(bytes))
        return Format::Pnm;
    throw PictureError(PictureFault::NotAPicture, name,
                       "is not a picture that Graft can read: " + describeOther(bytes),
                       "Graft reads JPEG, PNG, GIF, WebP, TIFF, HEIC, AVIF, BMP and PNM pictures.");
}

void requireWithin(std::int64_t width, std::int64_t height, const std::string& name, const Limits& limits)
{
    if (width <= 0 || height <= 0)
        throw PictureError(PictureFault::Damaged, name, "is damaged: it says that it has no pixels",
                           "Copy it again from where it came from, or leave it out.");
    if (width > limits.pixels / height)
        throw PictureError(PictureFault::TooBig, name,
                           "is too big: " + std::to_string(width) + " x " + std::to_string(height)
                               + " pixels, and Graft reads up to " + std::to_string(limits.pixels / 1'000'000)
                               + " million",
                           "Make it smaller with a picture editor, or leave it out.");
}

PictureError damaged(const std::string& name, Format format)
{
    return {PictureFault::Damaged, name,
            std::string("is damaged: it begins like ") + (format == Format::Avif ? "an " : "a ")
                + std::string(title(format)) + " picture, but cannot be read to its end",
            "Copy it again from where it came from, or open and save it with a picture editor."};
}

} // namespace graft::imaging
