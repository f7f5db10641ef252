#include "core/augment/jpeg_loss.h"

#include "core/augment/vectorised.h"

#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

namespace graft::augment {

namespace {

constexpr int side = 8; ///< of a block
using Table = std::array<float, std::size_t {side} * side>;

// ITU-T T.81, tables K.1 and K.2, row by row.
constexpr std::array<int, 64> luminance {
    16, 11,  10,  16, 24, 40, 51, 61, 12,  12,  14,  19,  26, 58, 60, 55,  14,  13,  16,  24, 40, 57,
    69, 56,  14,  17, 22, 29, 51, 87, 80,  62,  18,  22,  37, 56, 68, 109, 103, 77,  24,  35, 55, 64,
    81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98,  112, 100, 103, 99};
constexpr std::array<int, 64> chrominance {17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
                                           24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
                                           99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
                                           99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99};

/// As libjpeg's jpeg_set_quality scales them.
Table steps(const std::array<int, 64>& table, int quality)
{
    const int scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
    Table result {};
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = static_cast<float>(std::clamp((table[i] * scale + 50) / 100, 1, 255));
    return result;
}

/// The 8-point cosine transform, one frequency after another.
const Table& cosines()
{
    static const Table table = [] {
        Table values {};
        for (std::size_t frequency = 0; frequency < side; ++frequency) {
            const double scale = frequency == 0 ? std::sqrt(1.0 / side) : std::sqrt(2.0 / side);
            for (std::size_t i = 0; i < side; ++i)
                values[frequency * side + i] = static_cast<float>(
                    scale
                    * std::cos((2.0 * static_cast<double>(i) + 1.0) * static_cast<double>(frequency)
                               * std::numbers::pi / (2.0 * side)));
        }
        return values;
    }();
    return table;
}

/// A plane of one component, whole blocks.
struct Plane {
    std::uint8_t* data = nullptr;
    int width = 0;
    int height = 0;

