#pragma once
#include "core/base/pause_control.h"
#include "core/learn/plan.h"
#include "core/learn/rbf_machine.h"
#include "core/network/weights/tensor_map.h"

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <variant>
#include <vector>

namespace graft::learn {

/// Rows of features with their labels, row-major [rows, channels].
struct LabelledFeatures {
    std::vector<float> values;
    std::vector<std::int64_t> labels;
    int channels = 0;
    /// Rows with the same number belong together (augmented copies of one picture, the same picture twice):
    /// cross-validation never learns from one and tests on the other. Empty: every row stands alone.
    std::vector<std::int64_t> groups;
    /// Whether a row is an augmented copy, which is learned from and never tested on. Empty: none is.
    std::vector<bool> augmented;

    int rows() const { return static_cast<int>(labels.size()); }
};

/// What a strategy on frozen features learns from.
struct FeatureTask {
    LabelledFeatures training;
    LabelledFeatures validation; ///< may be empty: then the training loss with its penalty (of weight decay)
                                 ///< chooses the best epoch
    int classes = 0;
};

/// A classifier that stands on the frozen features, see headLogits: logits = weight * features + bias, or
/// those of a support vector machine with a kernel.
struct LinearModel {
    network::Tensor weight; ///< [classes, channels]; empty with a kernel
    network::Tensor bias; ///< [classes]; empty with a kernel
    std::optional<RbfMachine> rbf {};
    std::vector<EpochDone> history;
    int bestEpoch = 0; ///< from 1; 0 when stopped before the first epoch ended: no weights then
    bool stopped = false;
    double penalty = 0.0; ///< the C that was chosen, of a support vector machine
};

/// What a strategy reports while it learns. All are called on the training thread.
struct TrainHooks {
    TrainSink sink; ///< BatchDone, EpochDone, TrainPaused, TrainContinued, TrainNote
    std::function<void(int epoch, const LinearModel& now)> afterEpoch; ///< may be empty
    std::stop_token stop;
    PauseControl* pause = nullptr; ///< looked at between batches; may be null
};

/// Learns a layer on frozen features. Requires a completed plan. Throws Error.
using LearnFromFeatures = LinearModel (*)(const FeatureTask& task, const Plan& plan, const TrainHooks& hooks);

/// Learns the network itself: see trainNetwork.
struct LearnFromPictures {
    bool headFirst = false; ///< the new classifier first learns on frozen features, as `linear` does
    double stageDecay = 1.0; ///< learning rate of a stage, as a share of that of the stage above it
};

/// One of the ways to learn.
struct StrategySpec {
    std::string_view id;
    std::string_view title;
    std::string_view sentence; ///< when one would choose it, for a person
    /// The plan with every "own" value filled in, for `trainingPictures` pictures. Throws Error where a value
    /// is out of range or not known, naming it.
    Plan (*complete)(Plan plan, int trainingPictures) = nullptr;
    std::variant<LearnFromFeatures, LearnFromPictures> way;
};

/// THE list, in menu order.
std::span<const StrategySpec> strategies();

/// Throws Error, naming the ids that exist.
const StrategySpec& strategy(std::string_view id);

} // namespace graft::learn
