#pragma once
#include "core/engine/classifier.h"

namespace graft::engine {

/// Pooled activations: the global average of the cut.
struct Features {
    std::vector<float> values; ///< float32, row-major [rows, channels]
    int channels = 0;
    std::vector<std::filesystem::path> paths; ///< of the rows, in argument order
    std::vector<PictureProblem> problems; ///< files that were left out
    double decodeSeconds = 0.0; ///< summed over threads
    double networkSeconds = 0.0;
    double seconds = 0.0; ///< all of it, by the clock
};

struct FeatureOptions {
    std::string backbone = "efficientnet-lite0";
    std::string cut = "last"; ///< a stage, or "last": the one before the classifier
    std::string device = "auto";
    std::string precision =
        "float32"; ///< float32, bfloat16, or auto: bfloat16 where a probe finds it faster and equal
};

Features features(const std::vector<std::filesystem::path>& paths, const FeatureOptions& options,
                  const ProgressSink& progress, std::stop_token stop);

/// NumPy format 1.0, float32, C order, written atomically. Throws Error.
void writeNpy(const std::filesystem::path& file, const std::vector<float>& values, int rows, int channels);

} // namespace graft::engine
