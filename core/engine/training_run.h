#pragma once
#include "core/base/progress.h"
#include "core/dataset/dataset.h"
#include "core/engine/classifier.h"
#include "core/engine/run_recorder.h"
#include "core/engine/train_control.h"
#include "core/engine/trunk.h"
#include "core/learn/strategy.h"
#include "core/neural/devices.h"
#include "core/store/project.h"

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace graft::engine {

/// Everything that one run holds together while it trains, whatever its strategy.
struct TrainingRun {
    TrainingRun(store::Project& itsProject, store::RunRecord& itsRecord, dataset::Dataset itsData,
                RunRecorder& recorder, const TrainControl& control);

    store::Project& project;
    store::RunRecord& record; ///< its result, and the cut where that is chosen, are filled in on the way
    dataset::Dataset data;
    RunRecorder& tell;
    std::stop_token stop;
    std::shared_ptr<PauseControl> pause; ///< may be null
    bool measureTest; ///< else the test pictures are not looked at
    neural::Device device;
    Trunk trunk;
    bool resumed = false; ///< it was begun before, and goes on from its checkpoint where there is one

    bool quiet = false; ///< within cross-validation: its progress is told, and nothing of single pictures

    std::filesystem::path checkpointFile() const
    {
        return project.runFolder(record.id) / "checkpoint.safetensors";
    }

    int classes() const { return static_cast<int>(data.classes.size()); }

    const learn::Plan& plan() const { return record.plan; }

    std::vector<const dataset::Picture*> pictures(dataset::Side side) const;
    void announce(); ///< TrainStarted
    void tellProblem(const PictureProblem& problem); ///< a picture that this run goes on without

    /// A few validation pictures, spread over the classes, that stay the same in every epoch. `logits` are
    /// row-major [pictures, classes].
    void tellGuesses(int epoch, const std::vector<const dataset::Picture*>& pictures,
                     std::span<const float> logits);

    /// TrainPreparing, with pictures per second since this was asked for; pauses do not count.
    ProgressSink preparing();

    void holdWhilePaused(); ///< between two pieces of work

    /// Writes the model of this run, with its self-check. `weights` are those of the classifier that
    /// `graph` describes.
    void saveModel(const network::Graph& graph, const network::TensorMap& weights, const std::string& stage,
                   const PreprocessSpec& preprocess, int trainingPictures);
};

/// Throws Error unless the labels name at least two classes.
void requireTwoClasses(const TrainingRun& run, std::span<const std::int64_t> labels);

/// A linear layer on the frozen features of a stage, learned as `linear` does: for strategies that begin with
/// it. Empty where it was stopped.
std::optional<learn::LinearModel> learnHead(TrainingRun& run, const std::string& stage);

/// Strategies that learn a layer on frozen features. Ends early, without a model, where it is stopped before
/// the first epoch ended. Throws Error.
void trainOnFeatures(TrainingRun& run, learn::LearnFromFeatures learn);

/// Strategies that train the network itself. As above.
void trainOnPictures(TrainingRun& run, const learn::LearnFromPictures& way);

} // namespace graft::engine
