#pragma once
#include "core/neural/inside/loaded_graph.h"
#include "core/neural/trainer.h"

#include <optional>
#include <string>
#include <vector>

// Inside this room only: a file that includes this takes the compiler many seconds.
namespace graft::neural {

/// A weight that learns.
struct Learned {
    network::Parameter parameter;
    at::Tensor tensor;
    double rateFactor = 1.0;
    bool decays = true;
    std::vector<at::Tensor> slots;

    std::string slotName(std::size_t slot) const { return parameter.name + "/" + std::to_string(slot); }
};

/// What is learned of a graph, and the ways through it. The source is the input, or the last frozen node.
struct TrainedPart {
    int source = 0;
    int last = 0;
    std::vector<int> wanted; ///< the last node, and the auxiliary one where it is trained
    Route training;
    Route evaluation;
};

/// Throws Error where the stage cannot divide the graph.
TrainedPart trainedPartOf(const network::Graph& graph, const TrainerOptions& options);

/// The nodes in pieces that end where a stage ends, or all in one.
std::vector<std::vector<int>> piecesOf(const network::Graph& graph, const std::vector<int>& nodes, bool many);

/// The factor of each node's learning rate. Throws Error where the stages are out of order.
std::vector<double> rateFactors(const network::Graph& graph, const std::vector<StageRate>& rates);

/// The part that does not learn: batch norm is folded in.
struct Frozen {
    LoadedGraph graph;
    Route route;
    int wanted = 0;
};

/// What leads to the stage; none where no stage is named.
std::optional<Frozen> freeze(const network::Graph& graph, const network::TensorMap& weights,
                             const std::string& stage, const Placement& placement);

} // namespace graft::neural
