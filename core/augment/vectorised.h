#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>

// Inner loops exist twice in the program, and the loader picks what the processor can. No fused multiply-add
// (see CMakeLists.txt), so both give the same bytes.
#if defined(__x86_64__)
#define GRAFT_FOR_EACH_PROCESSOR __attribute__((target_clones("default", "avx2")))
#else
#define GRAFT_FOR_EACH_PROCESSOR
#endif
#define GRAFT_INLINE __attribute__((always_inline)) inline

namespace graft::augment {

/// The nearest whole number in 0..255.
GRAFT_INLINE std::uint8_t roundToByte(float value)
{
    value = std::min(std::max(value, 0.0F), 255.0F);
    return static_cast<std::uint8_t>(static_cast<int>(value + 0.5F));
}

/// Calls block(red, green, blue, count) for all pixels, some hundred at a time, each channel an array of
/// floats that may be changed and is written back. To be called from a function with
/// GRAFT_FOR_EACH_PROCESSOR.
template <typename Block>
GRAFT_INLINE void forEachPlanarBlock(std::uint8_t* rgb, std::size_t pixels, Block&& block)
{
    constexpr std::size_t most = 256;
    float red[most];
    float green[most];
    float blue[most];
    for (std::size_t done = 0; done < pixels; done += most) {
        const std::size_t count = std::min(most, pixels - done);
        std::uint8_t* at = rgb + done * 3;
        for (std::size_t i = 0; i < count; ++i) {
            red[i] = static_cast<float>(at[i * 3]);
            green[i] = static_cast<float>(at[i * 3 + 1]);
            blue[i] = static_cast<float>(at[i * 3 + 2]);
        }
        block(red, green, blue, count);
        for (std::size_t i = 0; i < count; ++i) {
            at[i * 3] = roundToByte(red[i]);
            at[i * 3 + 1] = roundToByte(green[i]);
            at[i * 3 + 2] = roundToByte(blue[i]);
        }
    }
}

} // namespace graft::augment
