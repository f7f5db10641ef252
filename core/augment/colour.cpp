#include "core/augment/colour.h"

#include "core/augment/vectorised.h"

#include <cmath>
#include <cstring>
#include <optional>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

namespace {

/// Calls run(from, to, pixels) for rows, or for the whole picture where nothing lies between rows.
template <typename Run>
void forEachRun(const ConstPixels& in, const Pixels& out, const Run& run)
{
    if (in.pitch == in.stride()) {
        run(in.data, out.data, in.count());
        return;
    }
    for (int y = 0; y < in.height; ++y)
        run(in.row(y), out.row(y), static_cast<std::size_t>(in.width));
}

GRAFT_FOR_EACH_PROCESSOR
void addSums(const std::uint8_t* rgb, std::size_t count, std::uint64_t* sums)
{
    Planes planes;
    separate(rgb, count, planes);
    static_assert(planarBlock * 255 <= 65535, "sums of a block fit in two bytes");
    std::uint16_t red = 0;
    std::uint16_t green = 0;
    std::uint16_t blue = 0;
    for (std::size_t i = 0; i < count; ++i) {
        red = static_cast<std::uint16_t>(red + planes.red[i]);
        green = static_cast<std::uint16_t>(green + planes.green[i]);
        blue = static_cast<std::uint16_t>(blue + planes.blue[i]);
    }
    sums[0] += red;
    sums[1] += green;
    sums[2] += blue;
}

GRAFT_FOR_EACH_PROCESSOR
void widen(const std::uint8_t* plane, std::size_t count, Statistics::Range& range)
{
    auto darkest = static_cast<std::uint8_t>(range.darkest);
    auto lightest = static_cast<std::uint8_t>(range.lightest);
    for (std::size_t i = 0; i < count; ++i) {
        darkest = std::min(darkest, plane[i]);
        lightest = std::max(lightest, plane[i]);
    }
    range = {darkest, lightest};
}

} // namespace

/// Calls use(rgb, count) for at most planarBlock pixels at a time.
template <typename Use>
void Statistics::forEachBlock(const Use& use) const
{
    std::array<std::uint8_t, planarBlock * channels> after; // NOLINT: filled before it is read
    for (int y = 0; y < m_pixels.height; ++y) {
        for (int x = 0; x < m_pixels.width; x += static_cast<int>(planarBlock)) {
            const int count = std::min(static_cast<int>(planarBlock), m_pixels.width - x);
            const ConstPixels block = m_pixels.part(x, y, count, 1);
            if (m_pending != nullptr)
                augment::apply(*m_pending, block, {after.data(), count, 1});
            use(m_pending != nullptr ? after.data() : block.data, static_cast<std::size_t>(count));
        }
    }
}

double Statistics::meanGrey() const
{
    std::array<std::uint64_t, channels> sums {};
    forEachBlock([&](const std::uint8_t* rgb, std::size_t count) { addSums(rgb, count, sums.data()); });
    double sum = 0.0;
    for (std::size_t c = 0; c < channels; ++c)
        sum += greyWeights[c] * static_cast<double>(sums[c]);
    return sum / static_cast<double>(m_pixels.count());
}

Statistics::Ranges Statistics::ranges() const
{
    Ranges ranges;
    Planes planes;
    forEachBlock([&](const std::uint8_t* rgb, std::size_t count) {
        separate(rgb, count, planes);
        widen(planes.red, count, ranges[0]);
        widen(planes.green, count, ranges[1]);
        widen(planes.blue, count, ranges[2]);
    });
    return ranges;
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
    return {product(a.m, b.m)};
}

namespace {

#if defined(__x86_64__)
using Bytes64 = std::uint8_t __attribute__((vector_size(64)));

/// 64 values at once: each half of the table lies in two registers.
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) void
lookUpWide(const std::uint8_t* table, const std::uint8_t* in, std::uint8_t* out, std::size_t count)
{
    Bytes64 quarters[4];
    std::memcpy(quarters, table, sizeof quarters);
    Bytes64 values {};
    std::size_t i = 0;
    // Stores that do not reach over cache lines are faster.
    for (; i < count && reinterpret_cast<std::uintptr_t>(out + i) % sizeof values != 0;
         ++i) // NOLINT: an address
        out[i] = table[in[i]];
    for (; i + sizeof values <= count; i += sizeof values) {
        std::memcpy(&values, in + i, sizeof values);
        __builtin_prefetch(in + i + lookAhead);
        const Bytes64 dark = __builtin_shuffle(quarters[0], quarters[1], values);
        const Bytes64 light = __builtin_shuffle(quarters[2], quarters[3], values);
        values = values >= 128 ? light : dark;
        std::memcpy(out + i, &values, sizeof values);
    }
    for (; i < count; ++i)
        out[i] = table[in[i]];
}

