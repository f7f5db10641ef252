#include "core/learn/advisor.h"

#include <algorithm>
#include <cmath>

namespace graft::learn {

namespace {

std::string percent(double share)
{
    const long tenths = std::lround(1000.0 * share);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

std::string wholePercent(double share)
{
    return std::to_string(std::lround(100.0 * share)) + " %";
}

/// "5 seconds", "4 minutes", "about 3 hours": as exact as a forecast is.
std::string duration(double seconds)
{
    const auto words = [](double number, const char* unit) {
        const long whole = std::max(1L, std::lround(number));
        return std::to_string(whole) + " " + unit + (whole == 1 ? "" : "s");
    };
    constexpr double minute = 60.0;
    constexpr double hour = 3600.0;
    if (seconds < 1.5 * minute)
        return words(seconds, "second");
    return seconds < 1.5 * hour ? words(seconds / minute, "minute") : words(seconds / hour, "hour");
}

/// Whether `a` got more right than `b` by more than chance does. Both answered the same pictures.
bool plainlyBetter(const Answers& a, const Answers& b)
{
    if (a.total == 0 || b.total == 0)
        return false;
    const double n = static_cast<double>(std::min(a.total, b.total));
    const double variance =
        (a.accuracy() * (1.0 - a.accuracy()) + b.accuracy() * (1.0 - b.accuracy())) / n; // too large: paired
    return a.accuracy() - b.accuracy() > 2.0 * std::sqrt(variance);
}

/// Nothing was learned where even the best is not above always naming the largest class.
bool tellsNothingApart(const Advice& advice)
{
    const double largest =
        advice.pictures > 0 ? static_cast<double>(advice.most) / static_cast<double>(advice.pictures) : 1.0;
    const Answers& linear = advice.cuts.back().linear;
    return std::max(linear.interval().low, advice.chosenSvm.interval().low) <= largest;
}

/// With few pictures: by likeness, unless the measurement plainly says otherwise.
std::string onFrozenFeatures(const Advice& advice)
{
    const Answers& linear = advice.cuts.back().linear;
    if (advice.similar >= 0.0)
        return plainlyBetter(advice.chosenSvm, linear) ? "svm" : "linear";
    return plainlyBetter(linear, advice.chosenSvm) ? "linear" : "svm";
}

std::string chosen(const Advice& advice)
{
    constexpr double worthHours = 0.01; // accuracy
    const std::string frozen = onFrozenFeatures(advice);
    if (advice.many < 0.0)
        return frozen;
    const std::string whole =
        forecastOf(advice, "scratch")->accuracy > forecastOf(advice, "finetune")->accuracy ? "scratch"
                                                                                           : "finetune";
    const double gain = forecastOf(advice, whole)->accuracy - forecastOf(advice, frozen)->accuracy;
    return gain < worthHours ? frozen : whole;
}

std::string likeness(const Advice& advice)
{
    const std::string sure = advice.familiarity
        ? " (it is " + wholePercent(*advice.familiarity) + " sure of what it sees, where it is "
            + (advice.similar < 0.0 ? "over 40 % sure with everyday photos)" : "15 % sure with X-rays)")
        : std::string();
    constexpr double plain = 0.2; // on the axis of the map
    const char* const words = advice.similar > plain ? "are like"
        : advice.similar > -plain                    ? "are only partly like"
                                                     : "are unlike";
    return words + std::string(" the photos that the network knows") + sure;
}

std::string size(const Advice& advice)
{
    const auto each = std::lround(static_cast<double>(advice.pictures) / std::max(1, advice.classes));
    return "about " + std::to_string(each) + " a class";
}

std::string firstSentence(const Advice& advice)
{
    const bool few = advice.many < 0.0;
    return "Your pictures " + likeness(advice) + (few ? " and few, " : " and many, ") + size(advice) + ".";
}

std::string times(const Forecast& forecast)
{
    return duration(forecast.lowSeconds) + " to " + duration(forecast.highSeconds);
}

std::string secondSentence(const Advice& advice)
{
    const Forecast& own = *forecastOf(advice, advice.recommended);
    const std::string figures = " about " + wholePercent(own.accuracy) + " right (likely "
        + wholePercent(own.likely.low) + " to " + wholePercent(own.likely.high) + "), in " + times(own);
    const Answers& linear = advice.cuts.back().linear;
    if (advice.recommended == "linear")
        return std::string("So a linear classifier on the finished network is enough")
            + (advice.many < 0.0 ? ":" : ", and training the whole network would hardly gain anything:")
            + figures + ".";
    if (advice.recommended == "svm")
        return "So let a support vector machine learn on the stage " + own.cut + ", where it gets "
            + percent(advice.chosenSvm.accuracy()) + " right against " + percent(linear.accuracy())
            + " of a linear classifier at the end of the network: expect" + figures + ".";
    if (advice.recommended == "finetune")
        return "So the whole network can learn on without spoiling what it knows: expect" + figures
            + ", where frozen features would give " + wholePercent(forecastOf(advice, "linear")->accuracy)
            + ".";
    return "So let all of it learn, with the pretrained weights only as a start: expect" + figures
        + ", where frozen features would give " + wholePercent(forecastOf(advice, "linear")->accuracy) + ".";
}

} // namespace

void recommend(Advice& advice)
{
    advice.recommended.clear();
    advice.init.clear();
    if (advice.strategies.empty() || advice.cuts.empty())
        return;
    if (tellsNothingApart(advice)) {
        advice.reason = "No way of learning that was tried tells these classes apart better than always "
                        "naming the largest "
                        "one. Look whether the pictures lie in the right folders, and add more of them.";
        return;
    }
    advice.recommended = chosen(advice);
    advice.init = forecastOf(advice, advice.recommended)->init;
    advice.reason = firstSentence(advice) + " " + secondSentence(advice);
}

} // namespace graft::learn
