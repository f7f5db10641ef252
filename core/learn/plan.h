#pragma once
#include "core/base/metrics.h"
#include "core/base/train_event.h"

#include <cstdint>
#include <string>
#include <vector>

namespace graft::learn {

/// Everything that decides a training. The window and the command line edit the same value; a run keeps it.
struct Plan {
    std::string strategy = "linear";
    std::string backbone = "efficientnet-lite0";
    std::string cut = "last"; ///< a stage of the backbone, or "last": the one before the classifier
    std::string loss = "cross_entropy";
    std::string optimizer = "sgd";
    double learningRate = 0.0; ///< 0: the strategy's own
    double weightDecay = -1.0; ///< below 0: the strategy's own
    int epochs = 0; ///< 0: the strategy's own
    int batch = 0; ///< pictures per step; 0: the strategy's own
    std::string device = "auto";
    std::string precision =
        "auto"; ///< auto, float32, bfloat16: of training features; answers are always float32
    std::uint64_t seed = 1;

    bool operator==(const Plan&) const = default;
};

/// What came out of a run.
struct RunResult {
    std::string device;
    std::string precision; ///< of the training features: "float32" or "bfloat16"
    double seconds = 0.0;
    double imagesPerSecond =
        0.0; ///< pictures whose features were computed, per second; 0 when all were cached
    int epochs = 0; ///< that ran
    int bestEpoch = 0; ///< from 1; its weights are the model
    std::vector<EpochDone> history;
    ConfusionMatrix validation;
    ConfusionMatrix test;
};

} // namespace graft::learn
