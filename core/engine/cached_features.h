#pragma once
#include "core/base/progress.h"
#include "core/dataset/dataset.h"
#include "core/engine/classifier.h"
#include "core/engine/trunk.h"
#include "core/learn/strategy.h"

#include <functional>
#include <stop_token>

namespace graft::engine {

/// The features of a project's pictures at one cut, in float32 for what is measured and in the chosen
/// precision for what is learned from; computed once, then read from the project's cache.
struct FeatureSet {
    learn::LabelledFeatures sides[3]; ///< by dataset::Side
    std::vector<const dataset::Picture*> pictures[3]; ///< of the rows; they point into the dataset
    std::vector<PictureProblem> problems; ///< pictures that could not be read, and are left out
    std::string precision; ///< of the training side
    std::int64_t computed = 0; ///< pictures that were not in the cache
    double seconds = 0.0; ///< to compute them
    bool stopped = false; ///< then the sides are incomplete
};

struct FeatureWishes {
    std::string stage;
    std::string precision; ///< of the training side: auto, float32, bfloat16
    std::string device; ///< neural::Device::id
    bool sides[3] = {true, true, true}; ///< which sides are wanted, by dataset::Side
};

/// `trunk` gives the network when the first picture is missing in the cache; it is not called where all are
/// there.
FeatureSet cachedFeatures(const dataset::Dataset& data, const std::filesystem::path& cacheFolder,
                          const std::string& weightsSha256, const PreprocessSpec& preprocess, int channels,
                          const std::function<const Trunk&()>& trunk, const FeatureWishes& wishes,
                          const ProgressSink& progress, std::stop_token stop);

} // namespace graft::engine
