#include "core/learn/advice_json.h"

#include "core/base/error.h"
#include "core/learn/inside/json_members.h"

#include <iterator>

namespace graft::learn {

using nlohmann::json;

namespace {

/// What was not known was written as null, as are numbers that are none: both count as missing.
void forgetNulls(json& value)
{
    if (value.is_object()) {
        for (auto member = value.begin(); member != value.end();)
            member = member->is_null() ? value.erase(member) : std::next(member);
    }
    if (value.is_structured()) {
        for (json& each : value)
            forgetNulls(each);
    }
}

/// An advice is no file that a person has another copy of.
template <typename Read>
auto readAdvice(std::string_view text, const Read& from)
{
    try {
        json object = parseAs(json::value_t::object, "advice", text);
        forgetNulls(object);
        return from(object);
    } catch (const Error& error) {
        throw Error(error.subject(), error.happened(), "Ask for advice again.");
    }
}

json answersTo(const Answers& answers)
{
    return {{"correct", answers.correct}, {"total", answers.total}};
}

void readAnswers(const json& object, const char* key, Answers& into)
{
    const json* answers = member(object, key);
    if (!answers)
        return;
    if (!answers->is_object())
        reject(key, "is no object");
    read(*answers, "correct", into.correct);
    read(*answers, "total", into.total);
    if (into.correct > into.total)
        reject(key, "counts more right answers than answers");
}

json forecastTo(const Forecast& forecast)
{
    return {{"strategy", forecast.strategy},
            {"cut", forecast.cut},
            {"init", forecast.init},
            {"accuracy", forecast.accuracy},
            {"likely", {forecast.likely.low, forecast.likely.high}},
            {"low_seconds", forecast.lowSeconds},
            {"high_seconds", forecast.highSeconds},
            {"measured", forecast.measured}};
}

Forecast forecastFrom(const json& object)
{
    Forecast forecast;
    read(object, "strategy", forecast.strategy);
    read(object, "cut", forecast.cut);
    read(object, "init", forecast.init);
    read(object, "accuracy", forecast.accuracy);
    if (const json* likely = member(object, "likely")) {
        if (!likely->is_array() || likely->size() != 2 || !(*likely)[0].is_number()
            || !(*likely)[1].is_number())
            reject("likely", "is no pair of numbers");
        forecast.likely = {(*likely)[0].get<double>(), (*likely)[1].get<double>()};
    }
    read(object, "low_seconds", forecast.lowSeconds);
    read(object, "high_seconds", forecast.highSeconds);
    read(object, "measured", forecast.measured);
    return forecast;
}

json cutTo(const CutEvidence& cut)
{
    return {{"stage", cut.stage},
            {"channels", cut.channels},
            {"linear", answersTo(cut.linear)},
            {"svm", answersTo(cut.svm)}};
}

CutEvidence cutFrom(const json& object)
{
    CutEvidence cut;
    read(object, "stage", cut.stage);
    read(object, "channels", cut.channels);
    readAnswers(object, "linear", cut.linear);
    readAnswers(object, "svm", cut.svm);
    return cut;
}

json pointTo(const CurvePoint& point)
{
    return {{"share", point.share}, {"pictures", point.pictures}, {"linear", answersTo(point.linear)}};
}

CurvePoint pointFrom(const json& object)
{
    CurvePoint point;
    read(object, "share", point.share);
    read(object, "pictures", point.pictures);
    readAnswers(object, "linear", point.linear);
    return point;
}

json backboneTo(const BackboneEvidence& backbone)
{
    return {{"backbone", backbone.backbone},
            {"log_me", backbone.logMe},
            {"probe", answersTo(backbone.probe)},
            {"pictures_per_second", backbone.picturesPerSecond}};
}

BackboneEvidence backboneFrom(const json& object)
{
    BackboneEvidence backbone;
    read(object, "backbone", backbone.backbone);
    read(object, "log_me", backbone.logMe);
    readAnswers(object, "probe", backbone.probe);
    read(object, "pictures_per_second", backbone.picturesPerSecond);
    return backbone;
}

Advice adviceFrom(const json& object)
{
    Advice advice;
    read(object, "backbone", advice.backbone);
    read(object, "classes", advice.classes);
    read(object, "fewest", advice.fewest);
    read(object, "most", advice.most);
    read(object, "pictures", advice.pictures);
    read(object, "measured_on", advice.measuredOn);
    if (member(object, "familiarity"))
        read(object, "familiarity", advice.familiarity.emplace());
    read(object, "often_seen_as", advice.oftenSeenAs);
    readList(object, "cuts", advice.cuts, cutFrom);
    readAnswers(object, "chosen_svm", advice.chosenSvm);
    readList(object, "curve", advice.curve, pointFrom);
    readList(object, "backbones", advice.backbones, backboneFrom);
    readList(object, "strategies", advice.strategies, forecastFrom);
    read(object, "similar", advice.similar);
    read(object, "similar_error", advice.similarError);
    read(object, "many", advice.many);
    read(object, "many_error", advice.manyError);
    read(object, "recommended", advice.recommended);
    read(object, "init", advice.init);
    read(object, "reason", advice.reason);
    read(object, "seconds", advice.seconds);
    read(object, "created", advice.created);
    read(object, "data_fingerprint", advice.dataFingerprint);
    return advice;
}

} // namespace

std::string toJson(const Forecast& forecast)
{
    return dump(forecastTo(forecast));
}

Forecast forecastFromJson(std::string_view text)
{
    return readAdvice(text, forecastFrom);
}

std::string toJson(const Advice& advice)
{
    return dump({{"backbone", advice.backbone},
                 {"classes", advice.classes},
                 {"fewest", advice.fewest},
                 {"most", advice.most},
                 {"pictures", advice.pictures},
                 {"measured_on", advice.measuredOn},
                 {"familiarity", advice.familiarity ? json(*advice.familiarity) : json()},
                 {"often_seen_as", advice.oftenSeenAs},
                 {"cuts", list(advice.cuts, cutTo)},
                 {"chosen_svm", answersTo(advice.chosenSvm)},
                 {"curve", list(advice.curve, pointTo)},
                 {"backbones", list(advice.backbones, backboneTo)},
                 {"strategies", list(advice.strategies, forecastTo)},
                 {"similar", advice.similar},
                 {"similar_error", advice.similarError},
                 {"many", advice.many},
                 {"many_error", advice.manyError},
                 {"recommended", advice.recommended},
                 {"init", advice.init},
                 {"reason", advice.reason},
                 {"seconds", advice.seconds},
                 {"created", advice.created},
                 {"data_fingerprint", advice.dataFingerprint}});
}

Advice adviceFromJson(std::string_view text)
{
    return readAdvice(text, adviceFrom);
}

} // namespace graft::learn
