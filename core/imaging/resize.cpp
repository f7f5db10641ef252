#include "core/imaging/resize.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

// The passes exist twice in the program, and the loader picks what the processor can: whole-number
// multiplication of vectors came with SSE4.1 and doubled in width with AVX2.
#if defined(__x86_64__)
#define GRAFT_FOR_EACH_PROCESSOR __attribute__((target_clones("default", "avx2")))
#else
#define GRAFT_FOR_EACH_PROCESSOR
#endif

namespace graft::imaging {

namespace {

constexpr int channels = 3;
/// Bits after the point of a weight: 8 are for the pixel, 2 for kernels that overshoot (as in Pillow).
constexpr int precisionBits = 32 - 8 - 2;
constexpr int half = 1 << (precisionBits - 1);

double bilinear(double x)
{
    x = std::abs(x);
    return x < 1.0 ? 1.0 - x : 0.0;
}

/// Keys' cubic convolution with a = -0.5.
double bicubic(double x)
{
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1.0)
        return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
    if (x < 2.0)
        return (((x - 5) * x + 8) * x - 4) * a;
    return 0.0;
}

/// Which input pixels make an output pixel, and how much each counts.
struct Window {
    int first = 0;
    int count = 0;
};

struct Weights {
    int stride = 0; ///< values per output pixel
    std::vector<Window> windows;
    std::vector<int> values;
    std::vector<double> exact; ///< scratch
};

/// Weights of the output pixels [from, from + count) of a line of `in` pixels resized to `out`. Order and
/// type of every operation are Pillow's (ImagingResample, precompute_coeffs): a different order rounds
/// differently.
void computeWeights(int in, int out, int from, int count, Interpolation interpolation, Weights& weights)
{
    const auto filter = interpolation == Interpolation::Bicubic ? bicubic : bilinear;
    const double scale = static_cast<double>(in) / out;
    const double filterScale = std::max(scale, 1.0);
    const double support = (interpolation == Interpolation::Bicubic ? 2.0 : 1.0) * filterScale;
    weights.stride = static_cast<int>(std::ceil(support)) * 2 + 1;
    weights.windows.resize(static_cast<std::size_t>(count));
    weights.values.resize(static_cast<std::size_t>(count) * static_cast<std::size_t>(weights.stride));
    weights.exact.resize(static_cast<std::size_t>(weights.stride));
    const double perStep = 1.0 / filterScale;
    for (int i = 0; i < count; ++i) {
        const double center = 0.0 + (from + i + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(center - support + 0.5));
        const int taps = std::min(in, static_cast<int>(center + support + 0.5)) - first;
        double sum = 0.0;
        for (int tap = 0; tap < taps; ++tap) {
            const double weight = filter((tap + first - center + 0.5) * perStep);
            weights.exact[static_cast<std::size_t>(tap)] = weight;
            sum += weight;
        }
        weights.windows[static_cast<std::size_t>(i)] = {first, taps};
        int* values = weights.values.data() + static_cast<std::ptrdiff_t>(i) * weights.stride;
        for (int tap = 0; tap < taps; ++tap) {
            double weight = weights.exact[static_cast<std::size_t>(tap)];
            if (sum != 0.0)
                weight /= sum;
            values[tap] = static_cast<int>((weight < 0 ? -0.5 : 0.5) + weight * (1 << precisionBits));
        }
    }
}

/// A pixel of one row and the pixel below it: red, green, blue and an unused value of each.
constexpr int lanes = 8;
using Pair = std::int32_t __attribute__((vector_size(lanes * sizeof(std::int32_t))));

/// Widens two rows, so that the loop over the taps is nothing but multiply and add.
void widen(const std::uint8_t* a, const std::uint8_t* b, int width, std::int32_t* out)
{
    for (int x = 0; x < width; ++x, a += channels, b += channels, out += lanes) {
        for (int c = 0; c < channels; ++c) {
            out[c] = a[c];
            out[c + lanes / 2] = b[c];
        }
    }
}

/// Two rows at once, from widened ones.
GRAFT_FOR_EACH_PROCESSOR
void horizontalPass(const std::int32_t* in, std::uint8_t* outA, std::uint8_t* outB, int width,
                    const Window* windows, const int* values, int stride)
{
    for (int x = 0; x < width; ++x, values += stride, outA += channels, outB += channels) {
        const std::int32_t* pixel = in + static_cast<std::ptrdiff_t>(windows[x].first) * lanes;
        Pair sum = {half, half, half, half, half, half, half, half};
        for (int tap = 0; tap < windows[x].count; ++tap, pixel += lanes) {
            Pair pair;
            std::memcpy(&pair, pixel, sizeof pair);
            sum += pair * values[tap];
        }
        sum >>= precisionBits;
        sum = sum < 0 ? 0 : sum;
        sum = sum > 255 ? 255 : sum;
        for (int c = 0; c < channels; ++c) {
            outA[c] = static_cast<std::uint8_t>(sum[c]);
            outB[c] = static_cast<std::uint8_t>(sum[c + lanes / 2]);
        }
    }
}

/// One output row of `bytes` values from `window.count` input rows.
GRAFT_FOR_EACH_PROCESSOR
void verticalPass(const std::uint8_t* in, std::ptrdiff_t inStride, std::uint8_t* out, int bytes, int taps,
                  const int* values, int* sums)
{
    std::fill(sums, sums + bytes, half);
    for (int tap = 0; tap < taps; ++tap, in += inStride) {
        const int value = values[tap];
        for (int x = 0; x < bytes; ++x)
            sums[x] += in[x] * value;
    }
    for (int x = 0; x < bytes; ++x)
        out[x] = static_cast<std::uint8_t>(std::clamp(sums[x] >> precisionBits, 0, 255));
}

/// Buffers of a thread: resizing thousands of pictures allocates for the largest only.
struct Scratch {
    Weights across;
    Weights down;
    std::vector<std::uint8_t> rows;
    std::vector<std::int32_t> wide;
    std::vector<int> sums;
};

/// Rows [first, first + count) of the picture, resized across to the columns of `across`, into
/// scratch.rows. Returns their stride.
std::ptrdiff_t resizeAcross(const Image& image, int first, int count, int width, Scratch& scratch)
{
    const std::ptrdiff_t inStride = static_cast<std::ptrdiff_t>(image.width) * channels;
    const std::ptrdiff_t outStride = static_cast<std::ptrdiff_t>(width) * channels;
    // Only the columns under the kernels.
    const int left = scratch.across.windows.front().first;
    const Window& last = scratch.across.windows.back();
    const int columns = last.first + last.count - left;
    for (Window& window : scratch.across.windows)
        window.first -= left;
    scratch.wide.resize(static_cast<std::size_t>(columns) * lanes);
    // One more row, where the second of a pair goes that has none.
    scratch.rows.resize(static_cast<std::size_t>(outStride * (count + 1)));
    for (int y = 0; y < count; y += 2) {
        const std::uint8_t* in =
            image.rgb.data() + (first + y) * inStride + static_cast<std::ptrdiff_t>(left) * channels;
        widen(in, y + 1 < count ? in + inStride : in, columns, scratch.wide.data());
        std::uint8_t* out = scratch.rows.data() + y * outStride;
        horizontalPass(scratch.wide.data(), out, out + outStride, width, scratch.across.windows.data(),
                       scratch.across.values.data(), scratch.across.stride);
    }
    return outStride;
}

void copyRows(const std::uint8_t* in, std::ptrdiff_t inStride, std::uint8_t* out, std::ptrdiff_t outStride,
              int bytes, int rows)
{
    for (int y = 0; y < rows; ++y)
        std::memcpy(out + y * outStride, in + y * inStride, static_cast<std::size_t>(bytes));
}

/// resizePart, written to rows that are `outStride` bytes apart.
void resizeInto(const Image& image, int width, int height, const Box& box, Interpolation interpolation,
                std::uint8_t* out, std::ptrdiff_t outStride)
{
    thread_local Scratch scratch;
    const int bytes = box.width * channels;
    const bool vertical = height != image.height;
    int first = box.top;
    int count = box.height;
    if (vertical) {
        computeWeights(image.height, height, box.top, box.height, interpolation, scratch.down);
        const Window& last = scratch.down.windows.back();
        first = scratch.down.windows.front().first;
        count = last.first + last.count - first;
    }
    const std::uint8_t* rows = nullptr;
    std::ptrdiff_t stride = 0;
    if (width != image.width) {
        computeWeights(image.width, width, box.left, box.width, interpolation, scratch.across);
        stride = resizeAcross(image, first, count, box.width, scratch);
        rows = scratch.rows.data();
    } else {
        stride = static_cast<std::ptrdiff_t>(image.width) * channels;
        rows = image.rgb.data() + first * stride + static_cast<std::ptrdiff_t>(box.left) * channels;
    }
    if (!vertical) {
        copyRows(rows, stride, out, outStride, bytes, box.height);
        return;
    }
    scratch.sums.resize(static_cast<std::size_t>(bytes));
    for (int y = 0; y < box.height; ++y) {
        const Window& window = scratch.down.windows[static_cast<std::size_t>(y)];
        verticalPass(rows + (window.first - first) * stride, stride, out + y * outStride, bytes, window.count,
                     scratch.down.values.data() + static_cast<std::ptrdiff_t>(y) * scratch.down.stride,
                     scratch.sums.data());
    }
}

struct Size {
    int width = 0;
    int height = 0;
};

/// Shorter side `shorter`, the longer one truncated.
Size resizedSize(const Image& image, int shorter)
{
    const auto longer = [&](int longSide, int shortSide) {
        // A line of one pixel by millions would leave the range; where it is cut is not seen.
        constexpr std::int64_t most = std::numeric_limits<int>::max() / 2;
        return static_cast<int>(std::min(most, static_cast<std::int64_t>(shorter) * longSide / shortSide));
    };
    return image.width >= image.height ? Size {longer(image.width, image.height), shorter}
                                       : Size {shorter, longer(image.height, image.width)};
}

/// Along one side of a resized picture: what of it is seen, and where in the result it stands.
struct Part {
    int first = 0;
    int count = 0;
    int at = 0;
    int whole = 0; ///< of the result
};

Part cropAlong(int size, int crop)
{
    const int offset = cropOffset(size, crop);
    return size >= crop ? Part {offset, crop, 0, crop} : Part {0, size, -offset, crop};
}

/// All of it, or the crop with as much again on both sides.
Part surroundingsAlong(int size, int crop)
{
    const int most = 3 * crop;
    if (size < crop)
        return cropAlong(size, crop);
    return size <= most ? Part {0, size, 0, size} : Part {cropOffset(size, crop) - crop, most, 0, most};
}

/// These parts of the resized picture, on black.
void cutOut(const Image& image, const Size& size, Interpolation interpolation, const Part& across,
            const Part& down, std::span<std::uint8_t> out)
{
    if (across.count < across.whole || down.count < down.whole)
        std::ranges::fill(out, std::uint8_t {0});
    const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(across.whole) * channels;
    resizeInto(image, size.width, size.height, {across.first, down.first, across.count, down.count},
               interpolation,
               out.data() + down.at * stride + static_cast<std::ptrdiff_t>(across.at) * channels, stride);
}

} // namespace

