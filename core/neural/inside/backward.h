#pragma once
#include "core/neural/inside/loaded_graph.h"

#include <functional>
#include <vector>

// Inside this room only: a file that includes this takes the compiler many seconds.
namespace graft::neural {

/// A way through a graph that can be differentiated.
struct Differentiable {
    const LoadedGraph& graph;
    const Route& route;
    int source = 0; ///< whose result is given
    std::span<const int> wanted; ///< nodes whose results the loss depends on
    at::ScalarType type = at::kFloat;
    /// The route's nodes in pieces. Of all pieces but the last only what passes on is kept, and the rest is
    /// computed again when it is needed.
    std::vector<std::vector<int>> pieces;
    std::vector<network::Parameter> learned; ///< their tensors require gradients
};

/// From the wanted results to the slopes of the loss at them, of the same shapes.
using SlopesAt = std::function<std::vector<at::Tensor>(const std::vector<at::Tensor>& results)>;

/// The gradient for each learned parameter, undefined where the loss does not depend on it.
std::vector<at::Tensor> gradientsOf(const Differentiable& what, const at::Tensor& input,
                                    const Learning& learning, const SlopesAt& slopesAt);

} // namespace graft::neural
