#pragma once
#include "core/base/metrics.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace graft::learn {

/// Answers to pictures that were not learned from.
struct Answers {
    std::int64_t correct = 0;
    std::int64_t total = 0; ///< 0: not measured

    double accuracy() const
    {
        return total > 0 ? static_cast<double>(correct) / static_cast<double>(total) : 0.0;
    }

    Interval interval() const { return wilson(correct, total); } ///< 95 %
};

/// How well the classes can be told apart by the features of one stage, five-fold cross-validated on training
/// pictures.
struct CutEvidence {
    std::string stage; ///< of the backbone, in the order of the network
    int channels = 0;
    Answers linear; ///< logistic regression
    Answers svm; ///< linear support vector machine
};

/// One point of the learning curve: a linear classifier that learned from a share of the training pictures.
struct CurvePoint {
    double share = 0.0; ///< 1/4, 1/2, 1
    int pictures = 0; ///< learned from
    Answers linear;
};

/// How well a backbone's features of its last stage suit these pictures. Only backbones whose weights are on
/// this computer are ranked.
struct BackboneEvidence {
    std::string backbone;
    double logMe = 0.0; ///< greater is better (K. You et al., "LogME", ICML 2021)
    Answers probe; ///< linear, cross-validated
    double picturesPerSecond = 0.0; ///< forward, measured here
};

/// What a strategy would give and take on this computer.
struct Forecast {
    std::string strategy;
    std::string cut; ///< the stage that it would stand on
    std::string init; ///< of scratch: "weights" or "random"; empty for the others
    double accuracy = 0.0; ///< of test pictures, 0..1
    Interval likely; ///< in 19 of 20 cases
    double lowSeconds = 0.0;
    double highSeconds = 0.0;
    bool measured = false; ///< by cross-validation of this very strategy; else derived from the others
};

/// Where a project's pictures lie on the map "how many" x "how similar to ImageNet", why, and what follows.
/// Filled in piece by piece while it is measured: what is not known yet is empty.
struct Advice {
    std::string backbone; ///< that it was measured with
    int classes = 0;
    int fewest = 0; ///< training pictures of the smallest class
    int most = 0; ///< and of the largest
    int pictures = 0; ///< training pictures
    int measuredOn = 0; ///< of them; fewer where there are very many
    std::optional<double> familiarity; ///< mean top-1 ImageNet probability, 0..1
    std::string oftenSeenAs; ///< the ImageNet class that the backbone names most often; empty where unknown
    std::vector<CutEvidence> cuts;
    /// What svm may expect: like CutEvidence::svm, but the cut and its penalty are chosen anew for each fold
    /// by the others. The best of the cuts itself is too good, because it was chosen for being the best.
    Answers chosenSvm;
    std::vector<CurvePoint> curve; ///< on the last stage; the smallest share first
    std::vector<BackboneEvidence> backbones; ///< best first
    std::vector<Forecast> strategies; ///< in the order of the list of strategies
    /// The place on the map. similar: -1 nothing like ImageNet .. 1 the same; many: -1 very few .. 1 plenty.
    /// The crosses reach `similarError` and `manyError` to both sides.
    double similar = 0.0;
    double similarError = 0.0;
    double many = 0.0;
    double manyError = 0.0;
    std::string recommended; ///< a strategy's id; empty while or where nothing can be recommended
    std::string init; ///< of scratch, where that is recommended: "weights" or "random"
    std::string reason; ///< two plain sentences: why; or why nothing can be recommended
    double seconds = 0.0; ///< that the measuring took
    std::uint64_t created = 0; ///< seconds since 1970, UTC
    std::string dataFingerprint; ///< of the pictures that it was measured on

    bool complete() const { return !strategies.empty(); }
};

} // namespace graft::learn
