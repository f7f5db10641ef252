#include "core/neural/inside/trained_part.h"

#include "core/network/fold.h"

#include <algorithm>

namespace graft::neural {

namespace {

/// Whether the route takes from the frozen part nothing but the result of `source`.
bool staysBehind(const Route& route, const std::vector<int>& frozen, int source)
{
    const auto isFrozen = [&](int node) { return std::ranges::binary_search(frozen, node); };
    return (source == 0 || route.lastReader[0] < 0) && std::ranges::none_of(route.nodes, isFrozen);
}

} // namespace

TrainedPart trainedPartOf(const network::Graph& graph, const TrainerOptions& options)
{
    const int last = static_cast<int>(graph.nodes.size()) - 1;
    const int source = options.trainFrom.empty() ? 0 : network::stageNode(graph, options.trainFrom);
    if (source == last)
        throw Error(options.trainFrom, "nothing behind this stage is left to learn",
                    "Train from an earlier one.");
    const Route frozen(graph, 0, std::span(&source, 1));
    const Route evaluation(graph, source, std::span(&last, 1));
    if (!staysBehind(evaluation, frozen.nodes, source))
        throw Error(options.trainFrom, "a later layer reads what comes before this stage",
                    "Train from another stage.");
    if (graph.auxiliary >= 0 && options.auxiliaryWeight > 0.0) {
        const std::vector<int> both {last, graph.auxiliary};
        const Route withAuxiliary(graph, source, both);
        if (staysBehind(withAuxiliary, frozen.nodes, source)) // else its branch leaves the frozen part
            return {source, last, both, withAuxiliary, evaluation};
    }
    return {source, last, {last}, evaluation, evaluation};
}

std::vector<std::vector<int>> piecesOf(const network::Graph& graph, const std::vector<int>& nodes, bool many)
{
    if (!many)
        return {nodes};
    std::vector<std::vector<int>> pieces(1);
    for (const int node : nodes) {
        pieces.back().push_back(node);
        if (std::ranges::find(graph.stages, node, &network::Stage::node) != graph.stages.end())
            pieces.emplace_back();
    }
    if (pieces.back().empty())
        pieces.pop_back();
    return pieces;
}

std::vector<double> rateFactors(const network::Graph& graph, const std::vector<StageRate>& rates)
{
    std::vector<double> factors(graph.nodes.size(), 1.0);
    int next = 0;
    for (const StageRate& rate : rates) {
        const int end = network::stageNode(graph, rate.stage);
        if (end < next || !(rate.factor >= 0.0))
            throw Error(rate.stage, "the learning rates of the stages are out of order or below zero",
                        "Name the stages in their order.");
        for (; next <= end; ++next)
            factors[next] = rate.factor;
    }
    return factors;
}

std::optional<Frozen> freeze(const network::Graph& graph, const network::TensorMap& weights,
                             const std::string& stage, const Placement& placement)
{
    if (stage.empty())
        return {};
    auto folded = network::foldBatchNorm(graph, weights);
    const int wanted = network::stageNode(folded.graph, stage);
    const Route route(folded.graph, 0, std::span(&wanted, 1));
    // In float32, so that answers are: where training is less precise, layers round as they go.
    return Frozen {LoadedGraph(std::move(folded.graph), folded.weights, route.nodes, placement, at::kFloat),
                   route, wanted};
}

} // namespace graft::neural
