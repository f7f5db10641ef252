#pragma once
#include "core/base/metrics.h"
#include "core/learn/strategy.h"

#include <map>
#include <vector>

// What support vector machines of every kernel share: one machine for each class against all others, whose
// scores are compared.
namespace graft::learn {

constexpr double absentScore = -10.0; ///< of a class that had no picture to learn from

/// Row-major [rows, classes].
using Scores = std::vector<double>;

/// Throws Error unless the rows are of at least two classes.
void requireLearnable(const LabelledFeatures& features);

/// By class: pictures of all classes / (classes * pictures of the class), as scikit-learn's "balanced".
std::map<int, double> classPrices(const LabelledFeatures& features);

/// As many folds as the smallest class allows, at least two; augmented copies do not count.
int foldsFor(const LabelledFeatures& features, int wanted);

/// The class with the largest score in one row.
int bestClass(const Scores& scores, std::size_t row, int classes);

/// How `scores` of the rows named by `rows` answer.
ConfusionMatrix confusionOf(const Scores& scores, const std::vector<std::size_t>& rows,
                            const LabelledFeatures& features, int classes);

/// The temperature at which softmax(score / temperature) has the smallest cross-entropy against the labels of
/// `rows` (C. Guo et al., "On calibration of modern neural networks", 2017).
double fitTemperature(const Scores& scores, const std::vector<std::size_t>& rows,
                      const LabelledFeatures& features, int classes);

} // namespace graft::learn
