#include "core/imaging/decode.h"

#include "core/base/file.h"
#include "core/imaging/bmp.h"
#include "core/imaging/format.h"
#include "core/imaging/resize.h"
#include "core/imaging/turn.h"

#include <opencv2/core/utility.hpp>
#include <opencv2/core/utils/logger.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>
#include <vips/vips.h>

namespace graft::imaging {

namespace {

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};

using VipsPointer = std::unique_ptr<VipsImage, Unref>;

/// libvips keeps a little for each thread that used it.
struct ThreadEnd {
    ~ThreadEnd() { vips_thread_shutdown(); }
};

/// Decodes at 1/shrink of the size; JPEG only.
struct Opening {
    Format format = Format::Jpeg;
    int shrink = 1;
};

VipsPointer openPnm(void* data, std::size_t size)
{
    VipsImage* image = nullptr;
    const std::unique_ptr<VipsSource, Unref> source(vips_source_new_from_memory(data, size));
    if (source)
        vips_ppmload_source(source.get(), &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                            VIPS_FAIL_ON_TRUNCATED, nullptr);
    return VipsPointer(image);
}

/// Reads the header with the one loader for this kind: libvips' own choice includes loaders that are not made
/// for files from strangers. Null where it fails.
VipsPointer open(std::string_view bytes, const Opening& opening)
{
    void* data = const_cast<char*>(bytes.data()); // NOLINT: libvips does not write to it
    VipsImage* image = nullptr;
    const auto load = [&](auto loader, auto... options) {
        loader(data, bytes.size(), &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
               VIPS_FAIL_ON_TRUNCATED, options..., static_cast<void*>(nullptr));
    };
    switch (opening.format) {
    case Format::Jpeg:
        load(vips_jpegload_buffer, "shrink", opening.shrink);
        break;
    case Format::Png:
        load(vips_pngload_buffer);
        break;
    case Format::Gif:
        load(vips_gifload_buffer);
        break;
    case Format::WebP:
        load(vips_webpload_buffer);
        break;
    case Format::Tiff:
        load(vips_tiffload_buffer);
        break;
    case Format::Heif:
    case Format::Avif:
        load(vips_heifload_buffer);
        break;
    case Format::Pnm:
        return openPnm(data, bytes.size());
    case Format::Bmp:
        break;
    }
    return VipsPointer(image);
}

/// One step of a pipeline: takes `image`, returns what `operation` makes of it; null stays null.
template <typename Operation, typename... Options>
VipsPointer apply(VipsPointer image, Operation operation, Options... options)
{
    VipsImage* out = nullptr;
    if (image && operation(image.get(), &out, options..., static_cast<void*>(nullptr)) != 0)
        out = nullptr;
    return VipsPointer(out);
}

/// Bands without a meaning are taken for grey or for red, green and blue; whole numbers of 32 bits for their
/// upper 8.
VipsPointer giveMeaning(VipsPointer image)
{
    const VipsBandFormat format = vips_image_get_format(image.get());
    if (format == VIPS_FORMAT_UINT || format == VIPS_FORMAT_INT || format == VIPS_FORMAT_SHORT)
        image = apply(std::move(image), vips_cast, VIPS_FORMAT_UCHAR, "shift", TRUE);
    if (!image)
        return image;
    const int bands = vips_image_get_bands(image.get());
    const bool wide = vips_image_get_format(image.get()) == VIPS_FORMAT_USHORT;
    const VipsInterpretation interpretation = vips_image_get_interpretation(image.get());
    if (interpretation != VIPS_INTERPRETATION_MULTIBAND && vips_colourspace_issupported(image.get()))
        return image;
    const VipsInterpretation meaning = bands < 3
        ? (wide ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W)
        : (wide ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB);
    return apply(std::move(image), vips_copy, "interpretation", meaning);
}

/// 8-bit sRGB without alpha. An embedded colour profile is followed for CMYK only: published weights were
/// trained with libraries that ignore the profiles of RGB pictures.
VipsPointer toRgb(VipsPointer image)
{
    const auto isPlain = [&] {
        return vips_image_get_interpretation(image.get()) == VIPS_INTERPRETATION_sRGB
            && vips_image_get_format(image.get()) == VIPS_FORMAT_UCHAR;
    };
    if (!isPlain()) {
        image = giveMeaning(std::move(image));
        if (image && !isPlain())
            image = apply(std::move(image), vips_colourspace, VIPS_INTERPRETATION_sRGB);
    }
    if (image && vips_image_get_format(image.get()) != VIPS_FORMAT_UCHAR)
        image = apply(std::move(image), vips_cast, VIPS_FORMAT_UCHAR);
    if (image && vips_image_hasalpha(image.get()) != 0) {
        const double white = 255.0;
        const std::unique_ptr<VipsArrayDouble, void (*)(VipsArrayDouble*)> background(
            vips_array_double_new(&white, 1),
            [](VipsArrayDouble* array) { vips_area_unref(VIPS_AREA(array)); });
        image = apply(std::move(image), vips_flatten, "background", background.get());
    }
    if (image && vips_image_get_bands(image.get()) > 3)
        image = apply(std::move(image), vips_extract_band, 0, "n", 3);
    return image;
}

std::uint32_t bigEndian(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (const char byte : bytes.substr(at, 4))
        value = value << 8U | static_cast<std::uint8_t>(byte);
    return value;
}

/// What libpng would believe of a PNG: sizes over a limit of its own it calls damage, for a chunk it makes
/// room before it reads, and for pixels as well, though deflate cannot make more than 1,032 bytes of one.
void requireHonestPng(std::string_view bytes, const std::string& name, const Limits& limits)
{
    constexpr std::size_t signature = 8;
    constexpr std::size_t firstChunkEnd = signature + 8 + 13 + 4;
    if (bytes.size() < firstChunkEnd || bytes.substr(signature + 4, 4) != "IHDR")
        throw damaged(name, Format::Png);
    const std::uint32_t width = bigEndian(bytes, signature + 8);
    const std::uint32_t height = bigEndian(bytes, signature + 12);
    requireWithin(width, height, name, limits);
    const std::uint64_t bits = std::uint64_t {width} * height * static_cast<std::uint8_t>(bytes[24]);
    if (bits / 8 > std::uint64_t {bytes.size()} * 1032)
        throw damaged(name, Format::Png);
    for (std::size_t at = signature; at + 8 <= bytes.size();) {
        const std::size_t length = bigEndian(bytes, at);
        const std::string_view kind = bytes.substr(at + 4, 4);
        if (kind == "IEND")
            break;
        // Pixels are read piece by piece; whether they are all there shows itself.
        if (kind != "IDAT" && length > bytes.size() - at - 8)
            throw damaged(name, Format::Png);
        at += 8 + length + 4;
    }
}

/// The GIF reader makes room for the picture before it tells its size.
void requireHonestGif(std::string_view bytes, const std::string& name, const Limits& limits)
{
    if (bytes.size() < 10)
        throw damaged(name, Format::Gif);
    const auto word = [&](std::size_t at) {
        return static_cast<std::uint8_t>(bytes[at]) | static_cast<std::uint8_t>(bytes[at + 1]) << 8U;
    };
    requireWithin(word(6), word(8), name, limits);
}

/// The picture with its header read and its size checked.
VipsPointer openChecked(std::string_view bytes, const Opening& opening, const std::string& name,
                        const Limits& limits)
{
    thread_local const ThreadEnd threadEnd;
    initialise();
    if (opening.format == Format::Png)
        requireHonestPng(bytes, name, limits);
    else if (opening.format == Format::Gif)
        requireHonestGif(bytes, name, limits);
    VipsPointer image = open(bytes, opening);
    if (!image) {
        vips_error_clear();
        throw damaged(name, opening.format);
    }
    const std::int64_t shrink = opening.shrink;
    requireWithin(vips_image_get_width(image.get()) * shrink, vips_image_get_height(image.get()) * shrink,
                  name, limits);
    // Four bytes for a pixel are what nearly all pictures need at most.
    if (VIPS_IMAGE_SIZEOF_IMAGE(image.get()) > static_cast<std::uint64_t>(limits.pixels) * 4)
        throw PictureError(PictureFault::TooBig, name,
                           "needs too much memory: its colours are stored very finely",
                           "Save it with 8 bits per colour with a picture editor, or leave it out.");
    return image;
}

void requireBytesWithin(std::string_view bytes, const std::string& name, const Limits& limits)
{
    if (bytes.size() > limits.bytes)
        throw PictureError(PictureFault::TooBig, name,
                           "is too big: " + std::to_string(bytes.size() >> 20U)
                               + " MB, and Graft reads up to " + std::to_string(limits.bytes >> 20U) + " MB",
                           "Make it smaller with a picture editor, or leave it out.");
}

/// Runs the pipeline from top to bottom on this thread. libvips' own way to do that starts a thread for each
/// picture, which takes a third of the time of a small one.
bool copyPixels(VipsImage* image, Image& out)
{
    constexpr int rowsAtOnce = 64;
    if (vips_image_get_bands(image) != 3 || vips_image_pio_input(image) != 0)
        return false;
    out = {vips_image_get_width(image), vips_image_get_height(image), {}};
    const std::size_t stride = static_cast<std::size_t>(out.width) * 3;
    out.rgb.resize(stride * static_cast<std::size_t>(out.height));
    const std::unique_ptr<VipsRegion, Unref> region(vips_region_new(image));
    for (int top = 0; region && top < out.height; top += rowsAtOnce) {
        const VipsRect strip {0, top, out.width, std::min(rowsAtOnce, out.height - top)};
        if (vips_region_prepare(region.get(), &strip) != 0)
            return false;
        for (int y = top; y < top + strip.height; ++y)
            std::memcpy(out.rgb.data() + static_cast<std::size_t>(y) * stride,
                        VIPS_REGION_ADDR(region.get(), 0, y), stride);
    }
    return region != nullptr;
}

Image decodeAt(std::string_view bytes, const Opening& opening, const std::string& name, const Limits& limits)
{
    if (opening.format == Format::Bmp)
        return decodeBmp(bytes, name, limits);
    VipsPointer source = openChecked(bytes, opening, name, limits);
    const int orientation = vips_image_get_orientation(source.get());
    const VipsPointer image = toRgb(std::move(source));
    Image result;
    const bool done = image && copyPixels(image.get(), result);
    if (!done) {
        vips_error_clear();
        throw damaged(name, opening.format);
    }
    return turn(std::move(result), orientation);
}

} // namespace

