#include "core/imaging/bmp.h"

#include "core/imaging/format.h"

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

namespace graft::imaging {

namespace {

using Pixel = std::array<std::uint8_t, 3>;

/// Where the file ends, zeros are read: sizes are checked before pixels are.
class Bytes
{
public:
    explicit Bytes(std::string_view bytes)
        : m_bytes(bytes)
    {
    }

    std::size_t size() const { return m_bytes.size(); }

    std::uint32_t u8(std::size_t at) const
    {
        return at < m_bytes.size() ? static_cast<std::uint8_t>(m_bytes[at]) : 0U;
    }

    std::uint32_t u16(std::size_t at) const { return u8(at) | (u8(at + 1) << 8U); }

    std::uint32_t u32(std::size_t at) const { return u16(at) | (u16(at + 2) << 16U); }

private:
    std::string_view m_bytes;
};

enum Compression : std::uint32_t { Plain = 0, Rle8 = 1, Rle4 = 2, BitFields = 3, AlphaBitFields = 6 };

struct BmpHeader {
    int width = 0;
    int height = 0;
    bool topDown = false;
    std::uint32_t bits = 0; ///< of a pixel
    std::uint32_t compression = Plain;
    std::array<std::uint32_t, 4> masks {}; ///< red, green, blue, alpha
    std::vector<Pixel> palette;
    std::size_t pixels = 0; ///< where they begin
};

constexpr std::size_t fileHeader = 14;
constexpr std::size_t oldHeader = 12; ///< OS/2 1.x: 16-bit sizes, palette of three bytes each

PictureError rare(const std::string& name)
{
    return {PictureFault::NotAPicture, name, "is a rare kind of BMP picture that Graft cannot read",
            "Open it with a picture editor and save it as PNG."};
}

void readMasks(const Bytes& in, std::size_t headerSize, BmpHeader& header)
{
    constexpr std::size_t at = fileHeader + 40;
    if (header.compression == BitFields || header.compression == AlphaBitFields) {
        const bool alpha = headerSize >= 56 || header.compression == AlphaBitFields;
        for (std::size_t i = 0; i < (alpha ? 4U : 3U); ++i)
            header.masks[i] = in.u32(at + 4 * i);
    } else if (header.bits == 16) {
        header.masks = {0x7C00, 0x03E0, 0x001F, 0};
    } else {
        header.masks = {0xFF0000, 0x00FF00, 0x0000FF, 0};
    }
}

void readPalette(const Bytes& in, std::size_t headerSize, BmpHeader& header)
{
    if (header.bits > 8)
        return;
    const std::size_t entry = headerSize == oldHeader ? 3 : 4;
    const std::size_t masks = headerSize == 40 && header.compression == BitFields ? 12 : 0;
    const std::size_t used = headerSize >= 36 ? in.u32(fileHeader + 32) : 0;
    const std::size_t most = std::size_t {1} << header.bits;
    const std::size_t count = used == 0 ? most : std::min(used, most);
    header.palette.assign(most, Pixel {});
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = fileHeader + headerSize + masks + i * entry;
        if (at + 3 > header.pixels)
            break;
        header.palette[i] = {static_cast<std::uint8_t>(in.u8(at + 2)),
                             static_cast<std::uint8_t>(in.u8(at + 1)), static_cast<std::uint8_t>(in.u8(at))};
    }
}

BmpHeader parseHeader(const Bytes& in, const std::string& name, const Limits& limits)
{
    BmpHeader header;
    const std::size_t size = in.u32(fileHeader);
    if (in.size() < fileHeader + size)
        throw damaged(name, Format::Bmp);
    const bool old = size == oldHeader;
    const std::int64_t width = old ? std::int64_t {in.u16(18)} : static_cast<std::int32_t>(in.u32(18));
    const std::int64_t height = old ? std::int64_t {in.u16(20)} : static_cast<std::int32_t>(in.u32(22));
    const std::uint32_t planes = in.u16(old ? 22 : 26);
    header.bits = in.u16(old ? 24 : 28);
    header.compression = size >= 20 ? in.u32(30) : Plain;
    requireWithin(width, std::abs(height), name, limits);
    header.width = static_cast<int>(width);
    header.height = static_cast<int>(std::abs(height));
    header.topDown = height < 0;
    header.pixels = in.u32(10);
    const std::array<std::uint32_t, 7> known {1, 2, 4, 8, 16, 24, 32};
    if (planes != 1)
        throw damaged(name, Format::Bmp);
    const bool runs = header.compression == Rle8 || header.compression == Rle4;
    const bool fields = header.compression == BitFields || header.compression == AlphaBitFields;
    const bool fits = header.compression == Plain || (header.compression == Rle8 && header.bits == 8)
        || (header.compression == Rle4 && header.bits == 4)
        || (fields && header.bits >= 16 && header.bits != 24);
    if (std::ranges::find(known, header.bits) == known.end() || !fits || (runs && header.topDown && old)
        || (size == 64 && fields))
        throw rare(name);
    readMasks(in, size, header);
    readPalette(in, size, header);
    return header;
}

/// The bits of `value` under `mask`, spread to 0..255.
std::uint32_t field(std::uint32_t value, std::uint32_t mask)
{
    if (mask == 0)
        return 0;
    const int low = std::countr_zero(mask);
    const std::uint64_t most = mask >> static_cast<unsigned>(low);
    const std::uint64_t part = (value & mask) >> static_cast<unsigned>(low);
    return static_cast<std::uint32_t>((part * 255 + most / 2) / most);
}

/// Any alpha at all? Many writers leave the fourth byte zero and mean a solid picture.
bool hasAlpha(const Bytes& in, const BmpHeader& header, std::size_t stride)
{
    if (header.masks[3] == 0)
        return false;
    const std::size_t step = header.bits / 8;
    for (std::size_t y = 0; y < static_cast<std::size_t>(header.height); ++y) {
        for (std::size_t x = 0; x < static_cast<std::size_t>(header.width); ++x) {
            const std::size_t at = header.pixels + y * stride + x * step;
            if (((step == 2 ? in.u16(at) : in.u32(at)) & header.masks[3]) != 0)
                return true;
        }
    }
    return false;
}

Pixel pixelAt(const Bytes& in, const BmpHeader& header, std::size_t row, std::size_t x, bool alpha)
{
    if (header.bits <= 8) {
        const std::size_t bit = x * header.bits;
        const unsigned shift = 8U - header.bits - static_cast<unsigned>(bit % 8);
        return header.palette[(in.u8(row + bit / 8) >> shift) & ((1U << header.bits) - 1U)];
    }
    const std::size_t at = row + x * header.bits / 8;
    if (header.bits == 24 || (header.compression == Plain && header.bits == 32))
        return {static_cast<std::uint8_t>(in.u8(at + 2)), static_cast<std::uint8_t>(in.u8(at + 1)),
                static_cast<std::uint8_t>(in.u8(at))};
    const std::uint32_t value = header.bits == 16 ? in.u16(at) : in.u32(at);
    Pixel pixel {};
    const std::uint32_t opacity = alpha ? field(value, header.masks[3]) : 255U;
    for (std::size_t i = 0; i < 3; ++i)
        pixel[i] = static_cast<std::uint8_t>(
            (field(value, header.masks[i]) * opacity + 255U * (255U - opacity) + 127U) / 255U);
    return pixel;
}

void decodePlain(const Bytes& in, const BmpHeader& header, const std::string& name, Image& image)
{
    const auto width = static_cast<std::size_t>(header.width);
    const auto height = static_cast<std::size_t>(header.height);
    const std::size_t stride = (width * header.bits + 31) / 32 * 4;
    // The filling after the last row may be missing.
    if (header.pixels + (height - 1) * stride + (width * header.bits + 7) / 8 > in.size())
        throw damaged(name, Format::Bmp);
    image.rgb.resize(width * height * 3);
    const bool alpha = hasAlpha(in, header, stride);
    for (std::size_t y = 0; y < height; ++y) {
        const std::size_t row = header.pixels + (header.topDown ? y : height - 1 - y) * stride;
        std::uint8_t* out = image.rgb.data() + y * width * 3;
        for (std::size_t x = 0; x < width; ++x, out += 3)
            std::ranges::copy(pixelAt(in, header, row, x, alpha), out);
    }
}

/// Where run-length decoding stands.
class RunWriter
{
public:
    RunWriter(const BmpHeader& header, Image& image)
        : m_header(header)
        , m_image(image)
    {
    }

