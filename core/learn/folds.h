#pragma once
#include "core/learn/strategy.h"

#include <cstdint>
#include <vector>

namespace graft::learn {

/// The fold of each row, 0 .. folds - 1, for k-fold cross-validation: classes are spread evenly over the
/// folds, a group is never parted (it counts as its first row's class), and the same seed gives the same
/// folds. Throws Error unless there are at least two folds and as many groups.
std::vector<int> stratifiedFolds(const LabelledFeatures& features, int folds, std::uint64_t seed);

/// The rows named by `rows`, in their order.
LabelledFeatures selectRows(const LabelledFeatures& features, const std::vector<std::size_t>& rows);

/// What one fold learns from and what it is tested on (augmented copies are not).
struct Fold {
    std::vector<std::size_t> training;
    std::vector<std::size_t> test;
};

Fold foldRows(const LabelledFeatures& features, const std::vector<int>& folds, int fold);

} // namespace graft::learn
