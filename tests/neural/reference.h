#pragma once
#include "core/network/graph.h"
#include "core/network/weights/tensor_map.h"

#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

// What reference.py makes as well, to the bit.
namespace graft::test {

/// reference_pixels(): NHWC.
inline std::vector<std::uint8_t> referencePixels(int pictures, int side)
{
    std::vector<std::uint8_t> pixels;
    for (int n = 0; n < pictures; ++n) {
        for (int y = 0; y < side; ++y) {
            for (int x = 0; x < side; ++x) {
                for (int c = 0; c < 3; ++c) {
                    const int waves = (x + 16 * n) * (y + 8 * c) / (16 + 4 * n);
                    const int patches = (x ^ y) / (n + 1);
                    pixels.push_back(static_cast<std::uint8_t>((waves + patches + 40 * c * n) % 256));
                }
            }
        }
    }
    return pixels;
}

/// formula_numbers(): one number in [-1, 1).
inline double formulaNumber(std::uint32_t seed, std::uint32_t element)
{
    std::uint32_t bits = element * 0x9E3779B9U + seed;
    bits = (bits ^ (bits >> 16U)) * 0x85EBCA6BU;
    bits = (bits ^ (bits >> 13U)) * 0xC2B2AE35U;
    bits ^= bits >> 16U;
    return (bits >> 8U) * 0x1p-23 - 1.0;
}

inline std::uint32_t formulaSeed(std::string_view name)
{
    std::uint32_t seed = 2166136261U;
    for (const char byte : name)
        seed = (seed ^ static_cast<unsigned char>(byte)) * 16777619U;
    return seed;
}

/// noise_pixels(): NHWC.
inline std::vector<std::uint8_t> noisePixels(int pictures, int side)
{
    const std::uint32_t seed = formulaSeed("pixels");
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(pictures * side * side * 3));
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] =
            static_cast<std::uint8_t>((formulaNumber(seed, static_cast<std::uint32_t>(i)) + 1.0) * 128.0);
    return pixels;
}

/// formula_weights()
inline network::TensorMap formulaWeights(const network::Graph& graph)
{
    using network::Role;
    network::TensorMap weights;
    for (const network::Parameter& parameter : network::parameters(graph)) {
        const bool matrix = parameter.shape.size() > 1;
        const auto entering = static_cast<double>(parameter.count() / parameter.shape[0]);
        double middle = 0.0;
        double spread = 0.1;
        if (matrix)
            spread = std::sqrt(6.0 / entering);
        else if (parameter.role == Role::Variance)
            middle = 1.0, spread = 0.5;
        else if (parameter.role == Role::Weight)
            middle = 0.75, spread = 0.25;
        const std::uint32_t seed = formulaSeed(parameter.name);
        std::vector<float> values(static_cast<std::size_t>(parameter.count()));
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] =
                static_cast<float>(middle + spread * formulaNumber(seed, static_cast<std::uint32_t>(i)));
        weights.emplace(parameter.name, network::Tensor {parameter.shape, std::move(values)});
    }
    return weights;
}

/// thinned(): at most `most` numbers of each row, evenly spread.
inline std::vector<float> thinned(const std::vector<float>& all, int rows)
{
    constexpr std::size_t most = 200;
    const std::size_t columns = all.size() / static_cast<std::size_t>(rows);
    const std::size_t step = (columns + most - 1) / most;
    std::vector<float> kept;
    for (std::size_t begin = 0; begin < all.size(); begin += columns) {
        for (std::size_t at = 0; at < columns; at += step)
            kept.push_back(all[begin + at]);
    }
    return kept;
}

} // namespace graft::test
