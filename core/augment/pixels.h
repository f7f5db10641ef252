#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <vector>

namespace graft::augment {

constexpr int channels = 3; ///< red, green, blue, next to one another

/// Somebody else's 8-bit RGB picture: rows from the top, no gaps.
struct Pixels {
    std::uint8_t* data = nullptr;
    int width = 0;
    int height = 0;

    std::size_t stride() const { return static_cast<std::size_t>(width) * channels; }

    std::size_t count() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(height); }

    std::size_t bytes() const { return count() * channels; }

    std::uint8_t* row(int y) const { return data + static_cast<std::size_t>(y) * stride(); }

    int shorterSide() const { return std::min(width, height); }
};

/// The same, to read; it may be a part of a larger picture.
struct ConstPixels {
    const std::uint8_t* data = nullptr;
    int width = 0;
    int height = 0;
    std::size_t pitch = 0; ///< bytes from one row to the next

    ConstPixels() = default;

    ConstPixels(const std::uint8_t* bytes, int columns, int rows)
        : data(bytes)
        , width(columns)
        , height(rows)
        , pitch(stride())
    {
    }

    ConstPixels(const Pixels& pixels) // NOLINT(google-explicit-constructor): writable pixels can be read
        : ConstPixels(pixels.data, pixels.width, pixels.height)
    {
    }

    /// Bytes of a row.
    std::size_t stride() const { return static_cast<std::size_t>(width) * channels; }

    std::size_t count() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(height); }

    const std::uint8_t* row(int y) const { return data + static_cast<std::size_t>(y) * pitch; }

    /// A rectangle that lies inside.
    ConstPixels part(int left, int top, int columns, int rows) const
    {
        ConstPixels result(row(top) + static_cast<std::size_t>(left) * channels, columns, rows);
        result.pitch = pitch;
        return result;
    }
};

/// The place inside a line of `size` pixels that is seen at `i` when the line is mirrored at its outermost
/// pixels, which are not repeated (OpenCV's BORDER_REFLECT_101).
constexpr int mirrored(int i, int size)
{
    const int period = 2 * (size - 1);
    if (period == 0)
        return 0;
    i = i < 0 ? -i : i;
    if (i >= period) // seldom, and dividing is slow
        i %= period;
    return i < size ? i : period - i;
}

/// Memory for the length of one operation, kept from picture to picture: after the first few pictures of a
/// size nothing is allocated any more. For one thread at a time.
class Scratch
{
public:
    /// `count` uninitialised values, aligned for vectors, until the next reset().
    template <typename T>
    std::span<T> take(std::size_t count)
    {
        static_assert(std::is_trivially_copyable_v<T>);
        return {static_cast<T*>(takeBytes(count * sizeof(T))), count};
    }

    /// Takes everything back.
    void reset();

private:
    static constexpr std::size_t alignment = 64;

    struct Freer {
        void operator()(std::byte* memory) const { ::operator delete (memory, std::align_val_t {alignment}); }
    };

    struct Block {
        std::unique_ptr<std::byte, Freer> memory;
        std::size_t size = 0;
    };

    void* takeBytes(std::size_t size);
    void add(std::size_t size);

    std::vector<Block> m_blocks; ///< the last one is in use
    std::size_t m_used = 0; ///< of the last one
};

} // namespace graft::augment
