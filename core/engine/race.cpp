#include "core/engine/race.h"

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/engine/evaluate.h"
#include "core/engine/train.h"
#include "core/learn/race_verdict.h"
#include "core/learn/strategy.h"
#include "core/share/model_file.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <variant>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

using State = Racer::State;

/// Requests a stop of its own as soon as either of two others is requested.
class EitherStop
{
public:
    EitherStop(std::stop_token first, std::stop_token second)
        : m_first(std::move(first), Request {m_source})
        , m_second(std::move(second), Request {m_source})
    {
    }

    std::stop_token token() const { return m_source.get_token(); }

private:
    struct Request {
        std::stop_source source;

        void operator()() { source.request_stop(); }
    };

    std::stop_source m_source;
    std::stop_callback<Request> m_first;
    std::stop_callback<Request> m_second;
};

std::vector<std::string> strategiesOf(const RaceOptions& options)
{
    if (options.strategies.empty()) {
        std::vector<std::string> all;
        for (const learn::StrategySpec& spec : learn::strategies())
            all.emplace_back(spec.id);
        return all;
    }
    std::set<std::string> known;
    for (const std::string& id : options.strategies) {
        learn::strategy(id);
        if (!known.insert(id).second)
            throw Error("strategies", "names " + id + " twice", "Name each one once.");
    }
    return options.strategies;
}

/// The common plan as one strategy uses it: what belongs to a single way to learn is that strategy's own.
learn::Plan planOf(const RaceOptions& options, const std::string& strategy)
{
    learn::Plan plan = options.plan;
    plan.strategy = strategy;
    const bool learnsForATime =
        std::holds_alternative<learn::LearnFromPictures>(learn::strategy(strategy).way);
    plan.minutes = learnsForATime ? options.minutes : 0.0; // the others end by themselves
    plan.cut.clear();
    plan.epochs = 0;
    if (strategy != "scratch") {
        plan.init = "weights";
        plan.inputSize = 0;
    }
    if (strategy != "svm") {
        plan.kernel = "linear";
        plan.gamma = 0.0;
    } else {
        plan.headDropout = -1.0;
    }
    return plan;
}

class Course
{
public:
    Course(store::Project& project, const RaceOptions& options, const RaceHooks& hooks, std::stop_token stop)
        : m_project(project)
        , m_options(options)
        , m_hooks(hooks)
        , m_stop(std::move(stop))
    {
        for (const std::string& id : strategiesOf(options))
            m_race.racers.emplace_back().strategy = id;
    }

    Race run()
    {
        tell();
        for (int i = 0; i < count() && !m_stop.stop_requested(); ++i) {
            train(i);
            const auto hear = [&](const TrainEvent& event) { pass(i, event); };
            holdWhilePaused(m_hooks.pause.get(), m_stop, hear);
        }
        const bool noneWasMade = std::ranges::all_of(m_race.racers, [](const Racer& racer) {
            return racer.state == State::Failed && racer.run.empty();
        });
        if (noneWasMade && m_error)
            throw *m_error;
        judge();
        tell();
        return std::move(m_race);
    }

private:
    int count() const { return static_cast<int>(m_race.racers.size()); }

    Racer& racer(int i) { return m_race.racers[static_cast<std::size_t>(i)]; }

    void tell() const
    {
        if (m_hooks.standing)
            m_hooks.standing(m_race);
    }

    void pass(int i, const TrainEvent& event) const
    {
        if (m_hooks.event)
            m_hooks.event(i, event);
    }

    void train(int i)
    {
        const EitherStop ends(m_stop, m_hooks.skip ? m_hooks.skip(i) : std::stop_token());
        Racer& own = racer(i);
        own.state = ends.token().stop_requested() ? State::Skipped : State::Running;
        tell();
        if (own.state == State::Skipped)
            return;
        const WorkClock clock(m_hooks.pause.get());
        const TrainControl control {.sink = [&](const TrainEvent& event) { hear(i, event, clock); },
                                    .stop = ends.token(),
                                    .pause = m_hooks.pause,
                                    .measureTest = false};
        try {
            const store::RunRecord record =
                engine::train(m_project, planOf(m_options, own.strategy), control);
            own.run = record.id;
            own.problem = record.problem;
            own.seconds = record.result.seconds;
            own.validation = {record.result.validation.correct(), record.result.validation.total()};
            own.state = record.state == store::RunState::Finished ? State::Done
                : record.state == store::RunState::Stopped        ? State::Skipped
                                                                  : State::Failed;
        } catch (const Error& error) {
            own.state = State::Failed;
            own.problem = error.what();
            if (!m_error)
                m_error = error;
        }
        tell();
    }

    /// What the run says is what the racer has.
    void hear(int i, const TrainEvent& event, const WorkClock& clock)
    {
        Racer& own = racer(i);
        own.seconds = clock.seconds();
        if (const auto* started = std::get_if<TrainStarted>(&event)) {
            own.run = started->run;
            m_validationPictures = started->validationPictures;
        }
        if (const auto* epoch = std::get_if<EpochDone>(&event); epoch && epoch->best)
            own.validation = {std::llround(epoch->validationAccuracy * m_validationPictures),
                              m_validationPictures};
        pass(i, event);
        tell();
    }

