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
    /// A stage of the backbone, "last" (the one before the classifier), or "auto" (svm: the stage that does
    /// best under cross-validation). Empty: the strategy's own.
    std::string cut {};
    std::string init = "weights"; ///< scratch: "weights", or "random" (He)
    int inputSize = 0; ///< scratch: height and width, pixels, a multiple of 32; 0: what the weights want
    std::string recipe = "none"; ///< augmentation: the id of a preset, or a recipe as JSON
    int copies = 0; ///< linear, svm: augmented copies of each training picture to learn from as well
    std::string loss = "cross_entropy";
    /// How the feature map of the cut becomes the features before the classifier, where it still has height
    /// and width: avg (their mean), max (their largest).
    std::string pooling = "avg";
    /// Dropout before the classifier, 0 to 0.9: of standardised features (linear), of the network's last
    /// features (finetune, scratch). Below 0: the strategy's own; svm has none.
    double headDropout = -1.0;
    std::string optimizer = "sgd";
    double learningRate = 0.0; ///< 0: the strategy's own
    double weightDecay = -1.0; ///< below 0: the strategy's own
    int epochs = 0; ///< 0: the strategy's own
    int batch = 0; ///< pictures per step; 0: the strategy's own
    /// finetune, scratch: from the start of the run, reading features included, until learning ends, instead
    /// of epochs; 0: as the epochs take.
    double minutes = 0.0;
    int patience = -1; ///< epochs without a better validation loss until it ends; 0: never; below 0: own
    double momentum = 0.9; ///< of sgd
    double labelSmoothing = 0.0; ///< 0 to below 1
    std::string classWeights = "auto"; ///< auto (balanced where classes are unequal), none, balanced
    double clipNorm = -1.0; ///< longest gradient; 0: no limit; below 0: the strategy's own
    std::string trainFrom {}; ///< finetune, scratch: up to this stage nothing learns; empty: everything does
    std::string batchStatistics {}; ///< finetune, scratch: frozen, batch; empty: the strategy's own
    std::string kernel = "linear"; ///< svm: linear, or rbf (radial basis functions)
    double penalty = 0.0; ///< svm: C; 0: chosen by cross-validation
    double gamma = 0.0; ///< svm, rbf: how fast likeness fades with distance; 0: chosen by cross-validation
    std::string device = "auto";
    std::string precision =
        "auto"; ///< auto, float32, bfloat16, float16: to learn with; answers are always float32
    std::uint64_t seed = 1;

    bool operator==(const Plan&) const = default;
};

/// What came out of a run.
struct RunResult {
    std::string device;
    std::string precision; ///< that was learned with: "float32", "bfloat16" or "float16"
    double seconds = 0.0;
    double imagesPerSecond =
        0.0; ///< pictures whose features were computed, per second; 0 when all were cached
    int epochs = 0; ///< that ran
    int bestEpoch = 0; ///< from 1; its weights are the model
    std::vector<EpochDone> history;
    ConfusionMatrix validation;
    ConfusionMatrix test;
    /// Where a class has few pictures: every picture of training and validation, answered by a classifier
    /// that learned without it, pooled over the folds. What to expect of new pictures; empty where there are
    /// enough.
    ConfusionMatrix crossValidation;

    /// What the accuracy is said from: the folds where there are few pictures, else the test pictures.
    const ConfusionMatrix& headline() const { return crossValidation.total() > 0 ? crossValidation : test; }
};

} // namespace graft::learn
