#include "core/augment/resample.h"

#include "core/augment/vectorised.h"

#include <cassert>
#include <cmath>
#include <cstring>

namespace graft::augment {

namespace {

using Bytes = std::uint8_t __attribute__((vector_size(16)));
using Ints = std::int32_t __attribute__((vector_size(16)));
using Floats = float __attribute__((vector_size(16)));

// Shuffles rather than conversions of four bytes, which GCC takes apart.

/// One pixel; the fourth value is not used.
GRAFT_INLINE Floats load(const std::uint8_t* pixel)
{
    std::uint32_t word = 0;
    std::memcpy(&word, pixel, sizeof word);
    const Ints whole {static_cast<std::int32_t>(word), 0, 0, 0};
    constexpr std::uint8_t none = 15;
    constexpr Bytes apart {0, none, none, none, 1, none, none, none,
                           2, none, none, none, 3, none, none, none};
    Bytes bytes;
    std::memcpy(&bytes, &whole, sizeof bytes);
    bytes = __builtin_shuffle(bytes, apart);
    Ints ints;
    std::memcpy(&ints, &bytes, sizeof ints);
    return __builtin_convertvector(ints, Floats);
}

GRAFT_INLINE void store(Floats value, std::uint8_t* pixel)
{
    const Ints ints = __builtin_convertvector(value + 0.5F, Ints);
    constexpr Bytes together {0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12};
    Bytes bytes;
    std::memcpy(&bytes, &ints, sizeof bytes);
    bytes = __builtin_shuffle(bytes, together);
    std::memcpy(pixel, &bytes, sizeof(std::uint32_t));
}

GRAFT_INLINE Floats blend(Floats a, Floats b, Floats c, Floats d, float right, float down)
{
    const Floats top = a + (b - a) * right;
    const Floats bottom = c + (d - c) * right;
    return top + (bottom - top) * down;
}

/// Where along a line of `size` pixels the border takes pixel `i` from; -1: nowhere.
GRAFT_INLINE int inside(int i, int size, Border::Mode mode)
{
    if (i >= 0 && i < size)
        return i;
    switch (mode) {
    case Border::Mode::Mirror:
        return mirrored(i, size);
    case Border::Mode::Repeat:
        return i < 0 ? 0 : size - 1;
    case Border::Mode::Colour:
        break;
    }
    return -1;
}

/// A sample that touches the last pixel or what lies outside.
Floats sampleAtBorder(const Source& source, int left, int top, float right, float down)
{
    const auto pixel = [&](int x, int y) {
        x = inside(x, source.pixels.width, source.border.mode);
        y = inside(y, source.pixels.height, source.border.mode);
        const std::uint8_t* at = x < 0 || y < 0
            ? source.border.colour.data()
            : source.pixels.row(y) + static_cast<std::ptrdiff_t>(x) * channels;
        return Floats {static_cast<float>(at[0]), static_cast<float>(at[1]), static_cast<float>(at[2]), 0};
    };
    return blend(pixel(left, top), pixel(left + 1, top), pixel(left, top + 1), pixel(left + 1, top + 1),
                 right, down);
}

constexpr int most = 256; ///< pixels at a time

/// Whole pixels and the rest, from positions; no position leaves the range of whole numbers.
GRAFT_INLINE void split(const float* position, int count, int* whole, float* rest)
{
    constexpr float far = 1e6F;
    for (int i = 0; i < count; ++i) {
        float value = position[i];
        value = value > -far ? value : -far; // also what is no number
        value = value < far ? value : far;
        const int truncated = static_cast<int>(value);
        whole[i] = truncated - (value < static_cast<float>(truncated) ? 1 : 0);
        rest[i] = value - static_cast<float>(whole[i]);
    }
}

/// Adds the share of every input row in one output row.
GRAFT_FOR_EACH_PROCESSOR
void addRow(const std::uint8_t* in, float share, float* sums, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        sums[i] += static_cast<float>(in[i]) * share;
}

/// Calls use(pixel, share) for what the output pixel `i` of `out` covers of a line of `in` pixels; the shares
/// add up to 1.
template <typename Use>
void forCovered(int i, int in, int out, const Use& use)
{
    const double scale = static_cast<double>(in) / out;
    const double begin = i * scale;
    const double end = std::min(begin + scale, static_cast<double>(in));
    constexpr double nothing = 1e-9;
    for (int pixel = static_cast<int>(begin); pixel < end - nothing; ++pixel) {
        const double covered = std::min(end, pixel + 1.0) - std::max(begin, static_cast<double>(pixel));
        if (covered > nothing)
            use(pixel, static_cast<float>(covered / scale));
    }
}

} // namespace

GRAFT_FOR_EACH_PROCESSOR
void sample(const Source& source, const float* x, const float* y, int count, std::uint8_t* out)
{
    int left[most];
    int top[most];
    float right[most];
    float down[most];
    const auto stride = static_cast<std::ptrdiff_t>(source.pixels.stride());
    // A pixel is read with the byte after it: the last column is left to the careful way.
    const auto safeColumns = static_cast<unsigned>(std::max(0, source.pixels.width - 2));
    const auto safeRows = static_cast<unsigned>(source.pixels.height - 1);
    for (int done = 0; done < count; done += most) {
        const int now = std::min(most, count - done);
        split(x + done, now, left, right);
        split(y + done, now, top, down);
        for (int i = 0; i < now; ++i, out += channels) {
            if (static_cast<unsigned>(left[i]) < safeColumns && static_cast<unsigned>(top[i]) < safeRows) {
                const std::uint8_t* at =
                    source.pixels.data + top[i] * stride + static_cast<std::ptrdiff_t>(left[i]) * channels;
                store(blend(load(at), load(at + channels), load(at + stride), load(at + stride + channels),
                            right[i], down[i]),
                      out);
            } else {
                store(sampleAtBorder(source, left[i], top[i], right[i], down[i]), out);
            }
        }
    }
}

void shrink(const ConstPixels& in, const Pixels& out, Scratch& scratch)
{
    assert(out.width <= in.width && out.height <= in.height);
    const auto sums = scratch.take<float>(in.stride());
    // What each output pixel covers of a line, in one run: begin[i] .. begin[i + 1] of pixel and share.
    const auto begin = scratch.take<int>(static_cast<std::size_t>(out.width) + 1);
    const auto pixel = scratch.take<int>(static_cast<std::size_t>(in.width + out.width) + 1);
    const auto share = scratch.take<float>(pixel.size());
    std::size_t used = 0;
    for (int x = 0; x < out.width; ++x) {
        begin[static_cast<std::size_t>(x)] = static_cast<int>(used);
        forCovered(x, in.width, out.width, [&](int at, float part) {
            pixel[used] = at * channels;
            share[used++] = part;
        });
    }
    begin[static_cast<std::size_t>(out.width)] = static_cast<int>(used);
    for (int y = 0; y < out.height; ++y) {
        std::fill(sums.begin(), sums.end(), 0.0F);
        forCovered(y, in.height, out.height,
                   [&](int row, float part) { addRow(in.row(row), part, sums.data(), sums.size()); });
        std::uint8_t* at = out.row(y);
        for (std::size_t x = 0; x < static_cast<std::size_t>(out.width); ++x, at += channels) {
            float value[channels] = {};
            for (auto k = static_cast<std::size_t>(begin[x]); k < static_cast<std::size_t>(begin[x + 1]); ++k)
                for (int c = 0; c < channels; ++c)
                    value[c] += sums[static_cast<std::size_t>(pixel[k] + c)] * share[k];
            for (int c = 0; c < channels; ++c)
                at[c] = roundToByte(value[c]);
        }
    }
}

} // namespace graft::augment
