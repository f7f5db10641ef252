#include "core/augment/colour.h"

#include "core/augment/vectorised.h"

#include <cstring>

namespace graft::augment {

Tables Tables::identity()
{
    Tables tables {};
    for (auto& channel : tables.of)
        for (std::size_t v = 0; v < channel.size(); ++v)
            channel[v] = static_cast<std::uint8_t>(v);
    return tables;
}

void Tables::then(const Tables& next)
{
    for (std::size_t c = 0; c < of.size(); ++c)
        for (std::uint8_t& value : of[c])
            value = next.of[c][value];
}

const Statistics::Counts& Statistics::counts() const
{
    if (m_counted)
        return m_counts;
    m_counted = true;
    // Two of each, taking turns: neighbours are often alike, and adding twice to one place has to wait.
    Counts other {};
    const std::uint8_t* at = m_pixels.data;
    const std::size_t pixels = m_pixels.count();
    std::size_t i = 0;
    for (; i + 1 < pixels; i += 2, at += std::ptrdiff_t {2} * channels) {
        for (std::size_t c = 0; c < channels; ++c) {
            ++m_counts[c][at[c]];
            ++other[c][at[c + channels]];
        }
    }
    for (std::size_t c = 0; c < channels; ++c) {
        if (i < pixels)
            ++m_counts[c][at[c]];
        for (std::size_t v = 0; v < 256; ++v)
            m_counts[c][v] += other[c][v];
    }
    return m_counts;
}

double Statistics::meanGrey() const
{
    double sum = 0.0;
    for (std::size_t c = 0; c < channels; ++c) {
        double channel = 0.0;
        for (std::size_t v = 0; v < 256; ++v)
            channel += static_cast<double>(counts()[c][v]) * m_pending.of[c][v];
        sum += greyWeights[c] * channel;
    }
    return sum / static_cast<double>(m_pixels.count());
}

Statistics::Range Statistics::range(std::size_t channel) const
{
    Range range {255, 0};
    for (std::size_t v = 0; v < 256; ++v) {
        if (counts()[channel][v] == 0)
            continue;
        const int value = m_pending.of[channel][v];
        range.darkest = std::min(range.darkest, value);
        range.lightest = std::max(range.lightest, value);
    }
    return range;
}

bool ChannelMix::keepsRange() const
{
    constexpr double rounding = 1e-9;
    for (std::size_t row = 0; row < 3; ++row) {
        double sum = 0.0;
        for (std::size_t column = 0; column < 3; ++column) {
            if (m[row * 3 + column] < 0.0)
                return false;
            sum += m[row * 3 + column];
        }
        if (sum > 1.0 + rounding)
            return false;
    }
    return true;
}

ChannelMix operator*(const ChannelMix& a, const ChannelMix& b)
{
    ChannelMix product;
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            product.m[i * 3 + j] =
                a.m[i * 3] * b.m[j] + a.m[i * 3 + 1] * b.m[3 + j] + a.m[i * 3 + 2] * b.m[6 + j];
    return product;
}

void apply(const Tables& tables, const Pixels& pixels)
{
    const auto& of = tables.of;
    std::uint8_t* at = pixels.data;
    for (std::size_t i = 0; i < pixels.count(); ++i, at += channels) {
        at[0] = of[0][at[0]];
        at[1] = of[1][at[1]];
        at[2] = of[2][at[2]];
    }
}

namespace {

GRAFT_FOR_EACH_PROCESSOR
void mixChannels(std::uint8_t* rgb, std::size_t pixels, const float* m)
{
    forEachPlanarBlock(rgb, pixels, [m](float* red, float* green, float* blue, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const float r = red[i];
            const float g = green[i];
            const float b = blue[i];
            red[i] = m[0] * r + m[1] * g + m[2] * b;
            green[i] = m[3] * r + m[4] * g + m[5] * b;
            blue[i] = m[6] * r + m[7] * g + m[8] * b;
        }
    });
}

} // namespace

void apply(const ChannelMix& mix, const Pixels& pixels)
{
    std::array<float, 9> m {};
    std::transform(mix.m.begin(), mix.m.end(), m.begin(), [](double v) { return static_cast<float>(v); });
    mixChannels(pixels.data, pixels.count(), m.data());
}

} // namespace graft::augment
