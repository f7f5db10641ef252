#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace graft::learn {

/// What a picture of each class counts in the loss: all pictures / (classes * pictures of the class), as
/// scikit-learn's "balanced"; a class without pictures counts 1 (a loss wants positive weights). `wish` is
/// "balanced", "none" (empty: all count the same), or "auto": balanced where the largest class is more than
/// one and a half times the smallest. Throws Error for another word.
std::vector<double> classWeights(std::span<const std::int64_t> labels, int classes, std::string_view wish);

} // namespace graft::learn
