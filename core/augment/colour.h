#pragma once
#include "core/augment/pixels.h"

#include <array>
#include <cstdint>

namespace graft::augment {

/// Shares of red, green and blue in the grey of a pixel (ITU-R BT.601, as torchvision and OpenCV).
constexpr std::array<double, channels> greyWeights {0.299, 0.587, 0.114};

/// A new value for each value of each channel.
struct Tables {
    std::array<std::array<std::uint8_t, 256>, channels> of;

    /// What changes nothing.
    static Tables identity();

    /// First these, then `next`: the same bytes as one after the other.
    void then(const Tables& next);

    /// All channels alike: `value` of 0..255, rounded to the nearest and kept within 0..255.
    template <typename Function>
    void fill(const Function& value)
    {
        for (std::size_t v = 0; v < 256; ++v)
            of[0][v] = toByte(value(static_cast<double>(v)));
        of[1] = of[2] = of[0];
    }

    static std::uint8_t toByte(double value)
    {
        return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0) + 0.5);
    }
};

/// What a table may depend on: numbers about the picture as it is once `pending` has been applied to
/// `pixels`. Counted when asked for, and once. Refers to both.
class Statistics
{
public:
    struct Range {
        int darkest = 0;
        int lightest = 255;
    };

    Statistics(const ConstPixels& pixels, const Tables& pending)
        : m_pixels(pixels)
        , m_pending(pending)
    {
    }

    double meanGrey() const;
    Range range(std::size_t channel) const;

private:
    using Counts = std::array<std::array<std::uint32_t, 256>, channels>;

    const Counts& counts() const;

    ConstPixels m_pixels;
    const Tables& m_pending;
    mutable Counts m_counts {};
    mutable bool m_counted = false;
};

/// New red, green and blue as weighted sums of the old; row-major.
struct ChannelMix {
    std::array<double, 9> m {1, 0, 0, 0, 1, 0, 0, 0, 1};

    /// Do its results stay between the smallest and the largest of the three? Then nothing is clipped after
    /// it, and another mix that follows may be joined with it.
    bool keepsRange() const;
};

/// First `b`, then `a`.
ChannelMix operator*(const ChannelMix& a, const ChannelMix& b);

void apply(const Tables& tables, const Pixels& pixels);

/// Rounded to the nearest and kept within 0..255.
void apply(const ChannelMix& mix, const Pixels& pixels);

} // namespace graft::augment
