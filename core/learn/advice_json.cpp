#include "core/learn/advice_json.h"

#include "core/base/error.h"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace graft::learn {

using nlohmann::json;

namespace {

[[noreturn]] void reject(const std::string& key)
{
    throw Error(key, "is not what it should be in an advice", "Ask for advice again.");
}

std::string dump(const json& value)
{
    return value.dump(-1, ' ', true, json::error_handler_t::replace);
}

json objectFrom(std::string_view text)
{
    json value = json::parse(text, nullptr, false);
    if (!value.is_object())
        reject("advice");
    return value;
}

/// Leaves `into` as it is where the key is missing.
template <typename T>
void read(const json& object, const char* key, T& into)
{
    const auto found = object.find(key);
    if (found == object.end() || found->is_null())
        return;
    try {
        into = found->get<T>();
    } catch (const json::exception&) {
        reject(key);
    }
}

template <typename T, typename From>
void readList(const json& object, const char* key, std::vector<T>& into, const From& from)
{
    const auto found = object.find(key);
    if (found == object.end())
        return;
    if (!found->is_array())
        reject(key);
    for (const json& item : *found) {
        if (!item.is_object())
            reject(key);
        into.push_back(from(item));
    }
}

template <typename T, typename To>
json list(const std::vector<T>& items, const To& to)
{
    json array = json::array();
    for (const T& item : items)
        array.push_back(to(item));
    return array;
}

json answersTo(const Answers& answers)
{
    return {{"correct", answers.correct}, {"total", answers.total}};
}

void readAnswers(const json& object, const char* key, Answers& into)
{
    const auto found = object.find(key);
    if (found == object.end())
        return;
    if (!found->is_object())
        reject(key);
    read(*found, "correct", into.correct);
    read(*found, "total", into.total);
    if (into.correct < 0 || into.correct > into.total)
        reject(key);
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
    std::array<double, 2> likely {forecast.likely.low, forecast.likely.high};
    read(object, "likely", likely);
    forecast.likely = {likely[0], likely[1]};
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

} // namespace

std::string toJson(const Forecast& forecast)
{
    return dump(forecastTo(forecast));
}

Forecast forecastFromJson(std::string_view text)
{
    return forecastFrom(objectFrom(text));
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
    const json object = objectFrom(text);
    Advice advice;
    read(object, "backbone", advice.backbone);
    read(object, "classes", advice.classes);
    read(object, "fewest", advice.fewest);
    read(object, "most", advice.most);
    read(object, "pictures", advice.pictures);
    read(object, "measured_on", advice.measuredOn);
    double familiarity = std::nan("");
    read(object, "familiarity", familiarity);
    if (!std::isnan(familiarity))
        advice.familiarity = familiarity;
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

} // namespace graft::learn
