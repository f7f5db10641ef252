#pragma once
#include "core/dataset/dataset.h"

#include <array>

namespace graft::dataset {

struct SplitOptions {
    std::uint64_t seed = 1;
    std::array<int, 3> percent {70, 15, 15}; ///< training, validation, test; sum 100

    bool operator==(const SplitOptions&) const = default;
};

/// Throws Error unless three shares sum to 100 and training is at least 1.
void requireUsable(const SplitOptions& options);

/// Gives each picture its side: per class, whole groups only, shares as near as groups allow; a function of
/// the seed and the pictures' content, not of their order or place. A class with at least three groups has
/// one on every side whose share is not 0; with two groups, one each in training and test; a class with one
/// picture has it in training.
void split(Dataset& dataset, const SplitOptions& options);

/// As split(), but pictures that `before` knows (by content) keep their side, and new members of their groups
/// join them.
void splitKeeping(Dataset& dataset, const Dataset& before, const SplitOptions& options);

} // namespace graft::dataset
