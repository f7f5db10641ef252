#include "core/augment/noise.h"

#include "core/augment/vectorised.h"

#include <cassert>
#include <cmath>
#include <numbers>

namespace graft::augment {

namespace {

constexpr std::size_t lanes = 16; ///< counters at a time

/// Philox4x32-10 of `lanes` counters that follow one another; word w of counter i goes to out[i * 4 + w].
GRAFT_FOR_EACH_PROCESSOR
void philoxLanes(std::uint32_t first, std::uint32_t seed, std::uint32_t stream, std::uint32_t* out)
{
    std::uint32_t a[lanes];
    std::uint32_t b[lanes] = {};
    std::uint32_t c[lanes] = {};
    std::uint32_t d[lanes] = {};
    for (std::size_t i = 0; i < lanes; ++i)
        a[i] = first + static_cast<std::uint32_t>(i);
    for (int round = 0; round < 10; ++round) {
        for (std::size_t i = 0; i < lanes; ++i) {
            const std::uint64_t left = std::uint64_t {0xD2511F53} * a[i];
            const std::uint64_t right = std::uint64_t {0xCD9E8D57} * c[i];
            a[i] = static_cast<std::uint32_t>(right >> 32U) ^ b[i] ^ seed;
            b[i] = static_cast<std::uint32_t>(right);
            c[i] = static_cast<std::uint32_t>(left >> 32U) ^ d[i] ^ stream;
            d[i] = static_cast<std::uint32_t>(left);
        }
        seed += 0x9E3779B9;
        stream += 0xBB67AE85;
    }
    for (std::size_t i = 0; i < lanes; ++i) {
        out[i * 4] = a[i];
        out[i * 4 + 1] = b[i];
        out[i * 4 + 2] = c[i];
        out[i * 4 + 3] = d[i];
    }
}

/// The z below which a standard normal draw lies with probability p: Newton's method on erfc.
double normalQuantile(double p)
{
    double z = 0.0;
    for (int step = 0; step < 60; ++step) {
        const double below = 0.5 * std::erfc(-z / std::numbers::sqrt2);
        const double density = std::exp(-z * z / 2.0) / std::sqrt(2.0 * std::numbers::pi);
        z -= std::clamp((below - p) / density, -1.0, 1.0);
    }
    return z;
}

} // namespace

void fillRandom(std::uint32_t seed, std::uint32_t stream, std::uint32_t firstBlock,
                std::span<std::uint32_t> words)
{
    constexpr std::size_t atOnce = lanes * 4;
    std::size_t done = 0;
    for (; done + atOnce <= words.size(); done += atOnce, firstBlock += lanes)
        philoxLanes(firstBlock, seed, stream, words.data() + done);
    if (done < words.size()) {
        std::uint32_t rest[atOnce];
        philoxLanes(firstBlock, seed, stream, rest);
        std::copy_n(rest, words.size() - done, words.begin() + static_cast<std::ptrdiff_t>(done));
    }
}

const std::array<float, 1U << quantileBits>& normalQuantiles()
{
    static const auto table = [] {
        std::array<double, 1U << quantileBits> exact {};
        double squares = 0.0;
        for (std::size_t i = 0; i < exact.size() / 2; ++i) {
            exact[i] = normalQuantile((static_cast<double>(i) + 0.5) / static_cast<double>(exact.size()));
            exact[exact.size() - 1 - i] = -exact[i];
            squares += 2.0 * exact[i] * exact[i];
        }
        // The middles of the parts vary a little less than the whole does.
        const double scale = std::sqrt(static_cast<double>(exact.size()) / squares);
        std::array<float, 1U << quantileBits> values {};
        for (std::size_t i = 0; i < exact.size(); ++i)
            values[i] = static_cast<float>(exact[i] * scale);
        return values;
    }();
    return table;
}

} // namespace graft::augment
