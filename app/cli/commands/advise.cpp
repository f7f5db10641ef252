#include "core/engine/advise.h"

#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/options.h"
#include "app/cli/text.h"
#include "core/network/backbone.h"

#include <CLI/CLI.hpp>

namespace graft::cli {

namespace {

struct Arguments {
    std::string project;
    engine::AdviseOptions options;
    bool noRanking = false;
};

Json evidenceJson(const learn::Advice& advice)
{
    Json cuts = Json::array();
    for (const learn::CutEvidence& cut : advice.cuts)
        cuts.push_back({{"cut", cut.stage},
                        {"channels", cut.channels},
                        {"linear", scoreJson(cut.linear)},
                        {"svm", scoreJson(cut.svm)}});
    Json curve = Json::array();
    for (const learn::CurvePoint& point : advice.curve)
        curve.push_back(
            {{"share", point.share}, {"pictures", point.pictures}, {"linear", scoreJson(point.linear)}});
    Json backbones = Json::array();
    for (const learn::BackboneEvidence& backbone : advice.backbones)
        backbones.push_back({{"backbone", backbone.backbone},
                             {"log_me", backbone.logMe},
                             {"linear", scoreJson(backbone.probe)},
                             {"images_per_second", backbone.picturesPerSecond}});
    return {{"pictures", advice.pictures},
            {"measured_on", advice.measuredOn},
            {"classes", advice.classes},
            {"fewest", advice.fewest},
            {"most", advice.most},
            {"familiarity", advice.familiarity ? Json(*advice.familiarity) : Json()},
            {"often_seen_as", advice.oftenSeenAs},
            {"similar", advice.similar},
            {"similar_error", advice.similarError},
            {"many", advice.many},
            {"many_error", advice.manyError},
            {"cuts", std::move(cuts)},
            {"svm_at_chosen_cut", scoreJson(advice.chosenSvm)},
            {"curve", std::move(curve)},
            {"backbones", std::move(backbones)}};
}

Json strategiesJson(const learn::Advice& advice)
{
    Json list = Json::array();
    for (const learn::Forecast& forecast : advice.strategies)
        list.push_back({{"id", forecast.strategy},
                        {"cut", forecast.cut},
                        {"init", forecast.init.empty() ? Json() : Json(forecast.init)},
                        {"accuracy", forecast.accuracy},
                        {"interval", {forecast.likely.low, forecast.likely.high}},
                        {"seconds", {forecast.lowSeconds, forecast.highSeconds}},
                        {"measured", forecast.measured}});
    return list;
}

std::string accuracyText(const learn::Answers& answers)
{
    if (answers.total == 0)
        return "-";
    const Interval interval = answers.interval();
    return percent(answers.accuracy()) + " (" + fixed(100.0 * interval.low, 0) + " to "
        + fixed(100.0 * interval.high, 0) + ")";
}

std::string countsText(const learn::Advice& advice)
{
    std::string text = counted(advice.pictures, "picture") + " to learn from, in "
        + counted(advice.classes, "class", "classes") + " of " + grouped(advice.fewest)
        + (advice.most > advice.fewest ? " to " + grouped(advice.most) : std::string()) + ".\n";
    if (advice.measuredOn < advice.pictures)
        text += "Measured on " + grouped(advice.measuredOn) + " of them.\n";
    if (advice.familiarity)
        text += "The network is " + fixed(100.0 * *advice.familiarity, 0)
            + " % sure of what it sees (everyday photos: 40 to 50 %, X-rays: 13 %); most often it says '"
            + advice.oftenSeenAs + "'.\n";
    return text;
}

std::string cutsText(const learn::Advice& advice)
{
    Table table({"stage", ">channels", ">linear", ">svm"});
    for (const learn::CutEvidence& cut : advice.cuts)
        table.add({cut.stage, std::to_string(cut.channels), accuracyText(cut.linear), accuracyText(cut.svm)});
    return "\nRight answers, learned on each stage of the network (five-fold cross-validation, 95 % "
           "interval):\n\n"
        + table.text();
}

std::string curveText(const learn::Advice& advice)
{
    Table table({">learned from", ">right"});
    for (const learn::CurvePoint& point : advice.curve)
        table.add({counted(point.pictures, "picture"), accuracyText(point.linear)});
    return "\nWith fewer pictures, at the last stage:\n\n" + table.text();
}

std::string backbonesText(const learn::Advice& advice)
{
    if (advice.backbones.empty())
        return {};
    Table table({"network", ">LogME", ">linear", ">pictures a second"});
    for (const learn::BackboneEvidence& backbone : advice.backbones)
        table.add({std::string(network::backbone(backbone.backbone).title), fixed(backbone.logMe, 3),
                   accuracyText(backbone.probe), fixed(backbone.picturesPerSecond, 0)});
    return "\nNetworks whose weights are here, the most suitable first:\n\n" + table.text();
}

std::string strategiesText(const learn::Advice& advice)
{
    Table table({"strategy", "cut", ">right", ">likely", ">takes", "from"});
    for (const learn::Forecast& forecast : advice.strategies)
        table.add(
            {(forecast.strategy == advice.recommended ? "* " : "  ") + forecast.strategy, forecast.cut,
             percent(forecast.accuracy),
             fixed(100.0 * forecast.likely.low, 0) + " to " + fixed(100.0 * forecast.likely.high, 0) + " %",
             duration(forecast.lowSeconds) + " to " + duration(forecast.highSeconds),
             forecast.measured ? "measured" : "derived"});
    return "\nWhat each strategy would give on new pictures, and take on this computer:\n\n" + table.text();
}

std::string adviceText(const learn::Advice& advice, const std::string& project)
{
    std::string text = countsText(advice) + cutsText(advice) + curveText(advice) + backbonesText(advice)
        + strategiesText(advice) + "\n";
    if (advice.recommended.empty())
        return text + advice.reason + "\n";
    return text + "Recommended: " + advice.recommended + ". " + advice.reason
        + "\nBegin with: graft-cli train " + shown(project) + " --strategy " + advice.recommended + "\n";
}

Answer askForAdvice(const Arguments& arguments, Work& work)
{
    store::Project project = store::Project::open(arguments.project, store::Access::Write);
    engine::AdviseOptions options = arguments.options;
    options.rankBackbones = !arguments.noRanking;
    const learn::Advice advice = engine::advise(project, options, {}, work.progress.sink(), work.stop);
    const Json json {{"recommended", advice.recommended.empty() ? Json() : Json(advice.recommended)},
                     {"init", advice.init.empty() ? Json() : Json(advice.init)},
                     {"reason", advice.reason},
                     {"backbone", advice.backbone},
                     {"evidence", evidenceJson(advice)},
                     {"strategies", strategiesJson(advice)},
                     {"seconds", advice.seconds}};
    return {dump(json), adviceText(advice, arguments.project), Done, {}, {}};
}

} // namespace

Action prepareAdvise(CLI::App& app)
{
    const auto arguments = std::make_shared<Arguments>();
    addProject(app, arguments->project);
    addBackbone(app, arguments->options.backbone);
    addDevice(app, arguments->options.device);
    requireDigits(
        *app.add_option("--seed", arguments->options.seed, "Decides which pictures are asked about which")
             ->type_name("N")
             ->capture_default_str());
    app.add_flag("--no-ranking", arguments->noRanking, "Do not compare the other networks");
    return [arguments](Work& work) { return askForAdvice(*arguments, work); };
}

} // namespace graft::cli
