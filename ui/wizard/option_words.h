#pragma once
#include "core/learn/plan.h"

#include <QString>

namespace graft::ui {

/// One thing that the step "options" lets a person choose.
enum class Option {
    Effort, ///< of the simple view: how long
    Careful, ///< and whether pictures are few
    Optimizer,
    Loss,
    LearningRate,
    Batch,
    Length, ///< epochs or minutes
    Patience,
    Pooling,
    Dropout,
    ClassWeights,
    LabelSmoothing,
    WeightDecay,
    ClipNorm,
    Momentum,
    InputSize,
    BatchStatistics,
    Kernel,
    Penalty,
    Gamma,
    Precision,
    Device,
    Seed,
};

QString optionTitle(Option option);

/// What it does, in two or three sentences.
QString optionMeaning(Option option);

/// Why it cannot be chosen with this plan; empty where it can be.
QString whyNot(Option option, const learn::Plan& plan);

} // namespace graft::ui
