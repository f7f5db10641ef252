#pragma once
#include "core/base/metrics.h"
#include "core/learn/strategy.h"

#include <stop_token>
#include <vector>

namespace graft::learn {

/// How a support vector machine is chosen.
struct SvmOptions {
    /// C, the price of an error: cross-validation takes the one with the most right answers, the smallest of
    /// equal ones. In rising order.
    std::vector<double> penalties {1e-4, 1e-3, 1e-2, 1e-1};
    int folds = 5; ///< fewer where a class has fewer pictures
    bool balanced = false; ///< errors in a class cost as much more as it is smaller
    std::uint64_t seed = 1; ///< of the folds
    int threads = 1;
    std::stop_token stop; ///< ends it early with Stopped
};

/// A linear support vector machine on standardised features: for each class against all others, L2
/// regularised, squared hinge loss, solved by LIBLINEAR's trust-region Newton method (R.-E. Fan et al.,
/// "LIBLINEAR: a library for large linear classification", JMLR 9, 2008), which draws no random numbers.
struct Svm {
    network::Tensor weight; ///< [classes, channels], of raw features
    network::Tensor bias; ///< [classes]
    double penalty = 0.0; ///< the chosen C
    /// Scores become probabilities by softmax(score / temperature); fitted on the scores of held-out folds
    /// (C. Guo et al., "On calibration of modern neural networks", 2017).
    double temperature = 1.0;
    ConfusionMatrix held; ///< every picture answered by a machine that had not seen it, at the chosen C
};

/// Chooses C, fits the temperature and trains on all rows. Throws Error (fewer than two classes, too few
/// pictures for two folds) or Stopped.
Svm trainSvm(const LabelledFeatures& features, int classes, const SvmOptions& options);

/// weight * x + bias at one C, without a choice; scores are not calibrated.
void fitSvm(const LabelledFeatures& features, int classes, double penalty, bool balanced,
            network::Tensor& weight, network::Tensor& bias);

/// One place where the network may be cut, and its features of the same pictures in the same order.
struct CutFeatures {
    std::string stage;
    LabelledFeatures features;
};

/// How well one cut does under cross-validation.
struct CutScore {
    std::string stage;
    double penalty = 0.0;
    std::int64_t correct = 0;
    std::int64_t total = 0;

    double accuracy() const
    {
        return total > 0 ? static_cast<double>(correct) / static_cast<double>(total) : 0.0;
    }
};

struct CutChoice {
    std::vector<CutScore> scores; ///< in the order of the cuts
    std::size_t best = 0; ///< the most right answers; the later cut where equal
    /// Of chooseCut, else empty. What to expect of the whole procedure: each outer fold is answered by a
    /// machine whose cut and C were chosen without it (S. Varma, R. Simon, "Bias in error estimation when
    /// using cross-validation for model selection", 2006). The best score itself is too good, because it was
    /// chosen for being the best.
    ConfusionMatrix nested;
};

/// The scores and the best of them.
CutChoice scoreCuts(const std::vector<CutFeatures>& cuts, int classes, const SvmOptions& options,
                    const std::function<void(const CutScore&)>& each = {});

/// The same, and how well the choice itself does. `each`, where set, is told every score as it is known, on
/// the calling thread. Requires cuts with the same labels and groups. Throws as trainSvm.
CutChoice chooseCut(const std::vector<CutFeatures>& cuts, int classes, const SvmOptions& options,
                    const std::function<void(const CutScore&)>& each = {});

} // namespace graft::learn
