#pragma once
#include "core/base/metrics.h"
#include "core/learn/strategy.h"

namespace graft::engine {

/// learn::headLogits of all rows, row-major [rows, classes].
std::vector<float> linearLogits(const learn::LinearModel& model, const learn::LabelledFeatures& features);

/// softmax of one row's logits, [classes].
std::vector<float> linearProbabilities(const learn::LinearModel& model,
                                       const learn::LabelledFeatures& features, std::size_t row);

/// Answers every row and compares with its label.
ConfusionMatrix linearConfusion(const learn::LinearModel& model, const learn::LabelledFeatures& features,
                                int classes);

} // namespace graft::engine