/// 32 values at once, from a table in sixteenths. An index that is negative, as a signed byte, gives 0, and
/// else only its lowest four bits count: so a value finds something in its own sixteenth and in those before
/// it, in its half of the table, and what it finds there is chosen such that all of it together, by exclusive
/// or, is the entry.
__attribute__((target("avx2"))) void lookUpInSixteenths(const std::uint8_t* table, const std::uint8_t* in,
                                                        std::uint8_t* out, std::size_t count)
{
    constexpr int sixteenths = 16;
    constexpr int half = sixteenths / 2;
    __m256i parts[sixteenths];
    for (int part = 0; part < sixteenths; ++part) {
        std::array<std::uint8_t, sixteenths> found {};
        for (int i = 0; i < sixteenths; ++i)
            found[i] = part % half == 0 ? table[part * sixteenths + i]
                                        : static_cast<std::uint8_t>(table[part * sixteenths + i]
                                                                    ^ table[(part - 1) * sixteenths + i]);
        __m128i once;
        std::memcpy(&once, found.data(), sizeof once);
        parts[part] = _mm256_broadcastsi128_si256(once);
    }
    const __m256i step = _mm256_set1_epi8(sixteenths);
    const __m256i otherHalf = _mm256_set1_epi8(static_cast<char>(0x80));
    std::size_t i = 0;
    for (; i + sizeof step <= count; i += sizeof step) {
        __m256i low;
        std::memcpy(&low, in + i, sizeof low);
        __m256i high = _mm256_xor_si256(low, otherHalf);
        __m256i entries = _mm256_setzero_si256();
        for (int part = 0; part < half; ++part) {
            entries = _mm256_xor_si256(entries, _mm256_shuffle_epi8(parts[part], low));
            entries = _mm256_xor_si256(entries, _mm256_shuffle_epi8(parts[part + half], high));
            low = _mm256_subs_epi8(low, step);
            high = _mm256_subs_epi8(high, step);
        }
        std::memcpy(out + i, &entries, sizeof entries);
    }
    for (; i < count; ++i)
        out[i] = table[in[i]];
}

using LookUp = void (*)(const std::uint8_t* table, const std::uint8_t* in, std::uint8_t* out,
                        std::size_t count);

/// The fastest that this processor can do; null: none of them.
LookUp fastLookUp()
{
    static const LookUp fastest = __builtin_cpu_supports("avx512vbmi") != 0 ? lookUpWide
        : __builtin_cpu_supports("avx2") != 0                               ? lookUpInSixteenths
                                                                            : nullptr;
    return fastest;
}
#else
using LookUp = void (*)(const std::uint8_t*, const std::uint8_t*, std::uint8_t*, std::size_t);

LookUp fastLookUp()
{
    return nullptr;
}
#endif

/// A table whose entries are the values' own bits, some of them cleared and then some turned over.
struct BitChange {
    std::uint8_t kept = 0;
    std::uint8_t turned = 0;
};

std::optional<BitChange> bitChangeOf(const std::array<std::uint8_t, 256>& table)
{
    const BitChange change {static_cast<std::uint8_t>(table.front() ^ table.back()), table.front()};
    for (std::size_t v = 0; v < table.size(); ++v)
        if (table[v] != ((v & change.kept) ^ change.turned))
            return {};
    return change;
}

GRAFT_FOR_EACH_PROCESSOR
void changeBits(BitChange change, const std::uint8_t* in, std::uint8_t* out, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<std::uint8_t>((in[i] & change.kept) ^ change.turned);
}

void lookUp(const Tables& tables, const std::uint8_t* in, std::uint8_t* out, std::size_t pixels)
{
    const auto& of = tables.of;
    for (std::size_t i = 0; i < pixels * channels; i += channels) {
        out[i] = of[0][in[i]];
        out[i + 1] = of[1][in[i + 1]];
        out[i + 2] = of[2][in[i + 2]];
    }
}

GRAFT_FOR_EACH_PROCESSOR
void mixChannels(const std::uint8_t* in, std::uint8_t* out, std::size_t pixels, const float* m)
{
    forEachPlanarBlock(in, out, pixels, [m](Planes& planes, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto r = static_cast<float>(planes.red[i]);
            const auto g = static_cast<float>(planes.green[i]);
            const auto b = static_cast<float>(planes.blue[i]);
            planes.red[i] = roundToByte(m[0] * r + m[1] * g + m[2] * b);
            planes.green[i] = roundToByte(m[3] * r + m[4] * g + m[5] * b);
            planes.blue[i] = roundToByte(m[6] * r + m[7] * g + m[8] * b);
        }
    });
}