    void put(std::uint32_t index)
    {
        const std::int64_t row = m_header.topDown ? m_y : m_header.height - 1 - m_y;
        if (m_x < m_header.width && m_y < m_header.height)
            std::ranges::copy(m_header.palette[index], m_image.rgb.data() + (row * m_header.width + m_x) * 3);
        ++m_x;
    }

    void move(std::uint32_t across, std::uint32_t up)
    {
        m_x += across;
        m_y += up;
    }

    void nextRow()
    {
        m_x = 0;
        ++m_y;
    }

    bool full() const { return m_y >= m_header.height; }

private:
    const BmpHeader& m_header;
    Image& m_image;
    std::int64_t m_x = 0;
    std::int64_t m_y = 0;
};

void decodeRuns(const Bytes& in, const BmpHeader& header, const std::string& name, Image& image)
{
    image.rgb.resize(static_cast<std::size_t>(header.width) * static_cast<std::size_t>(header.height) * 3);
    for (std::size_t i = 0; i < image.rgb.size(); i += 3)
        std::ranges::copy(header.palette[0], image.rgb.data() + i);
    RunWriter writer(header, image);
    const bool half = header.bits == 4;
    const auto index = [&](std::uint32_t byte, std::uint32_t i) {
        return half ? (i % 2 == 0 ? byte >> 4U : byte & 15U) : byte;
    };
    std::size_t at = header.pixels;
    while (!writer.full()) {
        if (at + 2 > in.size())
            throw damaged(name, Format::Bmp);
        const std::uint32_t count = in.u8(at);
        const std::uint32_t value = in.u8(at + 1);
        at += 2;
        if (count > 0) {
            for (std::uint32_t i = 0; i < count; ++i)
                writer.put(index(value, i));
        } else if (value == 0) {
            writer.nextRow();
        } else if (value == 1) {
            return;
        } else if (value == 2) {
            writer.move(in.u8(at), in.u8(at + 1));
            at += 2;
        } else {
            const std::size_t bytes = half ? (value + 1) / 2 : value;
            if (at + bytes > in.size())
                throw damaged(name, Format::Bmp);
            for (std::uint32_t i = 0; i < value; ++i)
                writer.put(index(in.u8(at + (half ? i / 2 : i)), i));
            at += (bytes + 1) / 2 * 2;
        }
    }
}

} // namespace

Header readBmpHeader(std::string_view bytes, const std::string& name, const Limits& limits)
{
    const BmpHeader header = parseHeader(Bytes(bytes), name, limits);
    return {header.width, header.height, title(Format::Bmp)};
}

Image decodeBmp(std::string_view bytes, const std::string& name, const Limits& limits)
{
    const Bytes in(bytes);
    const BmpHeader header = parseHeader(in, name, limits);
    Image image {header.width, header.height, {}};
    if (header.compression == Rle8 || header.compression == Rle4)
        decodeRuns(in, header, name, image);
    else
        decodePlain(in, header, name, image);
    return image;
}

} // namespace graft::imaging
