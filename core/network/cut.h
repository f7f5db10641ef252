#pragma once
#include "core/network/backbone.h"
#include "core/network/weights/tensor_map.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace graft::network {

/// The name of the layer that a cut network ends in; its tensors are "graft_head.weight" and
/// "graft_head.bias".
constexpr std::string_view headName = "graft_head";

/// The same of the auxiliary head, where it is kept.
constexpr std::string_view auxiliaryHeadName = "graft_auxiliary";

/// Whether a node's result has lost height and width, not only shrunk to one row and one column.
bool isVector(const Graph& graph, int node);

/// The names of the stages, in order.
std::vector<std::string> stageNames(const Graph& graph);

/// A person's word for a cut: "last" is the backbone's last stage, any other must be one of its stages.
/// Throws Error that lists them. The view lives as long as the program or as `cut`.
std::string_view stageOf(const BackboneSpec& spec, std::string_view cut);

/// How a feature map becomes a vector.
enum class Pooling {
    Average, ///< "avg"
    Largest, ///< "max"
};

/// Throws Error, naming the ids that exist.
Pooling poolingNamed(std::string_view id);

/// What stands between a trunk and its new classifier.
struct Head {
    Pooling pooling = Pooling::Average; ///< where there still are height and width
    double dropout = 0.0; ///< probability; 0: none
};

/// A new classifier on an old trunk: what `stage` needs of the backbone, the mean or the largest over height
/// and width where there still are such ("graft_pool"), dropout where it is wanted, and a linear layer of
/// `classes` units, whose result are the logits. Stages up to the cut are kept under their names; the last
/// stage is the head, "graft_head". Parameter names of the trunk stay as they are. An auxiliary head that is
/// kept ends in a new layer of `classes` units as well, auxiliaryHeadName; one that branches off behind the
/// cut is dropped. Throws Error (no such stage, classes < 1).
Graph classifierOn(const Graph& backbone, std::string_view stage, int classes,
                   Auxiliary auxiliary = Auxiliary::Drop, const Head& head = {});

/// The same trunk without a classifier: its result are the features of `stage`, a vector.
Graph featuresOf(const Graph& backbone, std::string_view stage, Pooling pooling);

/// The graph with every stage pooled: under its name stands a vector. The rest stays as it is.
Graph withPooledStages(const Graph& graph, Pooling pooling);

/// The network that answers: the graph without its auxiliary head, if it has one.
Graph withoutAuxiliary(const Graph& graph);

/// Takes out of `weights` what the graph does not need.
void keepOnly(const Graph& graph, TensorMap& weights);

/// A copy of those tensors in `all` that `graph` needs and that are there; the rest of `all` is left out.
/// A head that is new is not in `all`: it comes from randomWeights or from training.
TensorMap weightsOf(const Graph& graph, const TensorMap& all);

/// How many features a picture has at this stage, once they are averaged over height and width. Throws Error.
int featureChannels(const Graph& graph, std::string_view stage);

/// Numbers that are learned (weights and biases; measured statistics not counted).
std::int64_t learnedParameters(const Graph& graph);

} // namespace graft::network