    /// The pictures of one side, as a racer's model answers them: whether rightly, by path. Empty without a
    /// model, or where it cannot answer, which is told. Throws Stopped.
    std::map<fs::path, bool> answers(int i, const std::string& side, const std::stop_token& stop)
    {
        std::map<fs::path, bool> right;
        const Racer& own = racer(i);
        if (own.run.empty() || !m_project.run(own.run).hasModel)
            return right;
        if (stop.stop_requested())
            throw Stopped();
        try {
            const auto progress = [&](const Progress& p) {
                pass(i,
                     TrainPreparing {"Answering the " + side + " pictures", static_cast<int>(p.done),
                                     static_cast<int>(p.total)});
            };
            const Evaluation evaluation = evaluate(m_project, {.run = own.run, .on = side}, progress, stop);
            for (std::size_t picture = 0; picture < evaluation.predictions.size(); ++picture)
                right[evaluation.predictions[picture].path] =
                    evaluation.predictions[picture].best == evaluation.truths[picture];
            if (side == "test")
                keepTest(i, evaluation.confusion);
        } catch (const Error& error) {
            pass(i, TrainNote {true, std::string("Its model could not be measured. ") + error.what()});
        }
        return right;
    }

    /// Where a run that measured its test pictures itself has them.
    void keepTest(int i, const ConfusionMatrix& test)
    {
        Racer& own = racer(i);
        own.test = {test.correct(), test.total()};
        store::RunRecord record = m_project.run(own.run);
        record.result.test = test;
        m_project.updateRun(record);
        const fs::path file = m_project.modelFile(own.run);
        share::Model model = share::loadModel(file);
        model.card.test = test;
        share::saveModel(file, model);
        tell();
    }

    void judge()
    {
        // A stop until here ended the learning, so that this could begin.
        const EitherStop ends(m_stop.stop_requested() ? std::stop_token() : m_stop, m_hooks.leave);
        std::string side = "test";
        std::vector<std::map<fs::path, bool>> all;
        try {
            all = answersOfAll(side, ends.token());
            if (std::ranges::all_of(all, &std::map<fs::path, bool>::empty))
                all = answersOfAll(side = "validation", ends.token());
        } catch (const Stopped&) {
            m_race.sentence = "The race was stopped before every model had answered the " + side
                + " pictures. What has no figure was not measured, so nobody is recommended; all models are "
                  "kept.";
            return;
        }
        std::vector<learn::RaceEntry> entries;
        for (int i = 0; i < count(); ++i)
            entries.push_back({racer(i).strategy, racer(i).seconds, racer(i).validation,
                               compared(all, static_cast<std::size_t>(i))});
        const learn::RaceVerdict verdict =
            learn::judgeRace(entries, side == "test" ? learn::JudgedOn::Test : learn::JudgedOn::Validation);
        m_race.winner = verdict.winner;
        m_race.recommended = verdict.recommended;
        m_race.sentence = verdict.sentence;
        if (verdict.recommended >= 0)
            recommend(racer(verdict.recommended).run);
    }

    /// A disk that is full costs the recommendation, not the race.
    void recommend(const std::string& run)
    {
        try {
            m_project.recommendRun(run);
        } catch (const Error& error) {
            pass(m_race.recommended,
                 TrainNote {true, std::string("That it is recommended could not be kept. ") + error.what()});
        }
    }

    std::vector<std::map<fs::path, bool>> answersOfAll(const std::string& side, const std::stop_token& stop)
    {
        std::vector<std::map<fs::path, bool>> all;
        for (int i = 0; i < count(); ++i)
            all.push_back(answers(i, side, stop));
        return all;
    }

    /// One racer's answers to the pictures that everybody who answered any could read.
    static std::vector<bool> compared(const std::vector<std::map<fs::path, bool>>& all, std::size_t i)
    {
        std::vector<bool> list;
        for (const auto& [path, right] : all[i]) {
            const bool byAll = std::ranges::all_of(
                all, [&, &file = path](const auto& other) { return other.empty() || other.contains(file); });
            if (byAll)
                list.push_back(right);
        }
        return list;
    }

    store::Project& m_project;
    const RaceOptions& m_options;
    const RaceHooks& m_hooks;
    std::stop_token m_stop;
    Race m_race;
    int m_validationPictures = 0; ///< of the run that runs
    std::optional<Error> m_error; ///< the first that kept a run from being made
};

} // namespace

Race race(store::Project& project, const RaceOptions& options, const RaceHooks& hooks, std::stop_token stop)
{
    if (!(options.minutes > 0.0))
        throw Error("minutes", "leave no time to learn", "Choose a number above 0.");
    return Course(project, options, hooks, std::move(stop)).run();
}

} // namespace graft::engine