void initialise()
{
    static std::once_flag once;
    std::call_once(once, [] {
        if (VIPS_INIT("graft") != 0)
            throw Error("libvips", "does not start", "Install the package libvips42 again.");
        // Pictures are read in parallel, one thread each; no picture is read twice.
        vips_concurrency_set(1);
        vips_cache_set_max(0);
        // What is wrong with a picture is told by the PictureError; libvips and its object system also print
        // it.
        const auto silent = [](const gchar*, GLogLevelFlags, const gchar*, gpointer) {};
        constexpr auto chatter = static_cast<GLogLevelFlags>(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE
                                                             | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG);
        for (const char* domain : {"VIPS", "GLib-GObject"})
            g_log_set_handler(domain, chatter, silent, nullptr);
        cv::setNumThreads(1);
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    });
}

Header readHeader(std::string_view bytes, const std::string& name, const Limits& limits)
{
    const Format format = recognise(bytes, name);
    requireBytesWithin(bytes, name, limits);
    if (format == Format::Bmp)
        return readBmpHeader(bytes, name, limits);
    const VipsPointer image = openChecked(bytes, {format}, name, limits);
    Header header {vips_image_get_width(image.get()), vips_image_get_height(image.get()), title(format)};
    if (turnsOnSide(vips_image_get_orientation(image.get())))
        std::swap(header.width, header.height);
    return header;
}

