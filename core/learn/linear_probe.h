#pragma once
#include "core/learn/advice.h"
#include "core/learn/folds.h"

#include <map>
#include <stop_token>
#include <vector>

namespace graft::learn {

enum class ProbeKind {
    Logistic, ///< softmax and cross-entropy; the bias is free
    Svm, ///< one against all others, squared hinge; the bias is penalised like a weight, as LIBLINEAR does
};

/// C, the price of an error against |w|²/2, by kind and in rising order. Logistic has the one that suits
/// standardised features of pretrained networks; Svm those that learn::SvmOptions tries.
std::vector<double> probePenalties(ProbeKind kind);

/// A layer on raw features: scores = weight * features + bias.
struct ProbeLayer {
    std::vector<float> weight; ///< [classes, channels]
    std::vector<float> bias; ///< [classes]
};

/// Fits a linear classifier on standardised features at each of `penalties`, in rising order, each beginning
/// where the one before ended. Solved on dense float32 by L-BFGS (J. Nocedal, "Updating quasi-Newton matrices
/// with limited storage", 1980), to what right answers need and not to the last digit: many times as fast on
/// features as a solver of sparse rows, which is what makes evidence for many cuts cheap. Draws no random
/// numbers. `prices`: by class, what an error in its pictures costs more than in others (as LIBLINEAR counts
/// it: with three classes or more only in the machine of that class); empty: the same everywhere.
std::vector<ProbeLayer> fitProbe(const LabelledFeatures& training, int classes, ProbeKind kind,
                                 const std::vector<double>& penalties,
                                 const std::map<int, double>& prices = {});

/// What classifiers answered to pictures that they had not learned from.
struct HeldOut {
    std::vector<std::vector<Answers>> answers; ///< [penalty][fold]

    std::size_t folds() const { return answers.empty() ? 0 : answers.front().size(); }

    Answers pooled(std::size_t penalty) const; ///< over the folds
    Answers best() const; ///< pooled, at the penalty with the most right answers
};

/// Cross-validates at probePenalties(). `fold` is stratifiedFolds() of the rows; `share` is how much of each
/// class in the other folds is learned from, 0..1. Folds run on up to `threads` threads. Throws Stopped.
HeldOut crossValidate(const LabelledFeatures& features, const std::vector<int>& fold, int classes,
                      ProbeKind kind, double share, int threads, std::stop_token stop);

/// What to expect where the best of several (cut and penalty) is taken: each fold is answered by the one that
/// does best in the other folds, so that nothing is chosen by the pictures that it is tested on. Requires the
/// same folds in all.
Answers answersOfTheBest(const std::vector<HeldOut>& candidates);

} // namespace graft::learn
