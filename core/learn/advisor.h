#pragma once
#include "core/learn/advice.h"

namespace graft::learn {

// From what was measured to what follows, without looking at a picture. All of it is arithmetic on an Advice
// whose counts, familiarity, cuts and curve are filled in; what is missing there makes the answer less
// certain and no error.

inline constexpr double borderFamiliarity = 0.25; ///< where `similar` is 0, but for the cuts
inline constexpr double borderPictures = 300.0; ///< of a class; where `many` is 0, but for the curve

/// How fast this computer is, and how much there is to do.
struct Pace {
    int allPictures = 0; ///< of the project: linear and svm compute the features of each
    int testPictures = 0; ///< that a training will be measured on; 0: none, or very many
    double forwardPerSecond = 0.0; ///< pictures through the network, decoded
    double trainingPerSecond = 0.0; ///< pictures forward, backward and update
    double linearSeconds = 0.0; ///< to learn one linear classifier on the features of all training pictures
    double svmSeconds = 0.0; ///< to choose a cut and learn the support vector machine
    int finetuneEpochs = 20; ///< of the strategies' own plans
    int finetunePatience = 5;
    int scratchEpochs = 40;
    int scratchPatience = 10;
};

/// Fills in `similar`, `many` and their errors.
///
/// similar is the logarithm of the familiarity, 0 where it is 0.25 and 1 where it is ImageNet's own 0.72,
/// lowered where an earlier cut does better than the last. many is the logarithm of the pictures of a class,
/// 0 at 300 and 1 at 3,000, lowered where the learning curve still rises.
void place(Advice& advice);

/// Fills in `strategies`, in the order of the list of strategies. linear and svm are cross-validated; their
/// errors are carried on to all training pictures along the learning curve (error = a n^-b; b is drawn
/// towards what is usual as far as the curve leaves it open). finetune and scratch are derived from the
/// better of the two by where the pictures lie on the map, and their intervals are wide. An interval holds
/// what a test on Pace::testPictures pictures will show: chance in the measurement and in the test, and what
/// the model may be wrong by. Requires place().
void forecast(Advice& advice, const Pace& pace);

/// Fills in `recommended`, `init` and `reason`. Requires forecast().
void recommend(Advice& advice);

/// The stage where a support vector machine does best, the later one where equal; null without cuts.
const CutEvidence* bestSvmCut(const Advice& advice);

/// What a training on frozen features spends its time on: seconds.
struct FeatureTime {
    double features = 0.0; ///< to compute those of every picture
    double learning = 0.0; ///< from them
};

/// The times of linear and svm: at best all features are there already.
void setFeatureTime(Forecast& forecast, const FeatureTime& time);

/// What setFeatureTime() was told.
FeatureTime featureTime(const Forecast& forecast);

/// The forecast of a strategy, or null.
const Forecast* forecastOf(const Advice& advice, std::string_view strategy);

} // namespace graft::learn
