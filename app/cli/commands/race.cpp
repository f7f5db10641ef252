#include "core/engine/race.h"

#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/options.h"
#include "app/cli/text.h"
#include "core/learn/plan_choices.h"
#include "core/learn/strategy.h"

#include <CLI/CLI.hpp>

namespace graft::cli {

namespace {

using State = engine::Racer::State;

struct Arguments {
    std::string project;
    engine::RaceOptions options;
    std::string recipe = "none";
};

const char* word(State state)
{
    switch (state) {
    case State::Waiting:
        return "waiting";
    case State::Running:
        return "running";
    case State::Done:
        return "done";
    case State::Skipped:
        return "stopped";
    case State::Failed:
        return "failed";
    }
    return "";
}

Json strategyOf(const engine::Race& race, int racer)
{
    return racer < 0 ? Json() : Json(race.racers[static_cast<std::size_t>(racer)].strategy);
}

Json raceJson(const engine::Race& race, const engine::RaceOptions& options, bool stopped)
{
    Json list = Json::array();
    for (const engine::Racer& racer : race.racers)
        list.push_back({{"strategy", racer.strategy},
                        {"state", word(racer.state)},
                        {"run", racer.run.empty() ? Json() : Json(racer.run)},
                        {"seconds", racer.seconds},
                        {"validation", scoreJson(racer.validation)},
                        {"test", scoreJson(racer.test)},
                        {"problem", racer.problem.empty() ? Json() : Json(racer.problem)}});
    return {{"outcome", stopped ? "stopped" : "finished"},
            {"backbone", options.plan.backbone},
            {"minutes", options.minutes},
            {"racers", std::move(list)},
            {"winner", strategyOf(race, race.winner)},
            {"recommended", strategyOf(race, race.recommended)},
            {"sentence", race.sentence}};
}

/// "94 of 100, 94.0 % (87.5 to 97.2)"
std::string score(const learn::Answers& answers)
{
    if (answers.total == 0)
        return "-";
    const Interval interval = answers.interval();
    return grouped(answers.correct) + " of " + grouped(answers.total) + ", " + percent(answers.accuracy())
        + " (" + fixed(100.0 * interval.low, 1) + " to " + fixed(100.0 * interval.high, 1) + ")";
}

std::string raceText(const engine::Race& race, learn::Plan plan)
{
    Table table({"strategy", "state", "run", ">time", "test (95 % interval)", "validation"});
    std::string problems;
    for (const engine::Racer& racer : race.racers) {
        plan.strategy = racer.strategy;
        table.add({std::string(learn::titleOf(plan)), word(racer.state), racer.run.empty() ? "-" : racer.run,
                   racer.seconds > 0.0 ? duration(racer.seconds) : "-", score(racer.test),
                   score(racer.validation)});
        if (!racer.problem.empty())
            problems += "  " + racer.strategy + ": " + shown(racer.problem) + "\n";
    }
    return table.text() + (problems.empty() ? "" : "\n" + problems) + "\n" + race.sentence + "\n";
}

Answer runRace(const Arguments& arguments, Work& work)
{
    store::Project project = store::Project::open(arguments.project, store::Access::Write);
    engine::RaceOptions options = arguments.options;
    options.plan.recipe = storedRecipe(arguments.recipe);
    const engine::RaceHooks hooks {
        .standing = {},
        .event = [sink = work.progress.trainSink()](int, const TrainEvent& event) { sink(event); },
        .skip = {},
        .pause = work.pause};
    const engine::Race race = engine::race(project, options, hooks, work.stop);
    const bool stopped = work.stop.stop_requested();
    Json json = raceJson(race, options, stopped);
    if (race.recommended < 0 && !stopped) {
        const Error error(project.name(), "has no model from this race: every strategy failed",
                          "Read above why, or in graft-cli runs.");
        json["outcome"] = "failed";
        Answer answer = failed(std::move(json), error);
        answer.text = raceText(race, options.plan);
        return answer;
    }
    return {dump(json), raceText(race, options.plan), stopped ? WasStopped : Done, {}, {}};
}

} // namespace

Action prepareRace(CLI::App& app)
{
    const auto arguments = std::make_shared<Arguments>();
    engine::RaceOptions& options = arguments->options;
    learn::Plan& plan = options.plan;
    std::vector<std::string> ids;
    for (const learn::StrategySpec& spec : learn::strategies())
        ids.emplace_back(spec.id);
    addProject(app, arguments->project);
    app.add_option("--minutes", options.minutes,
                   "For each strategy, with reading features; those on frozen features end by themselves")
        ->type_name("M")
        ->check(CLI::Range(0.01, 1e4).description(""))
        ->capture_default_str();
    app.add_option("--strategies", options.strategies, "Who takes part, such as linear,svm; else all")
        ->type_name("ID,...")
        ->delimiter(',')
        ->check(CLI::IsMember(ids).description(""));
    addBackbone(app, plan.backbone);
    addRecipe(app, arguments->recipe)->capture_default_str();
    app.add_option("--copies", plan.copies, "linear, svm: augmented copies of each training picture")
        ->type_name("N")
        ->check(CLI::Range(0, 1000).description(""))
        ->capture_default_str();
    app.add_option("--loss", plan.loss, "What is made small: cross_entropy, mse, mae or cosine")
        ->type_name("ID")
        ->capture_default_str();
    app.add_option("--init", plan.init, "scratch: begin with the pretrained weights, or with random ones")
        ->type_name("weights|random")
        ->check(CLI::IsMember({"weights", "random"}).description(""))
        ->capture_default_str();
    app.add_option("--input-size", plan.inputSize,
                   "scratch: height and width of the pictures in pixels, a multiple of 32")
        ->type_name("N");
    addDevice(app, plan.device);
    addPrecision(app, plan.precision);
    requireDigits(*app.add_option("--seed", plan.seed, "Decides the order of the pictures and what is drawn")
                       ->type_name("N")
                       ->capture_default_str());
    return [arguments](Work& work) { return runRace(*arguments, work); };
}

} // namespace graft::cli
