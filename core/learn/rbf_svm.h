#pragma once
#include "core/learn/rbf_machine.h"
#include "core/learn/svm.h"

namespace graft::learn {

/// How a support vector machine with radial basis functions is chosen.
struct RbfOptions {
    std::vector<double> penalties {1.0, 10.0, 100.0}; ///< C, in rising order
    /// Times 1 / channels, which is scikit-learn's "scale" of standardised features. In rising order.
    std::vector<double> gammas {0.25, 1.0, 4.0};
    bool absolute = false; ///< `gammas` are meant as they are
    int folds = 5; ///< fewer where a class has fewer pictures
    bool balanced = false; ///< errors in a class cost as much more as it is smaller
    std::uint64_t seed = 1; ///< of the folds
    int threads = 1;
    std::stop_token stop; ///< ends it early with Stopped
};

struct RbfSvm {
    RbfMachine machine; ///< calibrated: its scores are logits
    double penalty = 0.0; ///< the chosen C
    double gamma = 0.0; ///< as it is
    double temperature = 1.0; ///< that the machine's scores were divided by
    ConfusionMatrix held; ///< every picture answered by a machine that had not seen it, at that C and gamma
};

/// More rows than this are refused: the kernel of all pairs would not fit into memory.
constexpr int mostRbfRows = 4000;

/// Chooses gamma and C by cross-validation (the most right answers; the smoother machine of equal ones), fits
/// the temperature on the held-out scores, and trains on all rows with LIBSVM (C.-C. Chang, C.-J. Lin,
/// "LIBSVM: a library for support vector machines", 2011), which draws no random numbers here. Throws Error
/// (fewer than two classes, too few or too many pictures) or Stopped.
RbfSvm trainRbfSvm(const LabelledFeatures& features, int classes, const RbfOptions& options);

/// At one C and one gamma, without a choice; scores are not calibrated.
RbfMachine fitRbf(const LabelledFeatures& features, int classes, double penalty, double gamma, bool balanced);

} // namespace graft::learn