/// Where all three become the same. `weights` are 65536ths whose sum is at most one; brightness is counted in
/// 256ths of a level.
GRAFT_FOR_EACH_PROCESSOR
void mixToGrey(const std::uint8_t* in, std::uint8_t* out, std::size_t pixels, const std::uint16_t* weights)
{
    forEachPlanarBlock(in, out, pixels, [weights](Planes& planes, std::size_t count) {
        const auto share = [](std::uint8_t value, std::uint16_t weight) {
            const auto fine = static_cast<std::uint16_t>(value << 8U);
            return static_cast<std::uint16_t>(std::uint32_t {fine} * weight >> 16U);
        };
        constexpr unsigned half = 128 + 1; // what the three shares lose by being cut off, on average
        for (std::size_t i = 0; i < count; ++i)
            planes.red[i] = static_cast<std::uint8_t>(
                static_cast<std::uint16_t>(share(planes.red[i], weights[0])
                                           + share(planes.green[i], weights[1])
                                           + share(planes.blue[i], weights[2]) + half)
                >> 8U);
        std::memcpy(planes.green, planes.red, sizeof planes.red);
        std::memcpy(planes.blue, planes.red, sizeof planes.red);
    });
}

/// Where each becomes one of the three: `shuffle` says for 16 bytes, five pixels and one byte that stays,
/// which byte comes there.
GRAFT_FOR_EACH_PROCESSOR
void reorderChannels(const std::uint8_t* in, std::uint8_t* out, std::size_t pixels,
                     const std::uint8_t* shuffle)
{
    constexpr std::size_t atOnce = 5;
    const Bytes16 order = load16(shuffle);
    std::size_t i = 0;
    for (; i + atOnce < pixels; i += atOnce)
        store16(__builtin_shuffle(load16(in + i * channels), order), out + i * channels);
    for (; i < pixels; ++i) {
        const std::uint8_t pixel[] {in[i * channels], in[i * channels + 1], in[i * channels + 2]};
        for (std::size_t c = 0; c < channels; ++c)
            out[i * channels + c] = pixel[shuffle[c]];
    }
}

/// The channel that each becomes; nothing where one becomes a mixture.
std::optional<std::array<std::uint8_t, channels>> orderOf(const ChannelMix& mix)
{
    std::array<std::uint8_t, channels> order {};
    for (std::size_t row = 0; row < channels; ++row) {
        const auto* const begin = mix.m.data() + row * channels;
        const auto* const one = std::find(begin, begin + channels, 1.0);
        if (one == begin + channels || std::count(begin, begin + channels, 0.0) != channels - 1)
            return {};
        order[row] = static_cast<std::uint8_t>(one - begin);
    }
    return order;
}

} // namespace

void apply(const Tables& tables, const ConstPixels& in, const Pixels& out)
{
    const bool alike = tables.of[0] == tables.of[1] && tables.of[0] == tables.of[2];
    const std::optional<BitChange> bits = alike ? bitChangeOf(tables.of[0]) : std::nullopt;
    const LookUp fast = alike ? fastLookUp() : nullptr;
    forEachRun(in, out, [&](const std::uint8_t* from, std::uint8_t* to, std::size_t pixels) {
        if (bits)
            changeBits(*bits, from, to, pixels * channels);
        else if (fast != nullptr)
            fast(tables.of[0].data(), from, to, pixels * channels);
        else
            lookUp(tables, from, to, pixels);
    });
}

void apply(const ChannelMix& mix, const ConstPixels& in, const Pixels& out)
{
    if (const auto order = orderOf(mix)) {
        std::array<std::uint8_t, sizeof(Bytes16)> shuffle {};
        for (std::size_t i = 0; i + 1 < shuffle.size(); ++i)
            shuffle[i] = static_cast<std::uint8_t>(i / channels * channels + (*order)[i % channels]);
        shuffle.back() = sizeof(Bytes16) - 1;
        forEachRun(in, out, [&](const std::uint8_t* from, std::uint8_t* to, std::size_t pixels) {
            reorderChannels(from, to, pixels, shuffle.data());
        });
        return;
    }
    const bool toGrey = std::equal(mix.m.begin(), mix.m.begin() + 6, mix.m.begin() + 3);
    if (toGrey && mix.keepsRange()) {
        std::array<std::uint16_t, channels> weights {};
        std::transform(mix.m.begin(), mix.m.begin() + channels, weights.begin(), [](double v) {
            return static_cast<std::uint16_t>(std::min(std::lround(v * 65536.0), 65535L));
        });
        forEachRun(in, out, [&](const std::uint8_t* from, std::uint8_t* to, std::size_t pixels) {
            mixToGrey(from, to, pixels, weights.data());
        });
        return;
    }
    std::array<float, 9> m {};
    std::transform(mix.m.begin(), mix.m.end(), m.begin(), [](double v) { return static_cast<float>(v); });
    forEachRun(in, out, [&](const std::uint8_t* from, std::uint8_t* to, std::size_t pixels) {
        mixChannels(from, to, pixels, m.data());
    });
}

} // namespace graft::augment