Image decode(std::string_view bytes, const std::string& name, const Limits& limits)
{
    const Format format = recognise(bytes, name);
    requireBytesWithin(bytes, name, limits);
    return decodeAt(bytes, {format}, name, limits);
}

Image decodeFile(const std::filesystem::path& file, const Limits& limits)
{
    return decode(readPicture(file, limits), file.filename().string(), limits);
}

Image thumbnail(const std::filesystem::path& file, int side, const Limits& limits)
{
    const std::string bytes = readPicture(file, limits);
    const std::string name = file.filename().string();
    Opening opening {recognise(bytes, name)};
    if (opening.format == Format::Jpeg) {
        const Header header = readHeader(bytes, name, limits);
        while (opening.shrink < 8 && std::max(header.width, header.height) >= side * opening.shrink * 2)
            opening.shrink *= 2;
    }
    Image image = decodeAt(bytes, opening, name, limits);
    const int longer = std::max(image.width, image.height);
    if (longer <= side)
        return image;
    const auto scaled = [&](int size) {
        return std::max(1, static_cast<int>(static_cast<std::int64_t>(size) * side / longer));
    };
    return resize(image, scaled(image.width), scaled(image.height), Interpolation::Bilinear);
}

namespace {

/// `save` puts the picture into a buffer of libvips; `kind` is what a person calls the format.
template <typename Save, typename... Options>
void writePicture(const std::filesystem::path& file, const Image& image, const char* kind, Save save,
                  Options... options)
{
    initialise();
    VipsPointer memory(vips_image_new_from_memory(image.rgb.data(), image.rgb.size(), image.width,
                                                  image.height, 3, VIPS_FORMAT_UCHAR));
    const VipsPointer picture =
        apply(std::move(memory), vips_copy, "interpretation", VIPS_INTERPRETATION_sRGB);
    void* data = nullptr;
    std::size_t size = 0;
    if (!picture || save(picture.get(), &data, &size, options..., static_cast<void*>(nullptr)) != 0) {
        vips_error_clear();
        throw Error(file.string(), std::string("could not be made into a ") + kind + " picture",
                    "Try again with more free memory.");
    }
    const std::unique_ptr<void, decltype(&g_free)> free(data, g_free);
    writeFile(file, std::string_view(static_cast<const char*>(data), size));
}

} // namespace

void writePng(const std::filesystem::path& file, const Image& image)
{
    writePicture(file, image, "PNG", vips_pngsave_buffer);
}

void writeJpeg(const std::filesystem::path& file, const Image& image)
{
    writePicture(file, image, "JPEG", vips_jpegsave_buffer, "Q", 95, "subsample_mode",
                 VIPS_FOREIGN_SUBSAMPLE_OFF);
}

} // namespace graft::imaging