    std::uint8_t* row(int y) const { return data + static_cast<std::ptrdiff_t>(y) * width; }
};

Plane makePlane(int width, int height, Scratch& scratch)
{
    const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    return {scratch.take<std::uint8_t>(size).data(), width, height};
}

using Row = float __attribute__((vector_size(side * sizeof(float))));

/// a times b, 8 x 8 each; `product` is neither of them.
GRAFT_INLINE void multiply(const float* a, const float* b, float* product)
{
    Row rows[side];
    std::memcpy(rows, b, sizeof rows);
    for (int i = 0; i < side; ++i, a += side, product += side) {
        Row sum = rows[0] * a[0];
        for (int k = 1; k < side; ++k)
            sum += rows[k] * a[k];
        std::memcpy(product, &sum, sizeof sum);
    }
}

/// To whole multiples of the steps, halves to the even one.
GRAFT_INLINE void quantise(const float* step, float* values)
{
    constexpr float integerBits = 12582912.0F; // 1.5 * 2^23: adding it leaves no room for a fraction
    for (int i = 0; i < side * side; ++i)
        values[i] = ((values[i] / step[i] + integerBits) - integerBits) * step[i];
}

/// Every block to frequencies, these to whole steps, and back. `forward` is cosines(), `back` the same
/// transposed.
GRAFT_FOR_EACH_PROCESSOR
void losePlane(const Plane& plane, const float* step, const float* forward, const float* back)
{
    constexpr float shift = 128.0F;
    float block[side * side];
    float half[side * side];
    for (int top = 0; top < plane.height; top += side) {
        for (int left = 0; left < plane.width; left += side) {
            for (int y = 0; y < side; ++y)
                for (int x = 0; x < side; ++x)
                    block[y * side + x] = static_cast<float>(plane.row(top + y)[left + x]) - shift;
            multiply(forward, block, half);
            multiply(half, back, block);
            quantise(step, block);
            multiply(back, block, half);
            multiply(half, forward, block);
            for (int y = 0; y < side; ++y)
                for (int x = 0; x < side; ++x)
                    plane.row(top + y)[left + x] = roundToByte(block[y * side + x] + shift);
        }
    }
}

/// One row of pixels to rows of brightness and the two colours (ITU-T T.871).
GRAFT_FOR_EACH_PROCESSOR
void toPlanes(const std::uint8_t* rgb, int width, std::uint8_t* y, std::uint8_t* cb, std::uint8_t* cr)
{
    for (int i = 0; i < width; ++i) {
        const auto r = static_cast<float>(rgb[i * channels]);
        const auto g = static_cast<float>(rgb[i * channels + 1]);
        const auto b = static_cast<float>(rgb[i * channels + 2]);
        y[i] = roundToByte(0.299F * r + 0.587F * g + 0.114F * b);
        cb[i] = roundToByte(128.0F - 0.168735892F * r - 0.331264108F * g + 0.5F * b);
        cr[i] = roundToByte(128.0F + 0.5F * r - 0.418687589F * g - 0.081312411F * b);
    }
}

GRAFT_FOR_EACH_PROCESSOR
void toPixels(const std::uint8_t* y, const std::uint8_t* cb, const std::uint8_t* cr, int width,
              std::uint8_t* rgb)
{
    for (int i = 0; i < width; ++i) {
        const auto light = static_cast<float>(y[i]);
        const float blue = static_cast<float>(cb[i]) - 128.0F;
        const float red = static_cast<float>(cr[i]) - 128.0F;
        rgb[i * channels] = roundToByte(light + 1.402F * red);
        rgb[i * channels + 1] = roundToByte(light - 0.344136286F * blue - 0.714136286F * red);
        rgb[i * channels + 2] = roundToByte(light + 1.772F * blue);
    }
}

/// The last value again, up to `end`.
void extend(std::uint8_t* row, int width, int end)
{
    std::memset(row + width, row[width - 1], static_cast<std::size_t>(end - width));
}

/// Means of 2 x 2, halves rounded down and up in turn.
GRAFT_FOR_EACH_PROCESSOR
void halve(const std::uint8_t* upper, const std::uint8_t* lower, int width, std::uint8_t* out)
{
    for (int i = 0; i < width; ++i)
        out[i] = static_cast<std::uint8_t>(
            (upper[2 * i] + upper[2 * i + 1] + lower[2 * i] + lower[2 * i + 1] + 1 + i % 2) >> 2);
}

/// Twice as wide, between a row and its other neighbour: 9, 3, 3 and 1 sixteenths.
GRAFT_FOR_EACH_PROCESSOR
void enlarge(const std::uint8_t* near, const std::uint8_t* far, int width, int* sums, std::uint8_t* out)
{
    for (int i = 0; i < width; ++i)
        sums[i + 1] = 3 * near[i] + far[i];
    sums[0] = sums[1];
    sums[width + 1] = sums[width];
    for (int i = 0; i < width; ++i) {
        out[2 * i] = static_cast<std::uint8_t>((3 * sums[i + 1] + sums[i] + 8) >> 4);
        out[2 * i + 1] = static_cast<std::uint8_t>((3 * sums[i + 1] + sums[i + 2] + 7) >> 4);
    }
}

struct Planes {
    Plane light;
    Plane blue; ///< both colours at half size
    Plane red;
};

Planes split(const Pixels& pixels, Scratch& scratch)
{
    constexpr int unit = 2 * side;
    const auto whole = [](int size) { return (size + unit - 1) / unit * unit; };
    const int width = whole(pixels.width);
    const int height = whole(pixels.height);
    Planes planes {makePlane(width, height, scratch), makePlane(width / 2, height / 2, scratch),
                   makePlane(width / 2, height / 2, scratch)};
    const Plane blue = makePlane(width, 2, scratch);
    const Plane red = makePlane(width, 2, scratch);
    for (int y = 0; y < height; ++y) {
        std::uint8_t* light = planes.light.row(y);
        toPlanes(pixels.row(std::min(y, pixels.height - 1)), pixels.width, light, blue.row(y % 2),
                 red.row(y % 2));
        for (std::uint8_t* row : {light, blue.row(y % 2), red.row(y % 2)})
            extend(row, pixels.width, width);
        if (y % 2 == 1) {
            halve(blue.row(0), blue.row(1), width / 2, planes.blue.row(y / 2));
            halve(red.row(0), red.row(1), width / 2, planes.red.row(y / 2));
        }
    }
    return planes;
}

void join(const Planes& planes, const Pixels& pixels, Scratch& scratch)
{
    const int width = (pixels.width + 1) / 2;
    const int height = (pixels.height + 1) / 2;
    const auto sums = scratch.take<int>(static_cast<std::size_t>(width) + 2);
    const Plane colours = makePlane(2 * width, 2, scratch);
    for (int y = 0; y < pixels.height; ++y) {
        const int near = y / 2;
        const int far = std::clamp(y % 2 == 0 ? near - 1 : near + 1, 0, height - 1);
        enlarge(planes.blue.row(near), planes.blue.row(far), width, sums.data(), colours.row(0));
        enlarge(planes.red.row(near), planes.red.row(far), width, sums.data(), colours.row(1));
        toPixels(planes.light.row(y), colours.row(0), colours.row(1), pixels.width, pixels.row(y));
    }
}

} // namespace

void loseAsJpeg(const Pixels& pixels, int quality, Scratch& scratch)
{
    const Table& forward = cosines();
    Table back {};
    for (std::size_t i = 0; i < side; ++i)
        for (std::size_t j = 0; j < side; ++j)
            back[i * side + j] = forward[j * side + i];
    const Planes planes = split(pixels, scratch);
    const Table lightSteps = steps(luminance, quality);
    const Table colourSteps = steps(chrominance, quality);
    losePlane(planes.light, lightSteps.data(), forward.data(), back.data());
    losePlane(planes.blue, colourSteps.data(), forward.data(), back.data());
    losePlane(planes.red, colourSteps.data(), forward.data(), back.data());
    join(planes, pixels, scratch);
}

} // namespace graft::augment
