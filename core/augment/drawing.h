#pragma once
#include "core/augment/op.h"

#include <cmath>
#include <cstdint>

// What several ops have alike.
namespace graft::augment {

constexpr double percent = 0.01;
constexpr double degree = std::numbers::pi / 180.0;

/// The parameter of an op that draws between nothing and a limit.
inline ParamSpec limit(std::string_view unit, double high, double initial)
{
    return {.id = "limit",
            .title = "At most",
            .unit = unit,
            .low = 0.0,
            .high = high,
            .initial = initial,
            .step = 0.0,
            .identity = 0.0};
}

/// Of an op that always does the same.
inline Drawn drawNothing(std::span<const double>, Draws&)
{
    return {};
}

/// As likely one way as the other.
inline double symmetric(Draws& draws, double limit)
{
    return draws.uniform(-limit, limit);
}

/// In [1 / (1 + share), 1 + share], as likely x as 1 / x.
inline double factorAround(Draws& draws, double share)
{
    return std::exp(symmetric(draws, std::log1p(share)));
}

/// A whole number in [0, count).
inline double whole(Draws& draws, double count)
{
    return std::floor(draws.uniform(0.0, count));
}

/// For an op that needs more numbers than a draw can hold: it makes them from this one.
inline double seed(Draws& draws)
{
    return whole(draws, 4294967296.0);
}

inline std::uint32_t toSeed(double drawn)
{
    return static_cast<std::uint32_t>(drawn);
}

} // namespace graft::augment
