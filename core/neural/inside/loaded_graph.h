#pragma once
#include "core/network/weights/tensor_map.h"
#include "core/neural/inside/layers.h"
#include "core/neural/interpreter.h"

#include <span>
#include <vector>

// Inside this room only: a file that includes this takes the compiler many seconds.
namespace graft::neural {

/// The results of nodes, by index; undefined where it has not run or is no longer needed.
using Results = std::vector<at::Tensor>;

/// Which nodes must run for some results, and when each result may be forgotten.
struct Route {
    std::vector<int> nodes; ///< in order
    std::vector<int> lastReader; ///< for each node of the graph; a wanted one has a reader that never comes

    /// What leads from `source`, which is there already, to `wanted`: what other branches or later stages
    /// would read is not computed, and kept for nobody.
    Route(const network::Graph& graph, int source, std::span<const int> wanted);
};

at::ScalarType scalarType(Precision precision);

/// Where tensors are kept, and how.
struct Placement {
    at::Device device;
    bool channelsLast = true;

    /// A copy of float32 numbers in host memory; the copy to another device is not waited for.
    at::Tensor place(const at::Tensor& source, at::ScalarType type) const;

    /// Pictures as float32, NCHW by shape; a copy, so that layers may write over it.
    at::Tensor pixels(const Batch& batch, const network::Shape& shape) const;

    /// Results of a node, as Interpreter::run hands them out; a copy.
    at::Tensor activations(std::span<const float> values, int count, const network::Graph& graph,
                           int node) const;
};

/// A graph with tensors for some of its nodes.
class LoadedGraph
{
public:
    /// Takes the tensors of `nodes` (ascending) from `weights`, which must match. Batch norm stays float32.
    LoadedGraph(network::Graph graph, const network::TensorMap& weights, std::span<const int> nodes,
                const Placement& placement, at::ScalarType type);

    /// With the tensors of all nodes.
    static LoadedGraph whole(network::Graph graph, const network::TensorMap& weights,
                             const Placement& placement, at::ScalarType type);

    const network::Graph& graph() const { return m_graph; }

    const Placement& placement() const { return m_placement; }

    /// Of the nodes that were loaded.
    const std::vector<network::Parameter>& parameters() const { return m_parameters; }

    at::Tensor& tensor(const network::Parameter& parameter)
    {
        return m_own[static_cast<std::size_t>(parameter.node)][static_cast<std::size_t>(parameter.role)];
    }

    const at::Tensor& tensor(const network::Parameter& parameter) const
    {
        return m_own[static_cast<std::size_t>(parameter.node)][static_cast<std::size_t>(parameter.role)];
    }

    /// Runs those of `nodes` one after the other, and forgets results as the route allows. A failure is
    /// thrown as Error that names the layer.
    void run(const Route& route, std::span<const int> nodes, at::ScalarType type, const Learning* learning,
             Results& results) const;

    /// One result, from that of `source`.
    at::Tensor forward(const Route& route, int source, at::Tensor input, int wanted,
                       at::ScalarType type) const;

private:
    void loadConstants(int node);

    network::Graph m_graph;
    Placement m_placement;
    std::vector<network::Parameter> m_parameters;
    std::vector<Own> m_own;
};

/// A copy of the tensor's numbers by the parameter's name.
void copyOut(const network::Parameter& parameter, const at::Tensor& tensor, network::TensorMap& map);

} // namespace graft::neural
