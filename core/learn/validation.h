#pragma once
#include "core/base/sample_source.h"
#include "core/neural/trainer.h"

#include <cstdint>
#include <vector>

namespace graft::learn {

/// How a network that is being trained answers the validation pictures, as they are.
struct Validation {
    std::vector<std::size_t> pictures; ///< those that could be read
    std::vector<float> logits; ///< of these, row-major [pictures, classes]
    double loss = 0.0; ///< without label smoothing and class weights: those are for learning
    double accuracy = 0.0; ///< 0..1
};

/// `atOnce`: pictures that fit into memory together, at least 1; fewer are tried where even those do not.
/// Throws Error where none can be read, OutOfMemory where a single one is too much, DeviceFailed.
Validation validate(neural::Trainer& trainer, const SampleSource& source, int classes, neural::Loss loss,
                    std::size_t atOnce);

} // namespace graft::learn
