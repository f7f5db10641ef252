#include "core/network/fold.h"

#include "core/network/cut.h"

#include <cmath>

namespace graft::network {

namespace {

/// Takes the batch norm's tensors out of `weights` and multiplies them into the convolution's.
void absorb(const std::string& conv, const std::string& bn, double epsilon, TensorMap& weights)
{
    const auto take = [&](const char* role) { return std::move(weights.extract(bn + role).mapped().values); };
    const auto gamma = take(".weight");
    const auto beta = take(".bias");
    const auto mean = take(".running_mean");
    const auto variance = take(".running_var");
    Tensor& weight = weights.at(conv + ".weight");
    auto& bias =
        weights.try_emplace(conv + ".bias", Tensor {{weight.shape[0]}, std::vector<float>(gamma.size())})
            .first->second.values;
    const std::size_t perChannel = weight.values.size() / gamma.size();
    for (std::size_t channel = 0; channel < gamma.size(); ++channel) {
        const double scale = gamma[channel] / std::sqrt(variance[channel] + epsilon);
        for (std::size_t i = channel * perChannel; i < (channel + 1) * perChannel; ++i)
            weight.values[i] = static_cast<float>(weight.values[i] * scale);
        bias[channel] = static_cast<float>((bias[channel] - mean[channel]) * scale + beta[channel]);
    }
}

/// A stage that ends at a node counts as a reader of it: its result must stay what it was.
std::vector<int> countReaders(const Graph& graph)
{
    std::vector<int> readers(graph.nodes.size());
    for (const Node& node : graph.nodes) {
        for (const int input : node.inputs)
            ++readers[input];
    }
    for (const Stage& stage : graph.stages)
        ++readers[stage.node];
    return readers;
}

} // namespace

WeightedGraph foldBatchNorm(const Graph& trained, TensorMap weights)
{
    requireMatch(trained, weights);
    const Graph graph = withoutAuxiliary(trained);
    keepOnly(graph, weights);
    const auto readers = countReaders(graph);
    WeightedGraph folded;
    std::vector<int> movedTo;
    for (const Node& original : graph.nodes) {
        Node node = original;
        for (int& input : node.inputs)
            input = movedTo[input];
        if (const auto* bn = std::get_if<BatchNorm>(&node.op); bn && readers[original.inputs[0]] == 1) {
            Node& before = folded.graph.nodes[node.inputs[0]];
            if (auto* conv = std::get_if<Conv>(&before.op)) {
                conv->bias = true;
                absorb(before.name, node.name, bn->epsilon, weights);
                movedTo.push_back(node.inputs[0]);
                continue;
            }
        }
        movedTo.push_back(static_cast<int>(folded.graph.nodes.size()));
        folded.graph.nodes.push_back(std::move(node));
    }
    for (const Stage& stage : graph.stages)
        folded.graph.stages.push_back({stage.name, movedTo[stage.node]});
    folded.weights = std::move(weights);
    return folded;
}

} // namespace graft::network
