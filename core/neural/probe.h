#pragma once
#include "core/neural/interpreter.h"

namespace graft::neural {

/// What a comparison of ways to run the same network on real pictures showed.
struct PrecisionProbe {
    Precision chosen = Precision::Float32;
    bool folded = true; ///< batch norm folded into the convolutions
    double float32PicturesPerSecond = 0.0;
    double bfloat16PicturesPerSecond = 0.0;
    double agreement = 0.0; ///< share of the pictures whose top-1 is the same in bfloat16 as in float32
    double cosine = 0.0; ///< smallest cosine between the pooled features at the cut
};

/// Runs the network (folded, float32; then bfloat16 folded and unfolded) on `batch` for about a second and
/// chooses bfloat16 only where it is faster by a tenth, every top-1 agrees and the features' cosine is at
/// least 0.99.
PrecisionProbe probePrecision(const network::Graph& graph, const network::TensorMap& weights,
                              const Batch& batch, std::string_view stage);

} // namespace graft::neural