Image resize(const Image& image, int width, int height, Interpolation interpolation)
{
    return resizePart(image, width, height, {0, 0, width, height}, interpolation);
}

Image resizePart(const Image& image, int width, int height, const Box& box, Interpolation interpolation)
{
    assert(image.width > 0 && image.height > 0 && width > 0 && height > 0);
    assert(box.left >= 0 && box.top >= 0 && box.width > 0 && box.height > 0);
    assert(box.left + box.width <= width && box.top + box.height <= height);
    Image part {box.width, box.height, {}};
    const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(box.width) * channels;
    part.rgb.resize(static_cast<std::size_t>(stride * box.height));
    resizeInto(image, width, height, box, interpolation, part.rgb.data(), stride);
    return part;
}

void preprocess(const Image& image, const PreprocessSpec& spec, std::span<std::uint8_t> out)
{
    assert(std::ssize(out) == std::ptrdiff_t {spec.crop} * spec.crop * channels);
    const Size size = resizedSize(image, spec.resize);
    cutOut(image, size, spec.interpolation, cropAlong(size.width, spec.crop),
           cropAlong(size.height, spec.crop), out);
}

Image withSurroundings(const Image& image, const PreprocessSpec& spec)
{
    const Size size = resizedSize(image, spec.resize);
    const Part across = surroundingsAlong(size.width, spec.crop);
    const Part down = surroundingsAlong(size.height, spec.crop);
    Image around {across.whole, down.whole, {}};
    around.rgb.resize(static_cast<std::size_t>(across.whole) * static_cast<std::size_t>(down.whole)
                      * channels);
    cutOut(image, size, spec.interpolation, across, down, around.rgb);
    return around;
}

} // namespace graft::imaging
