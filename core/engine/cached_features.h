#pragma once
#include "core/base/progress.h"
#include "core/dataset/dataset.h"
#include "core/engine/classifier.h"
#include "core/engine/training_view.h"
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
    std::int64_t computed = 0; ///< pictures and copies that were not in the cache
    double seconds = 0.0; ///< to compute them
    bool stopped = false; ///< then the sides are incomplete
    std::string fellBack; ///< what the graphics card said when the CPU had to go on; empty: it did not fail
};

struct FeatureWishes {
    std::vector<std::string> stages; ///< one result for each; they cost one pass together
    std::string precision; ///< of the training side: auto, or neural::Precision by its id
    std::string device; ///< neural::Device::id
    bool sides[3] = {true, true, true}; ///< which sides are wanted, by dataset::Side
    const TrainingView* view = nullptr; ///< makes the copies; null: there are none
    int copies = 0; ///< augmented copies of each training picture, behind the pictures as they are
    std::function<void()> betweenBatches = {}; ///< may block, on the thread that called; may be empty
};

/// What computes features, and where they are kept.
struct FeatureMaker {
    std::filesystem::path cacheFolder;
    std::string weightsSha256;
    PreprocessSpec preprocess;
    /// How many features a picture has at a stage.
    std::function<int(const std::string& stage)> channels;
    /// Gives the network when the first picture is missing in the cache; not called where all are there.
    std::function<const Trunk&()> trunk;
    std::string pooling =
        learn::Plan {}.pooling; ///< of the plan; the trunk's stages are pooled by it already
};

/// One set for each stage that is wished for, in their order.
std::vector<FeatureSet> cachedFeatures(const dataset::Dataset& data, const FeatureMaker& maker,
                                       const FeatureWishes& wishes, const ProgressSink& progress,
                                       std::stop_token stop);

} // namespace graft::engine
