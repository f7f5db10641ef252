#pragma once
#include "core/base/sample_source.h"
#include "core/dataset/dataset.h"
#include "core/engine/classifier.h"
#include "core/engine/training_view.h"

#include <functional>
#include <memory>
#include <vector>

namespace graft::engine {

/// Pictures that are read again in every epoch. What was decoded once is kept as long as `memory` bytes
/// allow; the rest is decoded each time. A picture that can no longer be read is told once to `problem`, on
/// the thread that reads, and left out from then on. The pictures must outlive the source.
SampleSource trainingPictures(std::vector<const dataset::Picture*> pictures,
                              std::shared_ptr<const TrainingView> view, std::int64_t memory,
                              std::function<void(const PictureProblem&)> problem);

} // namespace graft::engine
