#pragma once
#include "core/learn/strategy.h"

#include <span>
#include <vector>

namespace graft::learn {

/// What the classifier says of raw features (row-major, as many channels as it learned from), row-major
/// [rows, classes]. Sums are taken in double.
std::vector<float> headLogits(const LinearModel& model, std::span<const float> features);

} // namespace graft::learn
