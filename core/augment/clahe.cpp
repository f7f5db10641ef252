#include "core/augment/clahe.h"

#include "core/augment/vectorised.h"

#include <array>
#include <cmath>

namespace graft::augment {

namespace {

constexpr int tiles = 8; ///< along each side
constexpr std::size_t levels = 256;

using Table = std::array<std::uint8_t, levels>;

GRAFT_FOR_EACH_PROCESSOR
void toGrey(const std::uint8_t* rgb, std::size_t pixels, std::uint8_t* grey)
{
    for (std::size_t i = 0; i < pixels; ++i)
        grey[i] = static_cast<std::uint8_t>(
            (77 * rgb[i * channels] + 150 * rgb[i * channels + 1] + 29 * rgb[i * channels + 2] + 128) >> 8);
}

/// What is over the limit is spread over all levels; what does not come out even, over some of them.
void clip(std::array<int, levels>& histogram, int limit)
{
    int over = 0;
    for (int& count : histogram) {
        over += std::max(0, count - limit);
        count = std::min(count, limit);
    }
    constexpr int all = levels;
    for (int& count : histogram)
        count += over / all;
    int rest = over % all;
    if (rest == 0)
        return;
    const int step = std::max(all / rest, 1);
    for (int level = 0; level < all && rest > 0; level += step, --rest)
        ++histogram[static_cast<std::size_t>(level)];
}

struct Grid {
    int width = 0; ///< of a tile
    int height = 0;
};

/// Tiles of one size cover the picture and, where it does not come out even, a mirrored rim.
Grid gridOf(const Pixels& pixels)
{
    if (pixels.width % tiles == 0 && pixels.height % tiles == 0)
        return {pixels.width / tiles, pixels.height / tiles};
    return {pixels.width / tiles + 1, pixels.height / tiles + 1};
}

Table tableOf(const std::uint8_t* grey, const Pixels& pixels, const Grid& grid, int column, int row,
              double clipLimit)
{
    std::array<int, levels> histogram {};
    for (int y = row * grid.height; y < (row + 1) * grid.height; ++y) {
        const std::uint8_t* line =
            grey + static_cast<std::ptrdiff_t>(mirrored(y, pixels.height)) * pixels.width;
        for (int x = column * grid.width; x < (column + 1) * grid.width; ++x)
            ++histogram[line[mirrored(x, pixels.width)]];
    }
    const int area = grid.width * grid.height;
    clip(histogram, std::max(1, static_cast<int>(clipLimit * area / levels)));
    Table table {};
    int sum = 0;
    const float scale = 255.0F / static_cast<float>(area);
    for (std::size_t level = 0; level < levels; ++level) {
        sum += histogram[level];
        table[level] = static_cast<std::uint8_t>(std::lrint(static_cast<float>(sum) * scale));
    }
    return table;
}

/// Between which two tiles a pixel lies, and how far towards the second.
struct Between {
    int first = 0;
    int second = 0;
    float share = 0.0F;
};

Between between(int at, int tileSize)
{
    const float place = static_cast<float>(at) / static_cast<float>(tileSize) - 0.5F;
    const int first = static_cast<int>(std::floor(place));
    return {std::max(first, 0), std::min(first + 1, tiles - 1), place - static_cast<float>(first)};
}

} // namespace

void equaliseLocally(const Pixels& pixels, double clipLimit, Scratch& scratch)
{
    const auto grey = scratch.take<std::uint8_t>(pixels.count());
    toGrey(pixels.data, pixels.count(), grey.data());
    const Grid grid = gridOf(pixels);
    const auto tables = scratch.take<Table>(std::size_t {tiles} * tiles);
    for (int row = 0; row < tiles; ++row)
        for (int column = 0; column < tiles; ++column)
            tables[static_cast<std::size_t>(row * tiles + column)] =
                tableOf(grey.data(), pixels, grid, column, row, clipLimit);
    const auto across = scratch.take<Between>(static_cast<std::size_t>(pixels.width));
    for (int x = 0; x < pixels.width; ++x)
        across[static_cast<std::size_t>(x)] = between(x, grid.width);
    const std::uint8_t* from = grey.data();
    for (int y = 0; y < pixels.height; ++y) {
        const Between down = between(y, grid.height);
        const Table* upper = tables.data() + static_cast<std::ptrdiff_t>(down.first) * tiles;
        const Table* lower = tables.data() + static_cast<std::ptrdiff_t>(down.second) * tiles;
        std::uint8_t* at = pixels.row(y);
        for (const Between& x : across) {
            const std::uint8_t level = *from++;
            const float top = static_cast<float>(upper[x.first][level]) * (1.0F - x.share)
                + static_cast<float>(upper[x.second][level]) * x.share;
            const float bottom = static_cast<float>(lower[x.first][level]) * (1.0F - x.share)
                + static_cast<float>(lower[x.second][level]) * x.share;
            const int moved =
                static_cast<int>(top * (1.0F - down.share) + bottom * down.share + 0.5F) - level;
            for (int c = 0; c < channels; ++c, ++at)
                *at = static_cast<std::uint8_t>(std::clamp(*at + moved, 0, 255));
        }
    }
}

} // namespace graft::augment
