#include "core/augment/resample.h"

#include "core/augment/vectorised.h"

#include <cassert>
#include <cmath>
#include <cstring>

namespace graft::augment {

namespace {

using Ints = std::int32_t __attribute__((vector_size(16)));
using Floats = float __attribute__((vector_size(16)));

// Shuffles rather than conversions of four bytes, which GCC takes apart.

/// The four bytes of a word.
GRAFT_INLINE Floats toFloats(std::uint32_t word)
{
    const Ints whole {static_cast<std::int32_t>(word), 0, 0, 0};
    constexpr std::uint8_t none = 15;
    constexpr Bytes16 apart {0, none, none, none, 1, none, none, none,
                             2, none, none, none, 3, none, none, none};
    Bytes16 bytes;
    std::memcpy(&bytes, &whole, sizeof bytes);
    bytes = __builtin_shuffle(bytes, apart);
    Ints ints;
    std::memcpy(&ints, &bytes, sizeof ints);
    return __builtin_convertvector(ints, Floats);
}

/// One pixel, read with the byte after it; the fourth value is not used.
GRAFT_INLINE Floats load(const std::uint8_t* pixel)
{
    std::uint32_t word = 0;
    std::memcpy(&word, pixel, sizeof word);
    return toFloats(word);
}

GRAFT_INLINE void store(Floats value, std::uint8_t* pixel)
{
    const Ints ints = __builtin_convertvector(value + 0.5F, Ints);
    constexpr Bytes16 together {0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12};
    Bytes16 bytes;
    std::memcpy(&bytes, &ints, sizeof bytes);
    bytes = __builtin_shuffle(bytes, together);
    std::memcpy(pixel, &bytes, sizeof(std::uint32_t));
}

GRAFT_INLINE Floats blend(Floats a, Floats b, Floats c, Floats d, float right, float down)
{
    const Floats top = a + (b - a) * right;
    const Floats bottom = c + (d - c) * right;
    return top + (bottom - top) * down;
}

/// Where along a line of `size` pixels the border takes pixel `i` from; -1: nowhere.
GRAFT_INLINE int inside(int i, int size, Border::Mode mode)
{
    if (i >= 0 && i < size)
        return i;
    switch (mode) {
    case Border::Mode::Mirror:
        return mirrored(i, size);
    case Border::Mode::Repeat:
        return i < 0 ? 0 : size - 1;
    case Border::Mode::Colour:
        break;
    }
    return -1;
}

/// A sample that touches the last pixel or what lies outside.
GRAFT_INLINE Floats sampleAtBorder(const Source& source, int left, int top, float right, float down)
{
    const ConstPixels& pixels = source.pixels;
    const Border& border = source.border;
    const std::array columns {inside(left, pixels.width, border.mode),
                              inside(left + 1, pixels.width, border.mode)};
    const std::array rows {inside(top, pixels.height, border.mode),
                           inside(top + 1, pixels.height, border.mode)};
    const auto pixel = [&](int x, int y) {
        const std::uint8_t* at =
            x < 0 || y < 0 ? border.colour.data() : pixels.row(y) + static_cast<std::ptrdiff_t>(x) * channels;
        return toFloats(at[0] | std::uint32_t {at[1]} << 8U | std::uint32_t {at[2]} << 16U);
    };
    return blend(pixel(columns[0], rows[0]), pixel(columns[1], rows[0]), pixel(columns[0], rows[1]),
                 pixel(columns[1], rows[1]), right, down);
}

constexpr int most = 256; ///< pixels at a time

/// Whole pixels and the rest, from positions; no position leaves the range of whole numbers.
GRAFT_INLINE void split(const float* position, int count, int* whole, float* rest)
{
    constexpr float far = 1e6F;
    for (int i = 0; i < count; ++i) {
        float value = position[i];
        value = value > -far ? value : -far; // also what is no number
        value = value < far ? value : far;
        const int truncated = static_cast<int>(value);
        whole[i] = truncated - (value < static_cast<float>(truncated) ? 1 : 0);
        rest[i] = value - static_cast<float>(whole[i]);
    }
}

/// Between which two pixels of a line a position lies: where they begin, in bytes, and the share of the
/// second.
struct Column {
    int left = 0;
    int right = 0;
    float share = 0.0F;
};

/// One row of samples, three floats each; writes one more than these.
GRAFT_FOR_EACH_PROCESSOR
void sampleRow(const std::uint8_t* row, const Column* columns, std::size_t count, float* out)
{
    for (std::size_t i = 0; i < count; ++i, out += channels) {
        const Column& column = columns[i];
        const Floats left = load(row + column.left);
        const Floats value = left + (load(row + column.right) - left) * column.share;
        std::memcpy(out, &value, sizeof value);
    }
}

GRAFT_FOR_EACH_PROCESSOR
void blendRows(const float* top, const float* bottom, float down, std::uint8_t* out, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<std::uint8_t>(static_cast<int>(top[i] + (bottom[i] - top[i]) * down + 0.5F));
}

/// Rows of a source, resampled across; the last two are kept.
class SampledRows
{
public:
    SampledRows(const Source& source, std::span<const float> x, Scratch& scratch)
        : m_source(source)
        , m_columns(scratch.take<Column>(x.size()))
        , m_line(scratch.take<std::uint8_t>(source.pixels.stride() + channels + 1))
    {
        for (Row& row : m_rows)
            row.values = scratch.take<float>(x.size() * channels + 1);
        const int width = source.pixels.width;
        const auto byteOf = [&](int column) {
            const int at = inside(column, width, source.border.mode);
            return (at < 0 ? width : at) * channels; // the border's colour stands behind the row
        };
        for (std::size_t i = 0; i < x.size(); ++i) {
            int left = 0;
            Column& column = m_columns[i];
            split(&x[i], 1, &left, &column.share);
            column.left = byteOf(left);
            column.right = byteOf(left + 1);
        }
    }

