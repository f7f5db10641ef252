#pragma once
#include "core/base/progress.h"
#include "core/dataset/dataset.h"
#include "core/engine/cached_features.h"
#include "core/engine/trunk.h"
#include "core/store/project.h"

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace graft::engine {

// What an advice is measured with. All of it looks at training pictures only.

/// At most about `most` training pictures, of each class the same share (but at least two, where there are),
/// in an order that the seed decides and that tells nothing.
dataset::Dataset trainingSample(const dataset::Dataset& data, int most, std::uint64_t seed);

/// A backbone and what it makes of pictures.
class AdviceFeatures
{
public:
    /// Loads the weights. `device` is neural::Device::id. Throws Error, WeightsNeeded.
    AdviceFeatures(const store::Project& project, const std::string& backbone, std::string device);

    const Trunk& trunk() const { return m_trunk; }

    /// The names of the stages, in order.
    const std::vector<std::string>& stages() const { return m_stages; }

    const std::string& lastStage() const { return m_lastStage; }

    /// At each of `stages`, of the training side, from one pass or the project's cache. What the network
    /// itself would answer is the stage `imagenetStage`. Throws Stopped.
    std::vector<FeatureSet> of(const dataset::Dataset& data, std::vector<std::string> stages,
                               const ProgressSink& progress, std::stop_token stop) const;

    /// Pictures of these files per second: read, decoded, and once through the network.
    double forwardPerSecond(const std::vector<std::filesystem::path>& files) const;

    /// Pictures of these files per second in the training of the whole network: forward, backward and update.
    double trainingPerSecond(const std::vector<std::filesystem::path>& files, int classes) const;

    static constexpr const char* imagenetStage = "imagenet logits";

private:
    std::filesystem::path m_cacheFolder;
    std::string m_device;
    Trunk m_trunk;
    std::vector<std::string> m_stages;
    std::string m_lastStage;
};

/// How familiar pictures look to a network.
struct Familiarity {
    double meanProbability = 0.0; ///< of each picture's most probable ImageNet class, averaged; 0..1
    std::string oftenSeenAs; ///< the class that is named most often
};

/// From rows of logits of ImageNet's classes; there must be one at least.
Familiarity familiarityOf(const learn::LabelledFeatures& logits);

} // namespace graft::engine
