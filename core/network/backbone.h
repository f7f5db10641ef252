#pragma once
#include "core/base/preprocess_spec.h"
#include "core/network/graph.h"

#include <span>
#include <string_view>

namespace graft::network {

struct BuildOptions {
    int inputSize = 224; ///< height and width, pixels
    int classes = 1000;
};

/// One network that can be chosen.
struct BackboneSpec {
    std::string_view id;
    std::string_view title;
    std::string_view sentence; ///< why one would choose it, for a person
    PreprocessSpec preprocess; ///< what its weights were trained with
    std::string_view lastStage; ///< the last stage before the classifier: what --cut last means
    Graph (*build)(const BuildOptions& options) = nullptr;
};

/// The first layer of a backbone: from pixels 0..255 to what its weights were trained on.
Affine normalisation(const PreprocessSpec& spec);

/// THE list, in menu order.
std::span<const BackboneSpec> backbones();

/// Throws Error, naming the ids that exist.
const BackboneSpec& backbone(std::string_view id);

} // namespace graft::network
