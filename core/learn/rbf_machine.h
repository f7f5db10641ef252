#pragma once
#include "core/network/weights/tensor_map.h"

#include <span>
#include <string>
#include <vector>

namespace graft::learn {

/// A trained support vector machine with radial basis functions: for each class against all others
/// score_k(x) = sum_i coefficient_ki exp(-gamma |z - support_i|^2) + bias_k, where z = (x - mean) * scale.
struct RbfMachine {
    network::Tensor support; ///< [vectors, channels], standardised
    network::Tensor coefficients; ///< [classes, vectors]
    network::Tensor bias; ///< [classes]
    network::Tensor mean; ///< [channels]
    network::Tensor scale; ///< [channels]
    float gamma = 0.0F;
};

/// Scores of raw features, row-major [rows, classes]: logits, where the machine was calibrated.
std::vector<float> rbfLogits(const RbfMachine& machine, std::span<const float> features);

/// The machine's tensors under the names they have in a model file, "graft_head.support" and so on.
network::TensorMap rbfTensors(const RbfMachine& machine);

/// From a model file, which is not trusted. Throws Error where tensors are missing or do not fit together.
RbfMachine rbfFromTensors(const network::TensorMap& tensors);

} // namespace graft::learn
