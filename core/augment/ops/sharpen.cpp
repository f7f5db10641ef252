#include "core/augment/drawing.h"
#include "core/augment/op.h"
#include "core/augment/vectorised.h"

#include <cstring>
#include <utility>

namespace graft::augment {

namespace {

Drawn draw(std::span<const double> settings, Draws& draws)
{
    return {draws.uniform(0.0, settings[0] * percent)};
}

/// One row: value + amount * (value - smooth), where smooth is the mean of 3 x 3 pixels in which the middle
/// one counts five times. `sums`: room for a row.
GRAFT_FOR_EACH_PROCESSOR
void sharpenRow(const std::uint8_t* above, const std::uint8_t* row, const std::uint8_t* below, float amount,
                std::uint16_t* sums, std::uint8_t* out, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        sums[i] = static_cast<std::uint16_t>(above[i] + row[i] + below[i]);
    for (std::size_t i = channels; i < count - channels; ++i) {
        const auto thirteen =
            static_cast<std::uint16_t>(sums[i - channels] + sums[i] + sums[i + channels] + 4 * row[i]);
        const auto value = static_cast<float>(row[i]);
        const float smooth = static_cast<float>(thirteen) / 13.0F;
        out[i] = roundToByte(value + amount * (value - smooth));
    }
}

/// torchvision's adjust_sharpness with factor 1 + amount; the outermost pixels stay.
void change(const Drawn& drawn, const Pixels& pixels, Scratch& scratch)
{
    if (drawn[0] == 0.0 || pixels.shorterSide() < 3)
        return;
    // Rows as they were: the one above has already been changed.
    auto above = scratch.take<std::uint8_t>(pixels.stride());
    auto row = scratch.take<std::uint8_t>(pixels.stride());
    const auto sums = scratch.take<std::uint16_t>(pixels.stride());
    std::memcpy(row.data(), pixels.row(0), row.size());
    for (int y = 1; y + 1 < pixels.height; ++y) {
        std::swap(above, row);
        std::memcpy(row.data(), pixels.row(y), row.size());
        sharpenRow(above.data(), row.data(), pixels.row(y + 1), static_cast<float>(drawn[0]), sums.data(),
                   pixels.row(y), row.size());
    }
}

} // namespace

OpSpec sharpen()
{
    return {
        .id = "sharpen",
        .title = "Sharpen",
        .sentence = "Another camera draws finer lines.",
        .labelHint = {},
        .group = Group::Quality,
        .parameters = {limit("%", 300.0, 100.0)},
        .texts = {{"", " %", 100.0, 0}},
        .draw = draw,
        .effect = &change,
    };
}

} // namespace graft::augment
