#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace graft {

/// Pictures on demand, ready for a network. What lets decoding and augmentation feed a network without either
/// knowing the other.
struct SampleSource {
    std::vector<std::int64_t> labels; ///< of each picture
    std::size_t bytes = 0; ///< of one picture: height * width * 3, NHWC uint8, RGB

    /// Writes the pictures named by their index, one after the other, and returns which of these could be
    /// read, in order: of the others nothing is written, and the rest moves up. `copy` 0 is the picture as it
    /// is; any other number is that random draw of it, the same each time. On any thread, one call at a time.
    std::function<std::vector<std::size_t>(std::span<const std::size_t> pictures, std::uint32_t copy,
                                           std::span<std::uint8_t> pixels)>
        read;

    int count() const { return static_cast<int>(labels.size()); }
};

} // namespace graft
