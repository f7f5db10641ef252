#pragma once
#include "core/augment/matrix3.h"
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

/// What a table may depend on: numbers about the picture as it is once `pending` (null: nothing) has been
/// applied to `pixels`. Refers to both.
class Statistics
{
public:
    struct Range {
        int darkest = 255;
        int lightest = 0;
    };

    using Ranges = std::array<Range, channels>;

    Statistics(const ConstPixels& pixels, const Tables* pending)
        : m_pixels(pixels)
        , m_pending(pending)
    {
    }

    // Each looks at every pixel.
    double meanGrey() const;
    Ranges ranges() const;

private:
    template <typename Use>
    void forEachBlock(const Use& use) const;

    ConstPixels m_pixels;
    const Tables* m_pending;
};

/// New red, green and blue as weighted sums of the old; row-major.
struct ChannelMix {
    Matrix3 m {1, 0, 0, 0, 1, 0, 0, 0, 1};

    /// Do its results stay between the smallest and the largest of the three? Then nothing is clipped after
    /// it, and another mix that follows may be joined with it.
    bool keepsRange() const;
};

/// First `b`, then `a`.
ChannelMix operator*(const ChannelMix& a, const ChannelMix& b);

// From `in` to `out`, which have the same size and are one picture or do not overlap.

void apply(const Tables& tables, const ConstPixels& in, const Pixels& out);

/// Rounded to the nearest and kept within 0..255.
void apply(const ChannelMix& mix, const ConstPixels& in, const Pixels& out);

} // namespace graft::augment
