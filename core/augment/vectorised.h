#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

// Inner loops exist twice in the program, and the loader picks what the processor can. No fused multiply-add
// (see CMakeLists.txt), so both give the same bytes.
#if defined(__x86_64__)
#define GRAFT_FOR_EACH_PROCESSOR __attribute__((target_clones("default", "avx2")))
#else
#define GRAFT_FOR_EACH_PROCESSOR
#endif
#define GRAFT_INLINE __attribute__((always_inline)) inline

namespace graft::augment {

/// The nearest whole number in 0..255. Requires a value that an int can hold.
GRAFT_INLINE std::uint8_t roundToByte(float value)
{
    // Whole numbers are kept in range rather than fractions: processors have an instruction for that.
    return static_cast<std::uint8_t>(std::min(std::max(static_cast<int>(value + 0.5F), 0), 255));
}

using Bytes16 = std::uint8_t __attribute__((vector_size(16)));

GRAFT_INLINE Bytes16 load16(const std::uint8_t* at)
{
    Bytes16 bytes;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

GRAFT_INLINE void store16(const Bytes16& bytes, std::uint8_t* at)
{
    std::memcpy(at, &bytes, sizeof bytes);
}

/// 16 RGB pixels to 16 values of each channel.
GRAFT_INLINE void separate16(const std::uint8_t* rgb, std::uint8_t* red, std::uint8_t* green,
                             std::uint8_t* blue)
{
    const Bytes16 a = load16(rgb);
    const Bytes16 b = load16(rgb + 16);
    const Bytes16 c = load16(rgb + 32);
    // The bytes of a channel that are in `a` and `b`, then those in `c`; "0" where the other has it.
    const Bytes16 r =
        __builtin_shuffle(a, b, Bytes16 {0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0});
    const Bytes16 g =
        __builtin_shuffle(a, b, Bytes16 {1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0});
    const Bytes16 u =
        __builtin_shuffle(a, b, Bytes16 {2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0});
    store16(__builtin_shuffle(r, c, Bytes16 {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29}), red);
    store16(__builtin_shuffle(g, c, Bytes16 {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30}), green);
    store16(__builtin_shuffle(u, c, Bytes16 {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31}), blue);
}

/// Back again.
GRAFT_INLINE void interleave16(const std::uint8_t* red, const std::uint8_t* green, const std::uint8_t* blue,
                               std::uint8_t* rgb)
{
    const Bytes16 r = load16(red);
    const Bytes16 g = load16(green);
    const Bytes16 u = load16(blue);
    const Bytes16 a = __builtin_shuffle(r, g, Bytes16 {0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5});
    const Bytes16 b =
        __builtin_shuffle(r, g, Bytes16 {21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26});
    const Bytes16 c =
        __builtin_shuffle(r, g, Bytes16 {0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0});
    store16(__builtin_shuffle(a, u, Bytes16 {0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15}), rgb);
    store16(__builtin_shuffle(b, u, Bytes16 {0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15}),
            rgb + 16);
    store16(__builtin_shuffle(c, u, Bytes16 {26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31}),
            rgb + 32);
}

/// 16 RGB pixels the other way round.
GRAFT_INLINE void mirror16(const std::uint8_t* in, std::uint8_t* out)
{
    const Bytes16 a = load16(in);
    const Bytes16 b = load16(in + 16);
    const Bytes16 c = load16(in + 32);
    store16(__builtin_shuffle(c, b, Bytes16 {13, 14, 15, 10, 11, 12, 7, 8, 9, 4, 5, 6, 1, 2, 3, 30}), out);
    // One pixel of the middle begins in `a`, and one ends in `c`; "0" where the byte of `a` comes.
    const Bytes16 m = __builtin_shuffle(b, c, Bytes16 {15, 16, 11, 12, 13, 8, 9, 10, 5, 6, 7, 2, 3, 4, 0, 0});
    store16(__builtin_shuffle(m, a, Bytes16 {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 31, 15}),
            out + 16);
    store16(__builtin_shuffle(a, b, Bytes16 {17, 12, 13, 14, 9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2}),
            out + 32);
}

/// Bytes to ask for before they are needed, where little is done with each: processors look ahead by
/// themselves, but not beyond a page of memory.
constexpr std::ptrdiff_t lookAhead = 4096;

constexpr std::size_t planarBlock = 256; ///< pixels

/// Some pixels, each channel by itself.
struct Planes {
    std::uint8_t red[planarBlock];
    std::uint8_t green[planarBlock];
    std::uint8_t blue[planarBlock];
};

/// Requires count <= planarBlock.
GRAFT_INLINE void separate(const std::uint8_t* rgb, std::size_t count, Planes& planes)
{
    std::size_t i = 0;
    for (; i + 16 <= count; i += 16)
        separate16(rgb + i * 3, planes.red + i, planes.green + i, planes.blue + i);
    for (; i < count; ++i) {
        planes.red[i] = rgb[i * 3];
        planes.green[i] = rgb[i * 3 + 1];
        planes.blue[i] = rgb[i * 3 + 2];
    }
}

GRAFT_INLINE void interleave(const Planes& planes, std::size_t count, std::uint8_t* rgb)
{
    std::size_t i = 0;
    for (; i + 16 <= count; i += 16)
        interleave16(planes.red + i, planes.green + i, planes.blue + i, rgb + i * 3);
    for (; i < count; ++i) {
        rgb[i * 3] = planes.red[i];
        rgb[i * 3 + 1] = planes.green[i];
        rgb[i * 3 + 2] = planes.blue[i];
    }
}

/// Calls block(planes, count) for all pixels of `in` in turn; what it leaves in the planes is written to
/// `out`, which may be `in`. To be called from a function with GRAFT_FOR_EACH_PROCESSOR.
template <typename Block>
GRAFT_INLINE void forEachPlanarBlock(const std::uint8_t* in, std::uint8_t* out, std::size_t pixels,
                                     Block&& block)
{
    Planes planes;
    for (std::size_t done = 0; done < pixels; done += planarBlock) {
        const std::size_t count = std::min(planarBlock, pixels - done);
        separate(in + done * 3, count, planes);
        block(planes, count);
        interleave(planes, count, out + done * 3);
    }
}

} // namespace graft::augment
