#include "core/augment/convolve.h"

#include "core/augment/vectorised.h"

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

/// A copy with a mirrored rim.
Pixels padded(const Pixels& in, int rimX, int rimY, Scratch& scratch)
{
    Pixels out {nullptr, in.width + 2 * rimX, in.height + 2 * rimY};
    out.data = scratch.take<std::uint8_t>(out.bytes()).data();
    const auto rim = static_cast<std::ptrdiff_t>(rimX) * channels;
    for (int y = 0; y < out.height; ++y) {
        const std::uint8_t* from = in.row(mirrored(y - rimY, in.height));
        std::uint8_t* to = out.row(y);
        std::memcpy(to + rim, from, in.stride());
        const auto mirror = [&](int x) {
            std::memcpy(to + static_cast<std::ptrdiff_t>(x + rimX) * channels,
                        from + static_cast<std::ptrdiff_t>(mirrored(x, in.width)) * channels, channels);
        };
        for (int x = 1; x <= rimX; ++x) {
            mirror(-x);
            mirror(in.width - 1 + x);
        }
    }
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
