#include "core/base/error.h"
#include "core/engine/import.h"
#include "core/engine/machine.h"
#include "core/engine/race.h"
#include "core/learn/strategy.h"
#include "core/share/model_file.h"
#include "tests/support/drawn_shapes.h"
#include "tests/support/weights.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <thread>

using namespace graft;
namespace fs = std::filesystem;
using State = engine::Racer::State;

namespace {

/// An environment variable with another value for a while.
class Environment
{
public:
    Environment(const char* name, const QByteArray& value)
        : m_name(name)
        , m_before(qgetenv(name))
    {
        qputenv(name, value);
    }

    ~Environment() { m_before.isNull() ? qunsetenv(m_name) : qputenv(m_name, m_before); }

    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

private:
    const char* m_name;
    QByteArray m_before;
};

engine::RaceOptions options(std::vector<std::string> strategies)
{
    engine::RaceOptions result;
    result.minutes = 0.02; // at least one batch is learned, however slow the computer
    result.strategies = std::move(strategies);
    result.plan.init = "random"; // of scratch, which then is quick, and needs no weights
    result.plan.inputSize = 64;
    result.plan.batch = 8;
    return result;
}

const engine::Racer& racer(const engine::Race& race, const std::string& strategy)
{
    return *std::ranges::find(race.racers, strategy, &engine::Racer::strategy);
}

learn::Answers answers(const ConfusionMatrix& matrix)
{
    return {matrix.correct(), matrix.total()};
}

} // namespace

