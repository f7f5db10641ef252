#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace graft::augment {

/// The words that Philox (base/random.h) makes under the key {seed, stream} from the counters {0, 0, 0, 0},
/// {1, 0, 0, 0} ..., one after another from `firstBlock` on; each counter makes four. Many at once, which is
/// what noise over a whole picture needs.
void fillRandom(std::uint32_t seed, std::uint32_t stream, std::uint32_t firstBlock,
                std::span<std::uint32_t> words);

constexpr int quantileBits = 12;

/// The standard normal distribution cut into 4096 equally probable parts, one value for each: looking one up
/// by 12 random bits is a normal draw (largest 3.7, variance 1).
const std::array<float, 1U << quantileBits>& normalQuantiles();

/// Calls use(begin, count, random) for all of `values` numbers in turn, with 16 random bits for each;
/// `random` holds for the call.
template <typename Use>
void withRandom16(std::uint32_t seed, std::size_t values, const Use& use)
{
    constexpr std::size_t words = 1024;
    constexpr std::size_t most = words * 2;
    std::array<std::uint32_t, words> block; // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
    std::array<std::uint16_t, most> halves; // NOLINT(cppcoreguidelines-pro-type-member-init)
    std::uint32_t first = 0;
    for (std::size_t done = 0; done < values; done += most, first += words / 4) {
        fillRandom(seed, 0, first, block);
        for (std::size_t i = 0; i < words; ++i) {
            halves[i * 2] = static_cast<std::uint16_t>(block[i]);
            halves[i * 2 + 1] = static_cast<std::uint16_t>(block[i] >> 16U);
        }
        use(done, std::min(most, values - done), halves.data());
    }
}

} // namespace graft::augment
