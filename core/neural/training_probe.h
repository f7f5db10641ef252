#pragma once
#include "core/neural/trainer.h"

namespace graft::neural {

/// What a comparison of training steps on real pictures showed.
struct TrainingProbe {
    Precision chosen = Precision::Float32;
    double float32PicturesPerSecond = 0.0;
    double roundedPicturesPerSecond = 0.0; ///< 0: not tried
    double cosine = 0.0; ///< between the gradients of the two, over all weights
    double lossDifference = 0.0; ///< relative
};

/// The shorter numbers that are worth trying on a device: bfloat16 where it has instructions for them,
/// float16 on graphics cards that have not (before Ampere), float32 elsewhere. Device::id.
Precision shortNumbersOf(const std::string& device);

/// Takes a few training steps on pictures of `batch`, in float32 and in `rounded`, in turn, and chooses
/// `rounded` only where it is faster by a tenth and the loss and the gradient stay what they are (loss within
/// 2 %, cosine 0.95). `options` are those of the training; their precision is not looked at. On the CPU it
/// takes fewer pictures where the network is slow, so that it ends within a few seconds. Throws what Trainer
/// throws.
TrainingProbe probeTraining(const network::Graph& graph, const network::TensorMap& weights,
                            const Batch& batch, std::span<const std::int64_t> labels,
                            const TrainerOptions& options, Precision rounded);

} // namespace graft::neural
