#pragma once
#include "core/base/metrics.h"
#include "core/base/preprocess_spec.h"
#include "core/learn/plan.h"
#include "core/network/weights/tensor_map.h"

#include <filesystem>
#include <string>
#include <vector>

namespace graft::share {

/// What a model says of itself; the metadata of its file.
struct ModelCard {
    std::string title; ///< "Garden flowers, run-3"
    std::vector<std::string> classes;
    std::string backbone;
    std::string cut;
    PreprocessSpec preprocess;
    learn::Plan plan;
    ConfusionMatrix validation;
    ConfusionMatrix test;
    ConfusionMatrix crossValidation; ///< learn::RunResult::crossValidation
    int trainingPictures = 0;
    std::string dataFingerprint; ///< SHA-256 over the sorted picture hashes, labels and sides
    std::string weightsSha256; ///< of the backbone's weight file
    std::string weightsLicence;
    std::string created; ///< ISO 8601, UTC
    std::string program; ///< "Graft 0.1.0"
};

/// A trained classifier: all weights of the graph that `card` describes (backbone up to the cut, global
/// pooling, linear head named "graft_head" or the support vectors of a kernel), and the self-check.
struct Model {
    ModelCard card;
    network::TensorMap weights;
    std::vector<float> selfCheck; ///< logits of the drawn self-check pictures, [5, classes]
};

/// One .safetensors file, written atomically. Throws Error.
void saveModel(const std::filesystem::path& file, const Model& model);

/// Throws Error (no Graft model, damaged, newer version). The file is not trusted.
Model loadModel(const std::filesystem::path& file);

} // namespace graft::share
