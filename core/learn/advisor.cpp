#include "core/learn/advisor.h"

#include "core/learn/strategy.h"

#include <algorithm>
#include <cmath>

namespace graft::learn {

namespace {

constexpr double z95 = 1.96; // deviations on either side that hold 95 %

// Measured with EfficientNet-Lite: photos of everyday things 0.40 to 0.46, ImageNet's own pictures 0.72,
// X-rays 0.13, drawn digits 0.15.
constexpr double imagenetFamiliarity = 0.72;
constexpr double cutShift = 0.4; // of `similar`, where an earlier cut is better by `plainlyBetter` or more
constexpr double plainlyBetter = 0.05;

constexpr double plentyPictures = 3000.0;
constexpr double curveShift = 0.15; // of `many`, to either side
constexpr double stillRises = 0.05; // accuracy gained by twice the pictures: 0 is flat

// Of error = a n^-b: what is usual for linear classifiers on frozen features, and how far it goes.
constexpr double usualDecay = 0.3;
constexpr double usualDecayError = 0.15;
constexpr double foldShare = 0.8; // of the measured pictures, that each fold learned from

constexpr double otherSteps = 2.0; // time: the strategy's own solver, and models to write
constexpr double otherSolver = 0.015; // accuracy: what a training does otherwise than the cross-validation

/// Standard deviation of an accuracy; never 0, however few were asked.
double deviation(const Answers& answers)
{
    const double n = static_cast<double>(answers.total) + 2.0;
    const double p = (static_cast<double>(answers.correct) + 1.0) / n;
    return std::sqrt(p * (1.0 - p) / n);
}

double onSimilarityAxis(double familiarity)
{
    return std::log(familiarity / borderFamiliarity) / std::log(imagenetFamiliarity / borderFamiliarity);
}

void placeSimilar(Advice& advice)
{
    constexpr double unknown = 1.0;
    constexpr double faintest = 0.01; // the network is this sure of noise
    constexpr double ofFamiliarity = 0.1; // the same pictures seen by another network
    advice.similar = 0.0;
    advice.similarError = unknown;
    if (!advice.familiarity)
        return;
    advice.similar = onSimilarityAxis(std::max(*advice.familiarity, faintest));
    advice.similarError = ofFamiliarity;
    if (advice.cuts.size() > 1) {
        const Answers& last = advice.cuts.back().linear;
        const auto before = std::max_element(
            advice.cuts.begin(), advice.cuts.end() - 1,
            [](const CutEvidence& a, const CutEvidence& b) { return a.linear.correct < b.linear.correct; });
        const double ahead = (before->linear.accuracy() - last.accuracy()) / plainlyBetter;
        const double error = std::hypot(deviation(before->linear), deviation(last)) / plainlyBetter;
        advice.similar -= cutShift * std::clamp(ahead, -1.0, 1.0);
        advice.similarError = std::hypot(advice.similarError, cutShift * std::min(error, 1.0));
    }
    advice.similar = std::clamp(advice.similar, -1.0, 1.0);
}

void placeMany(Advice& advice)
{
    const double each = advice.classes > 0
        ? std::max(1.0, static_cast<double>(advice.pictures) / static_cast<double>(advice.classes))
        : 1.0;
    const auto onAxis = [](double pictures) {
        return std::log(pictures / borderPictures) / std::log(plentyPictures / borderPictures);
    };
    advice.many = onAxis(each);
    const double toSmallest = std::abs(onAxis(each) - onAxis(std::max(1, advice.fewest)));
    advice.manyError = std::max(0.1, toSmallest / 2.0); // unequal classes lie at several places
    if (advice.curve.size() > 1) {
        const Answers& all = advice.curve.back().linear;
        const Answers& less = advice.curve[advice.curve.size() - 2].linear;
        const double rise = (all.accuracy() - less.accuracy()) / stillRises;
        advice.many += curveShift * (1.0 - 2.0 * std::clamp(rise, 0.0, 1.0));
        const double error = std::hypot(deviation(all), deviation(less)) / stillRises;
        advice.manyError = std::hypot(advice.manyError, curveShift * std::min(error, 1.0));
    }
    advice.many = std::clamp(advice.many, -1.0, 1.0);
}

/// A number and its standard deviation.
struct Estimate {
    double value = 0.0;
    double error = 0.0;
};

/// b of error = a n^-b: the slope of the learning curve on logarithmic paper, weighted by how sure each point
/// is, and joined with what is usual.
Estimate decayOf(const std::vector<CurvePoint>& curve)
{
    double weights = 0.0;
    double meanX = 0.0;
    double meanY = 0.0;

    struct Point {
        double x;
        double y;
        double weight;
    };

    std::vector<Point> points;
    for (const CurvePoint& point : curve) {
        if (point.pictures < 1 || point.linear.total < 1)
            continue;
        const double total = static_cast<double>(point.linear.total) + 2.0;
        const double wrong = (static_cast<double>(point.linear.total - point.linear.correct) + 1.0) / total;
        const double weight = wrong * total / (1.0 - wrong); // 1 / variance of its logarithm
        points.push_back({std::log(static_cast<double>(point.pictures)), std::log(wrong), weight});
        weights += weight;
        meanX += weight * points.back().x;
        meanY += weight * points.back().y;
    }
    const Estimate usual {usualDecay, usualDecayError};
    if (points.size() < 2)
        return usual;
    meanX /= weights;
    meanY /= weights;
    double xx = 0.0;
    double xy = 0.0;
    for (const Point& point : points) {
        xx += point.weight * (point.x - meanX) * (point.x - meanX);
        xy += point.weight * (point.x - meanX) * (point.y - meanY);
    }
    const double prior = 1.0 / (usual.error * usual.error);
    const double precision = xx + prior; // xx is 1 / variance of the slope
    return {std::max(0.0, (-xy + prior * usual.value) / precision), 1.0 / std::sqrt(precision)};
}

/// The error of a strategy on new pictures after learning from all training pictures; the deviations are of
/// its logarithm.
struct Outlook {
    double error = 0.0;
    double measuredOn = 0.0; ///< answers behind it
    double doubt = 0.0; ///< that comes on top of counting
};

Outlook grown(const Advice& advice, const Answers& held, const Estimate& decay)
{
    const double learned = foldShare * std::max(1, advice.measuredOn);
    const double steps = std::log(std::max(1.0, static_cast<double>(advice.pictures) / learned));
    const double total = static_cast<double>(held.total);
    const double wrong = total > 0.0 ? static_cast<double>(held.total - held.correct) / total : 0.5;
    return {wrong * std::exp(-decay.value * steps), total, decay.error * steps};
}

/// What share of `tested` pictures will be right in 19 of 20 cases, where `measuredOn` answers gave this
/// accuracy: the beta-binomial distribution, with Jeffreys' prior (A. Gelman et al., "Bayesian data
/// analysis", section 2.4).
Interval byChance(double accuracy, double measuredOn, int tested)
{
    constexpr int veryMany = 1000; // then only the measurement errs
    constexpr double tail = 0.025;
    const int n = tested > 0 ? std::min(tested, veryMany) : veryMany;
    const double a = accuracy * measuredOn + 0.5;
    const double b = (1.0 - accuracy) * measuredOn + 0.5;
    const double known =
        std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + std::lgamma(n + 1.0) - std::lgamma(a + b + n);
    const auto probability = [&](int right) {
        const double wrong = n - right;
        return std::exp(known - std::lgamma(right + 1.0) - std::lgamma(wrong + 1.0) + std::lgamma(a + right)
                        + std::lgamma(b + wrong));
    };
    double below = 0.0; // the probability of fewer right ones than k
    Interval interval {0.0, 1.0};
    for (int k = 0; k <= n; ++k) {
        if (below <= tail)
            interval.low = static_cast<double>(k) / n;
        below += probability(k);
        if (below >= 1.0 - tail) {
            interval.high = static_cast<double>(k) / n;
            break;
        }
    }
    return interval;
}

void predict(Forecast& forecast, const Outlook& outlook, int tested)
{
    forecast.accuracy = 1.0 - std::clamp(outlook.error, 0.0, 1.0);
    const Interval chance = byChance(forecast.accuracy, outlook.measuredOn, tested);
    const double least = 0.5 / std::max(1.0, outlook.measuredOn); // an error of 0 has no logarithm
    const double error = std::max(outlook.error, least);
    const double worse = error * (std::exp(z95 * outlook.doubt) - 1.0);
    const double better = error * (1.0 - std::exp(-z95 * outlook.doubt));
    const auto joined = [](double a, double b) { return std::hypot(a, b, otherSolver); };
    forecast.likely.low = std::max(0.0, forecast.accuracy - joined(forecast.accuracy - chance.low, worse));
    forecast.likely.high = std::min(1.0, forecast.accuracy + joined(chance.high - forecast.accuracy, better));
}

/// How much of a linear classifier's error is left after fine-tuning: all of it with few pictures, less the
/// more there are, and less where the frozen features fit badly (S. Kornblith et al., "Do better ImageNet
/// models transfer better?", CVPR 2019, figure 7 and its discussion: the gain falls with the number of
/// pictures and with similarity).
double leftByFinetune(const Advice& advice)
{
    constexpr double none = -0.8; // on the axis `many`: below it nothing is gained
    constexpr double whole = 0.6;
    const double gain = std::clamp((advice.many - none) / (whole - none), 0.0, 1.0);
    return 1.0 - gain * (0.3 + 0.1 * (1.0 - advice.similar));
}

/// The same at one rate for all layers, which forgets more: worse where pictures are few and similar, better
/// where they are many and different.
double leftByScratch(const Advice& advice)
{
    return leftByFinetune(advice) * std::exp(0.5 * (0.8 - advice.many + 0.5 * advice.similar));
}

/// Of a training over epochs that may end early.
void epochTimes(Forecast& forecast, const Advice& advice, const Pace& pace, int epochs, int patience)
{
    constexpr double overhead = 1.25; // validation, checkpoints, a computer that does something else as well
    if (pace.trainingPerSecond <= 0.0)
        return;
    const double epoch = advice.pictures / pace.trainingPerSecond;
    forecast.lowSeconds = epoch * std::min(epochs, patience + 1);
    forecast.highSeconds = epoch * epochs * overhead;
}

} // namespace

void place(Advice& advice)
{
    placeSimilar(advice);
    placeMany(advice);
}

const CutEvidence* bestSvmCut(const Advice& advice)
{
    const CutEvidence* best = nullptr;
    for (const CutEvidence& cut : advice.cuts) {
        if (!best || cut.svm.correct >= best->svm.correct)
            best = &cut;
    }
    return best;
}

void setFeatureTime(Forecast& forecast, const FeatureTime& time)
{
    forecast.lowSeconds = time.learning / otherSteps;
    forecast.highSeconds = otherSteps * (time.features + time.learning);
}

FeatureTime featureTime(const Forecast& forecast)
{
    const double learning = forecast.lowSeconds * otherSteps;
    return {std::max(0.0, forecast.highSeconds / otherSteps - learning), learning};
}

const Forecast* forecastOf(const Advice& advice, std::string_view strategy)
{
    const auto found = std::ranges::find(advice.strategies, strategy, &Forecast::strategy);
    return found == advice.strategies.end() ? nullptr : &*found;
}

void forecast(Advice& advice, const Pace& pace)
{
    constexpr double tunedDoubt = 0.35; // of the logarithm of the error
    constexpr double scratchDoubt = 0.5;
    advice.strategies.clear();
    if (advice.cuts.empty())
        return;
    const Estimate decay = decayOf(advice.curve);
    const Outlook linear = grown(advice, advice.cuts.back().linear, decay);
    const Outlook svm = grown(advice, advice.chosenSvm, decay);
    const double features = pace.forwardPerSecond > 0.0 ? pace.allPictures / pace.forwardPerSecond : 0.0;
    const Outlook& frozen = svm.error < linear.error ? svm : linear;
    const auto derived = [&](double left, double doubt) {
        return Outlook {std::min(frozen.error * left, 1.0 - 1.0 / advice.classes), frozen.measuredOn,
                        std::hypot(frozen.doubt, doubt)};
    };
    for (const StrategySpec& spec : strategies()) {
        Forecast now;
        now.strategy = spec.id;
        now.cut = advice.cuts.back().stage;
        if (spec.id == "linear") {
            predict(now, linear, pace.testPictures);
            setFeatureTime(now, {features, pace.linearSeconds});
            now.measured = true;
        } else if (spec.id == "svm") {
            now.cut = bestSvmCut(advice)->stage;
            predict(now, svm, pace.testPictures);
            setFeatureTime(now, {features, pace.svmSeconds});
            now.measured = true;
        } else if (spec.id == "finetune") {
            predict(now, derived(leftByFinetune(advice), tunedDoubt), pace.testPictures);
            epochTimes(now, advice, pace, pace.finetuneEpochs, pace.finetunePatience);
        } else if (spec.id == "scratch") {
            now.init = "weights";
            predict(now, derived(leftByScratch(advice), scratchDoubt), pace.testPictures);
            epochTimes(now, advice, pace, pace.scratchEpochs, pace.scratchPatience);
        } else {
            continue;
        }
        advice.strategies.push_back(std::move(now));
    }
}

} // namespace graft::learn
