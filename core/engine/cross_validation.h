#pragma once
#include "core/base/metrics.h"
#include "core/dataset/dataset.h"
#include "core/learn/plan.h"

#include <functional>
#include <vector>

namespace graft::engine {

struct TrainingRun;

/// With fewer pictures than this in its smallest class, of all sides together, a project's few validation and
/// test pictures say too little: cross-validation answers all it may look at.
constexpr int enoughPictures = 20;

/// The folds of a small project: in each its own pictures are the test side, those of all others the training
/// side. Together they test every picture of training and validation once; the project's own test pictures
/// are in none. Groups are never parted. Five, fewer where a class has fewer groups. Empty where there are
/// enough pictures, or where leaving out a fold would leave fewer than two classes.
std::vector<dataset::Dataset> foldsOfSmallData(const dataset::Dataset& data, std::uint64_t seed);

/// How a fold is learned and its test side answered. `what` is for the progress: "Checking fold 2 of 5".
using AnswerFold = std::function<ConfusionMatrix(TrainingRun& run, const std::string& what)>;

/// Pooled over the folds, each of which is the run's data while it is answered, with the run's plan as
/// `plan`. Data and plan are what they were afterwards. Empty where it was stopped on the way, or failed,
/// which is told.
ConfusionMatrix crossValidate(TrainingRun& run, std::vector<dataset::Dataset> folds, const learn::Plan& plan,
                              const AnswerFold& answer);

} // namespace graft::engine
