#include "core/augment/drawing.h"
#include "core/augment/op.h"

#include <cmath>
#include <cstring>

namespace graft::augment {

namespace {

/// Cells along the shorter side, side of a hole in shares of a cell, where the grid begins (shares of a
/// cell).
Drawn draw(std::span<const double> settings, Draws& draws)
{
    const double side = draws.uniform(0.0, settings[1] * percent);
    const double left = draws.uniform();
    return {settings[0], side, left, draws.uniform()};
}

/// Squares of middle grey in a grid (P. Chen and others, "GridMask data augmentation", 2020, without turning
/// the grid).
void change(const Drawn& drawn, const Pixels& pixels, Scratch& scratch)
{
    constexpr std::uint8_t middleGrey = 128;
    const double cell = pixels.shorterSide() / drawn[0];
    const auto covered = [&](int at, double begin) {
        const double cells = (at + 0.5) / cell + begin;
        return cells - std::floor(cells) < drawn[1];
    };
    const auto columns = scratch.take<std::uint8_t>(static_cast<std::size_t>(pixels.width));
    for (int x = 0; x < pixels.width; ++x)
        columns[static_cast<std::size_t>(x)] = covered(x, drawn[2]) ? 1 : 0;
    for (int y = 0; y < pixels.height; ++y) {
        if (!covered(y, drawn[3]))
            continue;
        std::uint8_t* at = pixels.row(y);
        for (const std::uint8_t hidden : columns) {
            if (hidden != 0)
                std::memset(at, middleGrey, channels);
            at += channels;
        }
    }
}

} // namespace

OpSpec gridMask()
{
    return {
        .id = "grid_mask",
        .title = "Grid mask",
        .sentence = "No single part of the thing is enough to tell it.",
        .labelHint = "Large squares can hide what the label names.",
        .group = Group::Masking,
        .parameters = {{.id = "cells",
                        .title = "Cells along the side",
                        .unit = "",
                        .low = 2.0,
                        .high = 10.0,
                        .initial = 5.0,
                        .step = 1.0},
                       {.id = "limit",
                        .title = "Squares at most",
                        .unit = "% of a cell",
                        .low = 0.0,
                        .high = 80.0,
                        .initial = 50.0,
                        .identity = 0.0}},
        .texts = {{"", "× ", 1.0, 0}, {"", " %", 100.0, 0}},
        .draw = draw,
        .effect = &change,
    };
}

} // namespace graft::augment
