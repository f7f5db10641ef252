#pragma once
#include "core/network/graph.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace graft::network {

/// Numbers with a shape, row-major.
struct Tensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

/// Tensors by the name that they have in their file.
using TensorMap = std::map<std::string, Tensor, std::less<>>;

/// Tensors without their numbers.
using Shapes = std::map<std::string, std::vector<std::int64_t>, std::less<>>;

Shapes shapesOf(const TensorMap& weights);

/// A graph and what fills it.
struct WeightedGraph {
    Graph graph;
    TensorMap weights;
};

/// Throws Error, naming the first tensor that is missing, has another shape, or that the graph does not know.
/// With `network` ("EfficientNet-Lite0") the sentence says what the weights are not of.
void requireMatch(const Graph& graph, const TensorMap& weights, std::string_view network = {});
void requireMatch(const Graph& graph, const Shapes& weights, std::string_view network = {});

/// Random weights (He et al., "Delving deep into rectifiers", 2015): convolutions by what leaves a number
/// (fan-out, of its own group), linear layers by what enters it (fan-in), so that few classes do not start
/// with huge logits. The same seed gives the same numbers anywhere.
TensorMap randomWeights(const Graph& graph, std::uint64_t seed);

} // namespace graft::network
