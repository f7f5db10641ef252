#include "core/network/weights/tensor_map.h"

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/network/weights/printable.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace graft::network {

namespace {

std::string text(const std::vector<std::int64_t>& shape)
{
    constexpr std::size_t most = 8;
    if (shape.size() > most)
        return "an array of " + std::to_string(shape.size()) + " dimensions";
    std::string joined;
    for (const std::int64_t extent : shape)
        joined += (joined.empty() ? "" : " x ") + std::to_string(extent);
    return joined.empty() ? "one number" : joined;
}

[[noreturn]] void misfit(const std::string& tensor, const std::string& how, std::string_view network)
{
    const std::string whose = network.empty() ? "this network" : std::string(network);
    throw Error(printable(tensor), how + "; these are not the weights of " + whose,
                "Choose the file of " + whose + ".");
}

/// He's deviation for a matrix of weights.
double deviation(const Graph& graph, const Parameter& parameter)
{
    const double count = static_cast<double>(parameter.count());
    const auto* conv = std::get_if<Conv>(&graph.nodes[parameter.node].op);
    const double fan = conv ? count / static_cast<double>(parameter.shape[1]) / conv->groups
                            : static_cast<double>(parameter.shape[1]);
    return std::sqrt(2.0 / fan);
}

} // namespace

Shapes shapesOf(const TensorMap& weights)
{
    Shapes shapes;
    for (const auto& [name, tensor] : weights)
        shapes.emplace_hint(shapes.end(), name, tensor.shape);
    return shapes;
}

void requireMatch(const Graph& graph, const TensorMap& weights, std::string_view network)
{
    requireMatch(graph, shapesOf(weights), network);
    for (const Parameter& parameter : parameters(graph)) {
        const std::size_t count = weights.find(parameter.name)->second.values.size();
        if (static_cast<std::int64_t>(count) != parameter.count())
            misfit(parameter.name,
                   "has " + std::to_string(count) + " numbers where " + text(parameter.shape) + " is needed",
                   network);
    }
}

void requireMatch(const Graph& graph, const Shapes& weights, std::string_view network)
{
    const auto expected = parameters(graph);
    for (const Parameter& parameter : expected) {
        const auto found = weights.find(parameter.name);
        if (found == weights.end())
            misfit(parameter.name, "is missing", network);
        if (found->second != parameter.shape)
            misfit(parameter.name,
                   "is " + text(found->second) + " where " + text(parameter.shape) + " is needed", network);
    }
    if (weights.size() == expected.size())
        return;
    std::set<std::string_view> known;
    for (const Parameter& parameter : expected)
        known.insert(parameter.name);
    const auto extra =
        std::ranges::find_if(weights, [&](const auto& entry) { return !known.contains(entry.first); });
    misfit(extra->first, "is a tensor that this network does not have", network);
}

TensorMap randomWeights(const Graph& graph, std::uint64_t seed)
{
    TensorMap weights;
    std::uint32_t position = 0;
    for (const Parameter& parameter : parameters(graph)) {
        const bool matrix = parameter.shape.size() > 1;
        const bool one = !matrix && (parameter.role == Role::Weight || parameter.role == Role::Variance);
        Tensor tensor {parameter.shape,
                       std::vector<float>(static_cast<std::size_t>(parameter.count()), one ? 1.0F : 0.0F)};
        if (matrix) {
            const double wanted = deviation(graph, parameter);
            Draws draws({.seed = seed, .sample = position});
            for (float& value : tensor.values)
                value = static_cast<float>(draws.normal() * wanted);
        }
        weights.emplace(parameter.name, std::move(tensor));
        ++position;
    }
    return weights;
}

} // namespace graft::network