class TestRace : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase() { engine::initialise("tst_race"); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_pictures = fs::path(m_folder->path().toStdString()) / "Shapes";
        m_standings.clear();
        m_events.clear();
    }

    void allRunAndTheTestSetComesLast()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        auto project = imported();
        engine::RaceHooks hooks = listening();
        bool touched = false;
        hooks.event = [&](int index, const TrainEvent& event) {
            m_events.emplace_back(index, event);
            if (std::holds_alternative<TrainEnded>(event)) {
                for (const auto& run : project.runs())
                    touched = touched || run.result.test.total() > 0;
            }
        };
        const engine::Race race = engine::race(project, options({}), hooks, {});
        QVERIFY(!touched);
        QCOMPARE(race.racers.size(), 4U);
        for (std::size_t i = 0; i < race.racers.size(); ++i) {
            const engine::Racer& own = race.racers[i];
            QCOMPARE(own.strategy, std::string(learn::strategies()[i].id));
            QCOMPARE(own.problem, std::string());
            QCOMPARE(own.state, State::Done);
            QVERIFY(own.seconds > 0.0);
            const store::RunRecord run = project.run(own.run);
            QCOMPARE(run.plan.strategy, own.strategy);
            QCOMPARE(answers(run.result.test).correct, own.test.correct);
            QCOMPARE(own.test.total, 8);
            QCOMPARE(own.validation.total, 8);
            QCOMPARE(share::loadModel(project.modelFile(own.run)).card.test, run.result.test);
        }
        QVERIFY(racer(race, "svm").test.correct >= 7);
        QVERIFY(race.recommended >= 0);
        QVERIFY(race.winner < 0 || race.winner == race.recommended);
        QCOMPARE(project.latestModel()->id, race.racers[static_cast<std::size_t>(race.recommended)].run);
        QVERIFY(!race.sentence.empty());

        // What was told on the way: one after the other, and nothing of test pictures while anything ran.
        int running = 0;
        for (const engine::Race& now : m_standings) {
            int atOnce = 0;
            for (int i = 0; i < 4; ++i) {
                if (now.racers[static_cast<std::size_t>(i)].state != State::Running)
                    continue;
                ++atOnce;
                QVERIFY(i >= running);
                running = i;
                for (const engine::Racer& any : now.racers)
                    QCOMPARE(any.test.total, 0);
                QVERIFY(now.sentence.empty());
            }
            QVERIFY(atOnce <= 1);
        }
        QCOMPARE(running, 3);
        QCOMPARE(m_standings.back().sentence, race.sentence);
    }

    void whatFailsIsToldAndTheRaceGoesOn()
    {
        auto project = imported();
        const QTemporaryDir empty;
        const Environment noWeights("XDG_DATA_HOME", empty.path().toUtf8());
        const engine::Race race = engine::race(project, options({"linear", "scratch"}), listening(), {});
        QCOMPARE(racer(race, "linear").state, State::Failed);
        QVERIFY(racer(race, "linear").problem.find("weights") != std::string::npos);
        QCOMPARE(racer(race, "scratch").state, State::Done);
        QCOMPARE(racer(race, "scratch").test.total, 8);
        QCOMPARE(race.winner, -1); // there was nobody to win against
        QCOMPARE(race.recommended, 1);
    }

    void whereNobodyCanRunItThrows()
    {
        auto project = imported();
        {
            const QTemporaryDir empty;
            const Environment noWeights("XDG_DATA_HOME", empty.path().toUtf8());
            QVERIFY_THROWS_EXCEPTION(Error, engine::race(project, options({"linear", "svm"}), {}, {}));
        }
        QVERIFY_THROWS_EXCEPTION(Error, engine::race(project, options({"guessing"}), {}, {}));
        QVERIFY_THROWS_EXCEPTION(Error, engine::race(project, options({"scratch", "scratch"}), {}, {}));
        engine::RaceOptions noTime = options({"scratch"});
        noTime.minutes = 0.0;
        QVERIFY_THROWS_EXCEPTION(Error, engine::race(project, noTime, {}, {}));
        QVERIFY(project.runs().empty());
    }

    void skippingKeepsTheBestAndGoesOn()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        auto project = imported();
        std::stop_source skip;
        engine::RaceHooks hooks = listening();
        hooks.event = [&](int, const TrainEvent& event) {
            if (std::holds_alternative<EpochDone>(event))
                skip.request_stop();
        };
        hooks.skip = [&](int index) { return index == 0 ? skip.get_token() : std::stop_token(); };
        engine::RaceOptions slow = options({"scratch", "linear"});
        slow.minutes = 30.0;
        const engine::Race race = engine::race(project, slow, hooks, {});
        QCOMPARE(race.racers[0].state, State::Skipped);
        QCOMPARE(race.racers[0].test.total, 8);
        QCOMPARE(race.racers[1].state, State::Done);
        QVERIFY(project.run(race.racers[0].run).hasModel);
        QVERIFY(race.recommended >= 0);
    }

    void aStopKeepsWhatIsThere()
    {
        auto project = imported();
        std::stop_source stop;
        engine::RaceHooks hooks = listening();
        hooks.event = [&](int, const TrainEvent& event) {
            if (std::holds_alternative<EpochDone>(event))
                stop.request_stop();
        };
        engine::RaceOptions slow = options({"scratch", "linear"});
        slow.minutes = 30.0;
        const engine::Race race = engine::race(project, slow, hooks, stop.get_token());
        QCOMPARE(race.racers[0].state, State::Skipped);
        QCOMPARE(race.racers[0].test.total, 8); // it is over, so they may be looked at
        QCOMPARE(race.racers[1].state, State::Waiting);
        QVERIFY(race.racers[1].run.empty());
        QCOMPARE(race.recommended, 0);
        QCOMPARE(project.runs().size(), 1U);
    }

    /// The first model has begun to answer and ends it, few pictures being one piece; the second does not
    /// begin.
    void aStopEndsTheComparison_data()
    {
        QTest::addColumn<bool>("leave");
        QTest::newRow("stopped while they answer") << false;
        QTest::newRow("ended before, and the window closes") << true;
    }

    void aStopEndsTheComparison()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        QFETCH(const bool, leave);
        auto project = imported();
        std::stop_source stop;
        std::stop_source closing;
        engine::RaceHooks hooks = listening();
        hooks.leave = closing.get_token();
        hooks.event = [&](int index, const TrainEvent& event) {
            m_events.emplace_back(index, event);
            if (leave && index == 1 && std::holds_alternative<EpochDone>(event))
                stop.request_stop();
            if (const auto* answering = std::get_if<TrainPreparing>(&event);
                answering && answering->what == "Answering the test pictures")
                (leave ? closing : stop).request_stop();
        };
        engine::RaceOptions wanted = options({"linear", "scratch"});
        if (leave)
            wanted.minutes = 30.0;
        const engine::Race race = engine::race(project, wanted, hooks, stop.get_token());
        QCOMPARE(race.racers[0].test.total, 8);
        QCOMPARE(race.racers[1].test.total, 0);
        QVERIFY(race.racers[1].validation.total > 0);
        QCOMPARE(race.racers[1].state, leave ? State::Skipped : State::Done);
        QVERIFY(project.run(race.racers[1].run).hasModel); // what it has is kept
        QCOMPARE(project.run(race.racers[1].run).result.test.total(), 0);
        QCOMPARE(race.winner, -1);
        QCOMPARE(race.recommended, -1);
        QVERIFY2(race.sentence.find("was not measured") != std::string::npos, race.sentence.c_str());
    }

    void aPauseHoldsItUpBetweenTwo()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        auto project = imported();
        engine::RaceHooks hooks = listening();
        hooks.pause = std::make_shared<PauseControl>();
        std::jthread person;
        std::vector<int> order; // of what is told: racer, or -1 and -2 where it is paused and goes on
        hooks.event = [&](int index, const TrainEvent& event) {
            if (std::holds_alternative<TrainStarted>(event))
                order.push_back(index);
            if (std::holds_alternative<TrainEnded>(event) && index == 0)
                hooks.pause->pause();
            if (std::holds_alternative<TrainContinued>(event))
                order.push_back(-2);
            if (std::holds_alternative<TrainPaused>(event)) {
                order.push_back(-1);
                person = std::jthread([pause = hooks.pause] { pause->resume(); });
            }
        };
        const engine::Race race = engine::race(project, options({"scratch", "linear"}), hooks, {});
        QCOMPARE(order, (std::vector<int> {0, -1, -2, 1}));
        QCOMPARE(race.racers[1].state, State::Done);
    }

    void withoutTestPicturesValidationSpeaks()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        auto project = imported({.seed = 1, .percent = {80, 20, 0}});
        const engine::Race race = engine::race(project, options({"linear", "svm"}), listening(), {});
        for (const engine::Racer& own : race.racers) {
            QCOMPARE(own.test.total, 0);
            QVERIFY(own.validation.total > 0);
        }
        QVERIFY2(race.sentence.find("validation pictures") != std::string::npos, race.sentence.c_str());
        QVERIFY(race.recommended >= 0);
    }

private:
    store::Project imported(const dataset::SplitOptions& split = {})
    {
        tests::drawShapes(m_pictures, 2, 26);
        auto project = store::Project::create(m_pictures.string() + ".graft");
        engine::ImportOptions how;
        how.split = split;
        engine::importFolder(project, m_pictures, how, {}, {});
        return project;
    }

    engine::RaceHooks listening()
    {
        engine::RaceHooks hooks;
        hooks.standing = [this](const engine::Race& now) { m_standings.push_back(now); };
        hooks.event = [this](int index, const TrainEvent& event) { m_events.emplace_back(index, event); };
        return hooks;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_pictures;
    std::vector<engine::Race> m_standings;
    std::vector<std::pair<int, TrainEvent>> m_events;
};

QTEST_GUILESS_MAIN(TestRace)
#include "tst_race.moc"