    /// Three floats for each column. Holds until the second call after this one.
    const float* at(int y)
    {
        const int wanted = inside(y, m_source.pixels.height, m_source.border.mode);
        Row& row = m_rows[m_rows[0].y == wanted || (m_rows[1].y != wanted && m_newest == 1) ? 0 : 1];
        m_newest = &row == &m_rows[0] ? 0 : 1;
        if (row.y != wanted) {
            row.y = wanted;
            fill(row);
        }
        return row.values.data();
    }

private:
    struct Row {
        int y = -2; ///< in the source; -1 for the border's colour
        std::span<float> values;
    };

    void fill(const Row& row)
    {
        // A copy, with the border's colour behind it, and a byte that may be read with the last pixel.
        const auto width = static_cast<std::size_t>(m_source.pixels.width);
        const auto& colour = m_source.border.colour;
        if (row.y >= 0) {
            const std::uint8_t* line = m_source.pixels.row(row.y);
            std::memcpy(m_line.data(), line, width * channels);
            prefetch(line + m_source.pixels.pitch, width * channels); // most often the next one
        }
        for (std::size_t i = row.y >= 0 ? width : 0; i <= width; ++i)
            std::copy(colour.begin(), colour.end(), &m_line[i * channels]);
        sampleRow(m_line.data(), m_columns.data(), m_columns.size(), row.values.data());
    }

    static void prefetch(const std::uint8_t* bytes, std::size_t count)
    {
        constexpr std::size_t cacheLine = 64;
        for (std::size_t i = 0; i < count; i += cacheLine)
            __builtin_prefetch(bytes + i);
    }

