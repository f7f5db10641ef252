#pragma once
#include <cstdint>
#include <vector>

namespace graft::learn {

/// The order in which one epoch (from 1) sees `count` rows: a random permutation (Fisher and Yates) that is
/// the same for the same seed and epoch.
std::vector<std::int64_t> epochOrder(std::int64_t count, std::uint64_t seed, int epoch);

} // namespace graft::learn
