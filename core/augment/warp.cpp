#include "core/augment/warp.h"

#include "core/augment/resample.h"
#include "core/augment/vectorised.h"
#include "core/base/preprocess_spec.h"

#include <opencv2/core.hpp>

#include <cmath>
#include <cstring>
#include <optional>

namespace graft::augment {

namespace {

/// Between pixels and a mapping's coordinates.
struct Grid {
    double unit = 1.0; ///< pixels
    double middleX = 0.0; ///< of the frame, in pixels; whole numbers are the middles of pixels
    double middleY = 0.0;

    Homography toCoordinates() const
    {
        return affine(1.0 / unit, 0.0, -middleX / unit, 0.0, 1.0 / unit, -middleY / unit);
    }

    Homography toPixels() const { return affine(unit, 0.0, middleX, 0.0, unit, middleY); }
};

struct Grids {
    Grid out;
    Grid source;
};

Grids gridsOf(const ConstPixels& source, const Pixels& out)
{
    const double unit = out.shorterSide() / 2.0;
    const double x = (out.width - 1) / 2.0;
    const double y = (out.height - 1) / 2.0;
    return {{unit, x, y},
            {unit, x + cropOffset(source.width, out.width), y + cropOffset(source.height, out.height)}};
}

/// Turns and mirrorings by whole pixels: column = signX * (x or y) + left, and so for the row.
struct WholeMove {
    bool swapped = false;
    bool mirroredX = false;
    bool mirroredY = false;
    int left = 0; ///< the part of the source that is seen
    int top = 0;
};

/// In pixels; nothing where pixels would have to be mixed or lie outside.
std::optional<WholeMove> wholeMove(const Homography& h, const ConstPixels& source, const Pixels& out)
{
    if (!h.isAffine())
        return {};
    std::array<int, 6> m {};
    for (std::size_t i = 0; i < m.size(); ++i) {
        constexpr double rounding = 1e-9;
        const double nearest = std::round(h.m[i]);
        if (std::abs(h.m[i] - nearest) > rounding || std::abs(nearest) > 1e6)
            return {};
        m[i] = static_cast<int>(nearest);
    }
    WholeMove move;
    move.swapped = m[0] == 0;
    const int acrossX = move.swapped ? m[1] : m[0];
    const int acrossY = move.swapped ? m[3] : m[4];
    if (std::abs(acrossX) != 1 || std::abs(acrossY) != 1
        || (move.swapped ? m[4] != 0 : m[1] != 0 || m[3] != 0))
        return {};
    const int width = move.swapped ? out.height : out.width;
    const int height = move.swapped ? out.width : out.height;
    move.mirroredX = acrossX < 0;
    move.mirroredY = acrossY < 0;
    move.left = m[2] - (move.mirroredX ? width - 1 : 0);
    move.top = m[5] - (move.mirroredY ? height - 1 : 0);
    if (move.left < 0 || move.top < 0 || move.left + width > source.width
        || move.top + height > source.height)
        return {};
    return move;
}

/// The pixels of a row the other way round.
GRAFT_FOR_EACH_PROCESSOR
void mirrorRow(const std::uint8_t* in, std::uint8_t* out, int width)
{
    constexpr int atOnce = 16;
    const std::uint8_t* at = in + static_cast<std::ptrdiff_t>(width) * channels;
    int left = width;
    for (; left >= atOnce; left -= atOnce, out += atOnce * channels) {
        at -= atOnce * channels;
        __builtin_prefetch(at + lookAhead); // of a later row
        mirror16(at, out);
    }
    for (; left > 0; --left, out += channels) {
        at -= channels;
        std::memcpy(out, at, channels);
    }
}

void copyUpright(const ConstPixels& part, const WholeMove& move, const Pixels& out)
{
    for (int y = 0; y < out.height; ++y) {
        const std::uint8_t* from = part.row(move.mirroredY ? out.height - 1 - y : y);
        if (move.mirroredX)
            mirrorRow(from, out.row(y), out.width);
        else
            std::memcpy(out.row(y), from, out.stride());
    }
}

void copy(const ConstPixels& source, const WholeMove& move, const Pixels& out, Scratch& scratch)
{
    if (!move.swapped) {
        copyUpright(source.part(move.left, move.top, out.width, out.height), move, out);
        return;
    }
    Pixels upright {nullptr, out.height, out.width};
    upright.data = scratch.take<std::uint8_t>(out.bytes()).data();
    copyUpright(source.part(move.left, move.top, upright.width, upright.height), move, upright);
    const cv::Mat from(upright.height, upright.width, CV_8UC3, upright.data);
    cv::Mat to(out.height, out.width, CV_8UC3, out.data);
    cv::transpose(from, to);
}

/// Positions in the source of one row of `out`, by one homography between pixels.
GRAFT_FOR_EACH_PROCESSOR
void placeRow(const double* m, bool isAffine, int row, int width, float* x, float* y)
{
    const double constantX = m[1] * row + m[2];
    const double constantY = m[4] * row + m[5];
    if (isAffine) {
        for (int i = 0; i < width; ++i) {
            x[i] = static_cast<float>(m[0] * i + constantX);
            y[i] = static_cast<float>(m[3] * i + constantY);
        }
        return;
    }
    const double constantW = m[7] * row + m[8];
    for (int i = 0; i < width; ++i) {
        const double w = 1.0 / (m[6] * i + constantW);
        x[i] = static_cast<float>((m[0] * i + constantX) * w);
        y[i] = static_cast<float>((m[3] * i + constantY) * w);
    }
}

/// Columns stay columns, and rows stay rows.
void warpAlongAxes(const Source& source, const Homography& pixels, const Pixels& out, Scratch& scratch)
{
    const auto along = [&](double factor, double first, int count) {
        const auto positions = scratch.take<float>(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i)
            positions[static_cast<std::size_t>(i)] = static_cast<float>(factor * i + first);
        return positions;
    };
    const auto x = along(pixels.m[0], pixels.m[2], out.width);
    const auto y = along(pixels.m[4], pixels.m[5], out.height);
    sampleGrid(source, x, y, out, scratch);
}

void warpByHomography(const Source& source, const Homography& pixels, const Pixels& out, Scratch& scratch)
{
    if (pixels.isAffine() && pixels.m[1] == 0.0 && pixels.m[3] == 0.0) {
        warpAlongAxes(source, pixels, out, scratch);
        return;
    }
    const auto x = scratch.take<float>(static_cast<std::size_t>(out.width));
    const auto y = scratch.take<float>(static_cast<std::size_t>(out.width));
    const auto line = scratch.take<std::uint8_t>(out.stride() + 1);
    for (int row = 0; row < out.height; ++row) {
        placeRow(pixels.m.data(), pixels.isAffine(), row, out.width, x.data(), y.data());
        sample(source, x.data(), y.data(), out.width, line.data());
        std::memcpy(out.row(row), line.data(), out.stride());
    }
}

constexpr int spacing = 4; ///< pixels between the places where a mapping with bends is computed

/// Positions between the nodes above and below a row, `down` of the way from the upper ones.
GRAFT_FOR_EACH_PROCESSOR
void spread(const float* above, const float* below, float down, int nodes, float* positions)
{
    for (int node = 0; node + 1 < nodes; ++node, positions += spacing) {
        const float from = above[node] + (below[node] - above[node]) * down;
        const float to = above[node + 1] + (below[node + 1] - above[node + 1]) * down;
        for (int i = 0; i < spacing; ++i)
            positions[i] = from + (to - from) * (static_cast<float>(i) / spacing);
    }
}

/// `toSource`: from the mapping's coordinates to pixels of `source`.
void warpByMesh(const Source& source, const Mapping& mapping, const Homography& fromOut,
                const Homography& toSource, const Pixels& out, Scratch& scratch)
{
    const int columns = (out.width - 1) / spacing + 2;
    const auto nodes = static_cast<std::size_t>(columns);
    // Two rows of nodes for each coordinate; the lower ones become the upper ones.
    std::span<float> aboveX = scratch.take<float>(nodes);
    std::span<float> aboveY = scratch.take<float>(nodes);
    std::span<float> belowX = scratch.take<float>(nodes);
    std::span<float> belowY = scratch.take<float>(nodes);
    const auto x = scratch.take<float>(nodes * spacing);
    const auto y = scratch.take<float>(nodes * spacing);
    const auto line = scratch.take<std::uint8_t>(out.stride() + 1);
    const auto place = [&](int row, std::span<float> toX, std::span<float> toY) {
        for (int node = 0; node < columns; ++node) {
            const Point p =
                toSource(mapping(fromOut({static_cast<double>(node) * spacing, static_cast<double>(row)})));
            toX[static_cast<std::size_t>(node)] = static_cast<float>(p.x);
            toY[static_cast<std::size_t>(node)] = static_cast<float>(p.y);
        }
    };
    place(0, belowX, belowY);
    for (int row = 0; row < out.height; ++row) {
        if (row % spacing == 0) {
            std::swap(aboveX, belowX);
            std::swap(aboveY, belowY);
            place(row + spacing, belowX, belowY);
        }
        const float down = static_cast<float>(row % spacing) / spacing;
        spread(aboveX.data(), belowX.data(), down, columns, x.data());
        spread(aboveY.data(), belowY.data(), down, columns, y.data());
        sample(source, x.data(), y.data(), out.width, line.data());
        std::memcpy(out.row(row), line.data(), out.stride());
    }
}

/// How many times a length shrinks in the middle of the picture.
double shrinkage(const Mapping& mapping)
{
    constexpr double step = 0.01;
    const Point left = mapping({-step, 0.0});
    const Point right = mapping({step, 0.0});
    const Point top = mapping({0.0, -step});
    const Point bottom = mapping({0.0, step});
    const double area = (right.x - left.x) * (bottom.y - top.y) - (right.y - left.y) * (bottom.x - top.x);
    return std::sqrt(std::abs(area)) / (2.0 * step);
}

/// The source averaged down by a whole factor, and how its pixels are found.
Source shrunken(const Source& source, int factor, Homography& toSource, Scratch& scratch)
{
    const auto part = [factor](int size) { return std::max(1, size / factor); };
    Pixels small {nullptr, part(source.pixels.width), part(source.pixels.height)};
    small.data = scratch.take<std::uint8_t>(small.bytes()).data();
    shrink(source.pixels, small, scratch);
    const double acrossX = static_cast<double>(small.width) / source.pixels.width;
    const double acrossY = static_cast<double>(small.height) / source.pixels.height;
    toSource = affine(acrossX, 0.0, acrossX / 2 - 0.5, 0.0, acrossY, acrossY / 2 - 0.5) * toSource;
    return {small, source.border};
}

} // namespace

void warp(const ConstPixels& pixels, const Mapping& mapping, const Border& border, const Pixels& out,
          Scratch& scratch)
{
    const Grids grids = gridsOf(pixels, out);
    const Homography fromOut = grids.out.toCoordinates();
    Homography toSource = grids.source.toPixels();
    Source source {pixels, border};
    if (mapping.isHomography()) {
        if (const auto move = wholeMove(toSource * mapping.homography() * fromOut, pixels, out)) {
            copy(pixels, *move, out, scratch);
            return;
        }
    }
    if (const double factor = shrinkage(mapping); factor >= 2.0) {
        constexpr double most = 1 << 10;
        source = shrunken(source, static_cast<int>(std::min(factor, most)), toSource, scratch);
    }
    if (mapping.isHomography())
        warpByHomography(source, toSource * mapping.homography() * fromOut, out, scratch);
    else
        warpByMesh(source, mapping, fromOut, toSource, out, scratch);
}

} // namespace graft::augment
