#pragma once
#include "core/network/backbone.h"
#include "core/network/weights/tensor_map.h"
#include "core/neural/interpreter.h"

#include <memory>
#include <string>

namespace graft::engine {

/// A backbone with its pretrained weights, as they are in the file.
struct Trunk {
    const network::BackboneSpec* spec = nullptr;
    std::string weightsId; ///< which weights: "resnet50:v2"
    PreprocessSpec
        preprocess; ///< what those were measured with; the backbone's own is that of its first recipe
    network::Graph graph; ///< whole, with ImageNet's 1,000 classes
    network::TensorMap weights;
    std::string weightsSha256;
    std::string licence;
};

/// Reads and checks the weight file. `id` is a backbone's or, where there are several recipes, one of its
/// weights'
/// ("resnet50:v2"). Throws Error (no such backbone), WeightsNeeded.
Trunk loadTrunk(const std::string& id);

/// The same without weights, to begin from random ones. Throws Error (no such backbone).
Trunk emptyTrunk(const std::string& id);

/// From now on the stages are vectors, pooled as learn::Plan::pooling says. Throws Error (no such pooling).
void poolStages(Trunk& trunk, const std::string& pooling);

/// Throws the WeightsNeeded of loadTrunk where the weights are missing, without reading anything.
void requireWeights(const std::string& id);

/// Gives the tensor library the processors this process may use. Cheap after the first time.
void wakeTensorLibrary();

/// For answers: batch norm folded, channels-last, float32.
neural::Interpreter answering(const network::Graph& graph, const network::TensorMap& weights,
                              const std::string& device);

} // namespace graft::engine
