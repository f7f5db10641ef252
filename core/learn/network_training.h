#pragma once
#include "core/base/pause_control.h"
#include "core/base/sample_source.h"
#include "core/learn/early_stop.h"
#include "core/learn/strategy.h"
#include "core/neural/trainer.h"

#include <functional>
#include <memory>

namespace graft::learn {

/// Where training stands between two epochs: with it, it goes on as if it had never been interrupted.
struct Checkpoint {
    neural::TrainerState trainer;
    network::TensorMap best; ///< weights of the best epoch
    std::vector<EpochDone> history;
    int bestEpoch = 0;
    EarlyStop early;
    int parts = 1; ///< into how many a batch is divided, where memory is short
    neural::Precision precision = neural::Precision::Float32;
};

/// A network that learns from pictures.
struct NetworkTask {
    network::Graph graph; ///< ends in the logits of `classes` classes
    network::TensorMap weights; ///< to begin with
    SampleSource training;
    SampleSource validation; ///< may be empty: then the training loss chooses the best epoch
    int classes = 0;
    std::string device = "cpu"; ///< neural::Device::id
    neural::Precision precision = neural::Precision::Float32; ///< that of `resume`, where there is one
    std::vector<neural::StageRate> stageRates;
    std::shared_ptr<const Checkpoint> resume; ///< may be null
    double secondsBefore = 0.0; ///< of the plan's minutes that are used up already, reading features
    int picturesAtTheEnd = 0; ///< that the caller measures when this has returned, for the time left
};

struct NetworkModel {
    network::TensorMap weights; ///< of the best epoch; empty when stopped before the first one ended
    std::vector<EpochDone> history;
    int bestEpoch = 0;
    bool stopped = false;
    std::string device {}; ///< that computed in the end
    neural::Precision precision = neural::Precision::Float32; ///< in the end
};

struct NetworkHooks {
    TrainSink sink; ///< BatchDone, EpochDone, TrainPaused, TrainContinued, TrainNote
    std::stop_token stop;
    PauseControl* pause = nullptr; ///< looked at between batches; may be null
    /// Called after each epoch, to be written down. May be empty.
    std::function<void(const Checkpoint& now)> checkpoint;
    /// Called after each epoch with the logits of the validation pictures that could be read, row-major
    /// [pictures, classes]. May be empty.
    std::function<void(int epoch, std::span<const std::size_t> pictures, std::span<const float> logits)>
        afterEpoch;
};

/// Trains for the plan's epochs, or until its minutes are over, which ends an epoch early (at least one batch
/// is learned, and every epoch is validated): warm-up and cosine, a fresh draw of every picture in each epoch
/// (copy = epoch), validation after each, best epoch kept, early stop. The next batch is read while this one
/// is computed. Where memory is short a batch is divided, and the gradients of its parts are added, so that
/// the steps stay the same. Where a graphics card fails, the CPU goes on from the last epoch that ended.
/// Requires a completed plan. On the thread that calls. Throws Error where nothing was learned: the loss is
/// no number before an epoch ended, no picture can be read, or not even one picture fits into memory.
NetworkModel trainNetwork(const NetworkTask& task, const Plan& plan, const NetworkHooks& hooks);

} // namespace graft::learn
