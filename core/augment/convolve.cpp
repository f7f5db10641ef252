#include "core/augment/convolve.h"

#include "core/augment/vectorised.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

namespace graft::augment {

namespace {

GRAFT_FOR_EACH_PROCESSOR
void addWeighted(const std::uint8_t* in, std::uint16_t weight, std::uint16_t* sums, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        sums[i] = static_cast<std::uint16_t>(sums[i] + in[i] * weight);
}

GRAFT_FOR_EACH_PROCESSOR
void toBytes(const std::uint16_t* sums, std::uint8_t* out, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<std::uint8_t>(sums[i] >> 8U);
}

/// Adds `count` weighted values of `Pairs` pairs of lines: `before` and `after` are lines at equal distances
/// of the one in the middle and have the same weight.
template <std::size_t Pairs>
GRAFT_INLINE void addPairs(const std::uint8_t* const* before, const std::uint8_t* const* after,
                           const std::uint16_t* weights, std::uint16_t* sums, std::size_t count)
{
    const std::uint8_t* a[Pairs];
    const std::uint8_t* b[Pairs];
    std::copy_n(before, Pairs, a);
    std::copy_n(after, Pairs, b);
    for (std::size_t i = 0; i < count; ++i) {
        auto sum = static_cast<unsigned>(sums[i]);
        for (std::size_t pair = 0; pair < Pairs; ++pair)
            sum += (static_cast<unsigned>(a[pair][i]) + b[pair][i]) * weights[pair];
        sums[i] = static_cast<std::uint16_t>(sum);
    }
}

/// A line out of itself and the lines to both sides of it: 256ths, rounded. Several pairs in each go, as sums
/// that come from memory and go there cost as much as the adding.
GRAFT_FOR_EACH_PROCESSOR
void blurLine(const std::uint8_t* middle, const std::uint8_t* const* before, const std::uint8_t* const* after,
              std::span<const std::uint16_t> weights, std::uint16_t* sums, std::uint8_t* out,
              std::size_t count)
{
    constexpr unsigned half = 128;
    for (std::size_t i = 0; i < count; ++i)
        sums[i] = static_cast<std::uint16_t>(middle[i] * weights[0] + half);
    std::size_t pair = 1;
    for (; pair + 4 <= weights.size(); pair += 4)
        addPairs<4>(before + pair, after + pair, weights.data() + pair, sums, count);
    for (; pair + 2 <= weights.size(); pair += 2)
        addPairs<2>(before + pair, after + pair, weights.data() + pair, sums, count);
    for (; pair < weights.size(); ++pair)
        addPairs<1>(before + pair, after + pair, weights.data() + pair, sums, count);
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<std::uint8_t>(sums[i] >> 8U);
}

/// A line of `width` pixels with `rim` mirrored ones before and after it.
void padLine(const std::uint8_t* from, int width, int rim, std::uint8_t* to)
{
    std::memcpy(to + static_cast<std::ptrdiff_t>(rim) * channels, from,
                static_cast<std::size_t>(width) * channels);
    const auto mirror = [&](int x) {
        std::memcpy(to + static_cast<std::ptrdiff_t>(x + rim) * channels,
                    from + static_cast<std::ptrdiff_t>(mirrored(x, width)) * channels, channels);
    };
    for (int x = 1; x <= rim; ++x) {
        mirror(-x);
        mirror(width - 1 + x);
    }
}

/// A copy with a mirrored rim.
Pixels padded(const Pixels& in, int rimX, int rimY, Scratch& scratch)
{
    Pixels out {nullptr, in.width + 2 * rimX, in.height + 2 * rimY};
    out.data = scratch.take<std::uint8_t>(out.bytes()).data();
    for (int y = 0; y < out.height; ++y)
        padLine(in.row(mirrored(y - rimY, in.height)), in.width, rimX, out.row(y));
    return out;
}

} // namespace

void convolve(const Pixels& pixels, std::span<const Tap> taps, Scratch& scratch)
{
    int rimX = 0;
    int rimY = 0;
    for (const Tap& tap : taps) {
        rimX = std::max(rimX, std::abs(tap.dx));
        rimY = std::max(rimY, std::abs(tap.dy));
    }
    const Pixels in = padded(pixels, rimX, rimY, scratch);
    const auto sums = scratch.take<std::uint16_t>(pixels.stride());
    constexpr std::uint16_t half = 128;
    for (int y = 0; y < pixels.height; ++y) {
        std::fill(sums.begin(), sums.end(), half);
        for (const Tap& tap : taps)
            addWeighted(in.row(y + rimY + tap.dy) + static_cast<std::ptrdiff_t>(rimX + tap.dx) * channels,
                        tap.weight, sums.data(), sums.size());
        toBytes(sums.data(), pixels.row(y), sums.size());
    }
}

void blur(const Pixels& pixels, std::span<const std::uint16_t> weights, Scratch& scratch)
{
    const int radius = static_cast<int>(weights.size()) - 1;
    const int height = pixels.height;
    const std::size_t stride = pixels.stride();
    const auto line = scratch.take<std::uint8_t>(stride + static_cast<std::size_t>(2 * radius) * channels);
    const auto sums = scratch.take<std::uint16_t>(stride);
    const auto before = scratch.take<const std::uint8_t*>(weights.size());
    const auto after = scratch.take<const std::uint8_t*>(weights.size());
    // Lines that are blurred across, as many as one that is blurred down needs: they stay in the cache.
    const int kept = std::min(height, 2 * radius + 1);
    const auto ring = scratch.take<std::uint8_t>(static_cast<std::size_t>(kept) * stride);
    const auto slot = [&](int y) { return ring.data() + static_cast<std::size_t>(y % kept) * stride; };
    int across = 0;
    for (int y = 0; y < height; ++y) {
        for (; across < std::min(y + radius + 1, height); ++across) {
            padLine(pixels.row(across), pixels.width, radius, line.data());
            const std::uint8_t* middle = line.data() + static_cast<std::ptrdiff_t>(radius) * channels;
            for (int i = 0; i <= radius; ++i) {
                before[i] = middle - static_cast<std::ptrdiff_t>(i) * channels;
                after[i] = middle + static_cast<std::ptrdiff_t>(i) * channels;
            }
            blurLine(middle, before.data(), after.data(), weights, sums.data(), slot(across), stride);
        }
        for (int i = 0; i <= radius; ++i) {
            before[i] = slot(mirrored(y - i, height));
            after[i] = slot(mirrored(y + i, height));
        }
        blurLine(slot(y), before.data(), after.data(), weights, sums.data(), pixels.row(y), stride);
    }
}

void toWeights(std::span<const float> shares, std::span<std::uint16_t> weights)
{
    assert(shares.size() == weights.size());
    constexpr double one = 256.0;
    double sum = 0.0;
    double before = 0.0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        sum += static_cast<double>(shares[i]) * one;
        const double now = i + 1 == shares.size() ? one : std::min(one, std::round(sum));
        weights[i] = static_cast<std::uint16_t>(now - before);
        before = now;
    }
}

} // namespace graft::augment
