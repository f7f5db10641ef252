#pragma once
#include "core/base/preprocess_spec.h"
#include "core/network/graph.h"

#include <span>
#include <string>
#include <string_view>

namespace graft::network {

struct BuildOptions {
    int inputSize = 224; ///< height and width, pixels
    int classes = 1000;
    bool auxiliary = false; ///< with the second classifier, where the network has one: Graph::auxiliary
};

/// What becomes of the auxiliary head when a graph or its weights are taken over.
enum class Auxiliary { Drop, Keep };

/// One network that can be chosen.
struct BackboneSpec {
    std::string_view id;
    std::string_view title;
    std::string_view sentence; ///< why one would choose it, for a person
    PreprocessSpec preprocess; ///< what its weights were trained with
    std::string_view lastStage; ///< the last stage before the classifier: what --cut last means
    Graph (*build)(const BuildOptions& options) = nullptr; ///< throws Error where the input is too small
    int smallestInput = 32; ///< pixels, height and width
    /// Our name of a tensor (the official file's) from another library's; null where no other is known.
    std::string (*officialName)(std::string_view name) = nullptr;
};

/// The first layer of a backbone: from pixels 0..255 to what its weights were trained on.
Affine normalisation(const PreprocessSpec& spec);

/// THE list, in menu order.
std::span<const BackboneSpec> backbones();

/// Throws Error, naming the ids that exist.
const BackboneSpec& backbone(std::string_view id);

} // namespace graft::network
