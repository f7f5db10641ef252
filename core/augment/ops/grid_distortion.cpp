#include "core/augment/drawing.h"
#include "core/augment/op.h"

namespace graft::augment {

namespace {

/// Largest change of a cell's width, cells along each side, seed.
Drawn draw(std::span<const double> settings, Draws& draws)
{
    const double change = draws.uniform(0.0, settings[0] * percent);
    return {change, settings[1], seed(draws)};
}

/// Along one side: `edges` cell borders in the picture, evenly spread over [-half, half] in the result.
double along(const double* edges, int cells, double half, double at)
{
    const double cell = (at + half) / (2 * half) * cells;
    if (!(cell > 0 && cell < cells))
        return at; // the sides of the picture stay where they are
    const auto i = static_cast<int>(cell);
    return edges[i] + (edges[i + 1] - edges[i]) * (cell - i);
}

Point bend(std::span<const double> values, Point p)
{
    const auto cells = static_cast<int>(values[0]);
    const double* across = values.data() + 3;
    return {along(across, cells, values[1], p.x), along(across + cells + 1, cells, values[2], p.y)};
}

/// Cell borders of one side, from -half to half: widths of 1 - change to 1 + change, scaled to fill it.
void addEdges(std::vector<double>& values, int cells, double change, double half, Draws& draws)
{
    const std::size_t first = values.size();
    double sum = 0.0;
    values.push_back(0.0);
    for (int i = 0; i < cells; ++i)
        values.push_back(sum += 1.0 + symmetric(draws, change));
    for (std::size_t i = first; i < values.size(); ++i)
        values[i] = values[i] / sum * 2 * half - half;
}

/// Columns and rows of a grid become wider and narrower (albumentations' GridDistortion, normalised).
void place(const Drawn& drawn, const Frame& frame, Mapping& mapping)
{
    if (drawn[0] == 0.0)
        return;
    const auto cells = static_cast<int>(drawn[1]);
    std::vector<double>& values = mapping.then(bend);
    values.insert(values.end(), {drawn[1], frame.halfWidth, frame.halfHeight});
    Draws draws({.seed = toSeed(drawn[2])});
    addEdges(values, cells, drawn[0], frame.halfWidth, draws);
    addEdges(values, cells, drawn[0], frame.halfHeight, draws);
}

} // namespace

OpSpec gridDistortion()
{
    return {
        .id = "grid_distortion",
        .title = "Grid distortion",
        .sentence = "Parts of the thing are wider or narrower than usual.",
        .labelHint = "Where proportions tell the classes apart, they no longer do.",
        .group = Group::Geometry,
        .parameters = {limit("% of a cell", 80.0, 30.0),
                       {.id = "cells",
                        .title = "Cells along the side",
                        .unit = "",
                        .low = 2.0,
                        .high = 10.0,
                        .initial = 5.0,
                        .step = 1.0}},
        .texts = {{"", " %", 100.0, 0}},
        .draw = draw,
        .effect = &place,
    };
}

} // namespace graft::augment
