#pragma once
#include "core/base/metrics.h"
#include "core/base/progress.h"
#include "core/learn/plan.h"
#include "core/store/project.h"

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

namespace graft::engine {

/// What augmented copies of a project's training pictures cost on this computer, for a strategy that learns
/// on frozen features. Measured on some of the pictures.
struct CopyCosts {
    int trainingPictures = 0;
    double secondsPerPicture = 0.0; ///< to read and decode one and bring it to training size
    double secondsPerCopy = 0.0; ///< to draw one and send it through the network
    double secondsPerRow = 0.0; ///< to learn from one picture or copy, over all epochs
    std::int64_t bytesPerCopy = 0; ///< in the project's cache
};

/// Takes about three seconds. `plan` says backbone, cut ("auto": the last), recipe and strategy. Throws Error
/// (no training picture that can be read, no weights, a strategy that draws anew in each epoch), Stopped.
CopyCosts measureCopyCosts(const store::Project& project, const learn::Plan& plan, std::stop_token stop);

/// Of a whole training with so many copies of each picture.
struct CopyEstimate {
    std::int64_t rows = 0; ///< pictures and copies to learn from
    double seconds = 0.0;
    std::int64_t memory = 0; ///< bytes
    std::int64_t disk = 0; ///< bytes
};

CopyEstimate estimate(const CopyCosts& costs, int copies);

/// What copies may take.
struct CopyBudget {
    double seconds = 600.0;
    std::int64_t memory = 0; ///< bytes
    std::int64_t disk = 0; ///< bytes
};

/// Half of the memory and of the disk that are free now, and ten minutes.
CopyBudget copyBudget(const store::Project& project);

/// As many as this computer can handle: the largest number, at most `mostCopies`, whose estimate stays within
/// the budget.
int copiesWithin(const CopyCosts& costs, const CopyBudget& budget);

constexpr int mostCopies = 1000; ///< as many as a plan allows

/// What a number of copies brings.
struct CopyPoint {
    int copies = 0;
    ConfusionMatrix validation; ///< validation pictures as they are, answered by what learned from the copies
};

/// Learns on at most `perClass` training pictures of each class, once for each of `counts` (rising), and
/// measures on all validation pictures. `each` is told every point as it is known, on the calling thread.
/// What is computed is kept in the project's cache. Throws as measureCopyCosts, and Error where there are no
/// validation pictures.
std::vector<CopyPoint> measureCopies(const store::Project& project, const learn::Plan& plan,
                                     std::span<const int> counts, int perClass,
                                     const std::function<void(const CopyPoint&)>& each,
                                     const ProgressSink& progress, std::stop_token stop);

} // namespace graft::engine
