#pragma once
#include "core/learn/batch_reader.h"
#include "core/neural/trainer.h"

#include <cstdint>
#include <functional>

namespace graft::learn {

/// What one step learns from, and how. A view: what it refers to must outlive the call.
struct BatchStep {
    const ReadBatch& batch; ///< at least one picture
    std::size_t bytes = 0; ///< of one picture's pixels
    const neural::LossOptions& loss;
    double learningRate = 0.0;
    std::uint64_t seed = 0; ///< decides what dropout drops
};

/// One update of the trainer. Where memory is short the batch is learned in parts, whose gradients are added,
/// so that the step stays the same: `parts`, into how many, is doubled until they fit, and `divided` called
/// each time. Throws neural::OutOfMemory where a single picture does not fit.
void learnBatch(neural::Trainer& trainer, const BatchStep& step, int& parts,
                const std::function<void()>& divided);

} // namespace graft::learn