    const Source& m_source;
    std::span<Column> m_columns;
    std::span<std::uint8_t> m_line;
    std::array<Row, 2> m_rows;
    int m_newest = 1;
};

/// Adds the share of every input row in one output row.
GRAFT_FOR_EACH_PROCESSOR
void addRow(const std::uint8_t* in, float share, float* sums, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        sums[i] += static_cast<float>(in[i]) * share;
}

/// One output row from these sums: pixel i has those from begin[i] to begin[i + 1] of `pixel` (where its sums
/// stand) and `share`. Writes one byte more than the pixels need.
GRAFT_FOR_EACH_PROCESSOR
void shareOut(const float* sums, const int* begin, const int* pixel, const float* share, int width,
              std::uint8_t* out)
{
    for (int x = 0; x < width; ++x, out += channels) {
        Floats value {};
        for (int k = begin[x]; k < begin[x + 1]; ++k) {
            Floats sum;
            std::memcpy(&sum, sums + pixel[k], sizeof sum);
            value += sum * share[k];
        }
        store(value, out);
    }
}

/// Calls use(pixel, share) for what the output pixel `i` of `out` covers of a line of `in` pixels; the shares
/// add up to 1.
template <typename Use>
void forCovered(int i, int in, int out, const Use& use)
{
    const double scale = static_cast<double>(in) / out;
    const double begin = i * scale;
    const double end = std::min(begin + scale, static_cast<double>(in));
    constexpr double nothing = 1e-9;
    for (int pixel = static_cast<int>(begin); pixel < end - nothing; ++pixel) {
        const double covered = std::min(end, pixel + 1.0) - std::max(begin, static_cast<double>(pixel));
        if (covered > nothing)
            use(pixel, static_cast<float>(covered / scale));
    }
}

} // namespace

GRAFT_FOR_EACH_PROCESSOR
void sample(const Source& source, const float* x, const float* y, int count, std::uint8_t* out)
{
    int left[most];
    int top[most];
    float right[most];
    float down[most];
    const auto stride = static_cast<std::ptrdiff_t>(source.pixels.pitch);
    // A pixel is read with the byte after it: the last column is left to the careful way.
    const auto safeColumns = static_cast<unsigned>(std::max(0, source.pixels.width - 2));
    const auto safeRows = static_cast<unsigned>(source.pixels.height - 1);
    for (int done = 0; done < count; done += most) {
        const int now = std::min(most, count - done);
        split(x + done, now, left, right);
        split(y + done, now, top, down);
        for (int i = 0; i < now; ++i, out += channels) {
            if (static_cast<unsigned>(left[i]) < safeColumns && static_cast<unsigned>(top[i]) < safeRows) {
                const std::uint8_t* at =
                    source.pixels.data + top[i] * stride + static_cast<std::ptrdiff_t>(left[i]) * channels;
                store(blend(load(at), load(at + channels), load(at + stride), load(at + stride + channels),
                            right[i], down[i]),
                      out);
            } else {
                store(sampleAtBorder(source, left[i], top[i], right[i], down[i]), out);
            }
        }
    }
}

void sampleGrid(const Source& source, std::span<const float> x, std::span<const float> y, const Pixels& out,
                Scratch& scratch)
{
    assert(std::ssize(x) == out.width && std::ssize(y) == out.height);
    SampledRows rows(source, x, scratch);
    for (int row = 0; row < out.height; ++row) {
        int above = 0;
        float down = 0.0F;
        split(&y[static_cast<std::size_t>(row)], 1, &above, &down);
        const float* top = rows.at(above);
        blendRows(top, rows.at(above + 1), down, out.row(row), out.stride());
    }
}

void shrink(const ConstPixels& in, const Pixels& out, Scratch& scratch)
{
    assert(out.width <= in.width && out.height <= in.height);
    const auto sums = scratch.take<float>(in.stride() + 1); // a pixel is read with the float after it
    // What each output pixel covers of a line, in one run: begin[i] .. begin[i + 1] of pixel and share.
    const auto begin = scratch.take<int>(static_cast<std::size_t>(out.width) + 1);
    const auto pixel = scratch.take<int>(static_cast<std::size_t>(in.width + out.width) + 1);
    const auto share = scratch.take<float>(pixel.size());
    const auto line = scratch.take<std::uint8_t>(out.stride() + 1);
    std::size_t used = 0;
    for (int x = 0; x < out.width; ++x) {
        begin[static_cast<std::size_t>(x)] = static_cast<int>(used);
        forCovered(x, in.width, out.width, [&](int at, float part) {
            pixel[used] = at * channels;
            share[used++] = part;
        });
    }
    begin[static_cast<std::size_t>(out.width)] = static_cast<int>(used);
    for (int y = 0; y < out.height; ++y) {
        std::fill(sums.begin(), sums.end(), 0.0F);
        forCovered(y, in.height, out.height,
                   [&](int row, float part) { addRow(in.row(row), part, sums.data(), in.stride()); });
        shareOut(sums.data(), begin.data(), pixel.data(), share.data(), out.width, line.data());
        std::memcpy(out.row(y), line.data(), out.stride());
    }
}

} // namespace graft::augment
