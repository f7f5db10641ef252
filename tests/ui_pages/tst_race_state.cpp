#include "ui/models/english_plurals.h"
#include "ui/models/race_model.h"
#include "ui/models/race_state.h"
#include "ui/widgets/label_places.h"

#include <QAbstractItemModelTester>
#include <QCoreApplication>
#include <QRegularExpression>
#include <QTest>

using namespace graft;
using namespace graft::ui;

namespace {

using engine::Racer;

QString plain(QString text)
{
    return text.replace(QChar(0x00A0), QLatin1Char(' '));
}

/// Five minutes each: two are done, the third is at 3:10, the last one waits.
RaceState halfARace()
{
    RaceState race = RaceState::begin({}, 5);
    engine::Race now = race.race;
    now.racers[0].state = Racer::State::Done;
    now.racers[0].seconds = 300.0;
    now.racers[0].validation = {69, 74};
    now.racers[1].state = Racer::State::Done;
    now.racers[1].seconds = 300.0;
    now.racers[1].validation = {70, 74};
    now.racers[2].state = Racer::State::Running;
    now.racers[2].seconds = 190.0;
    now.racers[2].validation = {64, 74};
    race.apply(now);
    return race;
}

EpochDone epoch(double seconds, double accuracy)
{
    EpochDone done;
    done.epoch = 1;
    done.seconds = seconds;
    done.validationAccuracy = accuracy;
    return done;
}

} // namespace

class TestRaceState : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase() { QCoreApplication::installTranslator(&m_plurals); }

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".?"))); }

    void allStrategiesWaitAtFirst()
    {
        const RaceState race = RaceState::begin({}, 5);
        QCOMPARE(race.race.racers.size(), std::size_t(4));
        QCOMPARE(race.lanes.size(), std::size_t(4));
        QCOMPARE(race.running(), -1);
        QCOMPARE(race.share(), 0.0);
        QCOMPARE(race.secondsLeft(), 1200.0);
        QCOMPARE(racerState(race, 0), QStringLiteral("Waiting"));
    }

    /// A point stands where the strategy's time was: preparing counts, pauses do not.
    void curvesAreOverTheTimeThatWasUsed()
    {
        RaceState race = RaceState::begin({}, 5);
        engine::Race now = race.race;
        now.racers[0].state = Racer::State::Running;
        race.apply(now);
        race.apply(RacerEvent {0, TrainPreparing {"Reading features", 10, 20, 1.0}});
        now.racers[0].seconds = 20.0;
        race.apply(now);
        race.apply(RacerEvent {0, TrainPreparing {"Reading features", 20, 20, 1.0}});
        race.apply(RacerEvent {0, epoch(4.0, 0.5)});
        race.apply(RacerEvent {0, epoch(8.0, 0.75)});
        const std::vector<RaceState::Point>& curve = race.lanes[0].curve;
        QCOMPARE(curve.size(), std::size_t(2));
        QCOMPARE(curve[0].seconds, 24.0);
        QCOMPARE(curve[1].seconds, 28.0);
        QCOMPARE(curve[1].accuracy, 0.75);
        QVERIFY(race.lanes[1].curve.empty());
    }

    /// What no event tells the length of, such as choosing a cut, is in the time of the one epoch.
    void aStrategyWithoutEpochsHasOnePointAtItsEnd()
    {
        RaceState race = RaceState::begin({}, 5);
        engine::Race now = race.race;
        now.racers[2].state = Racer::State::Running;
        race.apply(now);
        race.apply(RacerEvent {2, epoch(0.2, 0.86)});
        now.racers[2].state = Racer::State::Done;
        now.racers[2].seconds = 42.0;
        race.apply(now);
        QCOMPARE(race.lanes[2].curve.size(), std::size_t(1));
        QCOMPARE(race.lanes[2].curve.front().seconds, 42.0);
    }

    void thousandsOfEpochsStayDrawable()
    {
        RaceState race = RaceState::begin({}, 1);
        for (int i = 1; i <= 60000; ++i)
            race.apply(RacerEvent {0, epoch(i * 0.001, i / 60000.0)});
        QVERIFY(race.lanes[0].curve.size() > 100);
        QVERIFY(race.lanes[0].curve.size() <= 1001);
        QCOMPARE(race.lanes[0].curve.back().accuracy, 1.0);
    }

    void theBestIsFirstAndWhatHasNotBegunIsLast()
    {
        const RaceState race = halfARace();
        QCOMPARE(race.ranking(), (std::vector<int> {1, 0, 2, 3}));
        RaceState failed = race;
        engine::Race now = race.race;
        now.racers[0] = {"linear", Racer::State::Failed, {}, 3.0, {}, {}, "There is no memory."};
        failed.apply(now);
        QCOMPARE(failed.ranking(), (std::vector<int> {1, 2, 3, 0}));
    }

    void theTimeOfTheWholeRaceIsCounted()
    {
        const RaceState race = halfARace();
        QCOMPARE(race.running(), 2);
        QCOMPARE(race.share(), (300.0 + 300.0 + 190.0) / 1200.0);
        QCOMPARE(race.secondsLeft(), 110.0 + 300.0);
        RaceState early = race; // what is done early gives the rest of its time back
        engine::Race now = race.race;
        now.racers[0].seconds = 12.0;
        early.apply(now);
        QCOMPARE(early.secondsLeft(), 410.0);
    }

    void guessingNeedsTheNumberOfClasses()
    {
        RaceState race = halfARace();
        QCOMPARE(race.guess(), 0.0);
        TrainStarted started;
        started.classes = {"Cat", "Dog", "Horse", "Sheep"};
        race.apply(RacerEvent {2, started});
        QCOMPARE(race.guess(), 0.25);
    }

    void aPauseIsOfTheOneThatRuns()
    {
        RaceState race = halfARace();
        race.apply(RacerEvent {2, TrainPaused {}});
        QVERIFY(race.paused());
        QCOMPARE(racerState(race, 2), QStringLiteral("Paused, 3:10"));
        race.apply(RacerEvent {2, TrainContinued {5.0}});
        QVERIFY(!race.paused());
    }

    void statesAreSaid_data()
    {
        QTest::addColumn<Racer::State>("state");
        QTest::addColumn<double>("seconds");
        QTest::addColumn<bool>("ended");
        QTest::addColumn<QString>("words");
        QTest::newRow("done") << Racer::State::Done << 300.0 << false << QStringLiteral("Done, 5:00");
        QTest::newRow("early") << Racer::State::Done << 9.0 << false << QStringLiteral("Done, 0:09");
        QTest::newRow("running") << Racer::State::Running << 190.0 << false << QStringLiteral("3:10 of 5:00");
        QTest::newRow("late") << Racer::State::Running << 303.0 << false << QStringLiteral("5:00 of 5:00");
        QTest::newRow("waiting") << Racer::State::Waiting << 0.0 << false << QStringLiteral("Waiting");
        QTest::newRow("not begun") << Racer::State::Waiting << 0.0 << true << QStringLiteral("Not begun");
        QTest::newRow("skipped") << Racer::State::Skipped << 0.0 << false << QStringLiteral("Skipped");
        QTest::newRow("cut") << Racer::State::Skipped << 80.0 << false << QStringLiteral("Skipped, 1:20");
        QTest::newRow("failed") << Racer::State::Failed << 80.0 << false << QStringLiteral("Failed");
    }

    void statesAreSaid()
    {
        QFETCH(Racer::State, state);
        QFETCH(double, seconds);
        QFETCH(bool, ended);
        QFETCH(QString, words);
        RaceState race = RaceState::begin({}, 5);
        engine::Race now = race.race;
        now.racers[1].state = state;
        now.racers[1].seconds = seconds;
        race.apply(now);
        race.ended = ended;
        QCOMPARE(racerState(race, 1), words);
    }

    void theTableSaysHowTheyStand()
    {
        RaceModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        RaceState race = halfARace();
        model.setRace(race);
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(row(model, 0), QStringLiteral("1|Fine-tune the whole network||95 %|87 to 98 %||Done, 5:00"));
        QCOMPARE(row(model, 2),
                 QStringLiteral("3|Cut off the top layers, SVM||86 %|77 to 92 %||3:10 of 5:00"));
        QCOMPARE(row(model, 3), QStringLiteral("|Train all layers from weights|||||Waiting"));
        QCOMPARE(model.index(0, RaceModel::Strategy).data(RaceModel::NumberRole).toInt(), 2);
        QCOMPARE(model.index(2, RaceModel::State).data(RaceModel::ShareRole).toDouble(), 190.0 / 300.0);
        QVERIFY(!model.index(0, RaceModel::State).data(RaceModel::ShareRole).isValid());
        QCOMPARE(model.index(0, RaceModel::Best).data(Qt::ToolTipRole).toString(),
                 QStringLiteral("70 of 74 validation pictures right"));

        engine::Race now = race.race;
        now.racers[1].test = {56, 60};
        race.apply(now);
        model.setRace(race);
        QCOMPARE(plain(model.index(0, RaceModel::Test).data().toString()), QStringLiteral("93 %, 56 of 60"));
    }

    void scratchSaysWhereItStarts()
    {
        learn::Plan plan;
        plan.init = "random";
        const RaceState race = RaceState::begin(plan, 5);
        QCOMPARE(racerTitle(race, 3), QStringLiteral("Train from scratch"));
        QVERIFY(race.fromZero(3));
        QVERIFY(!race.fromZero(1));
    }

    void namesAtTheEndsDoNotLieOnEachOther()
    {
        const QRectF room(0.0, 0.0, 500.0, 300.0);
        std::vector<EndLabel> labels {{{400.0, 100.0}, {50.0, 16.0}},
                                      {{400.0, 104.0}, {50.0, 16.0}},
                                      {{400.0, 106.0}, {50.0, 16.0}},
                                      {{495.0, 299.0}, {50.0, 16.0}}};
        placeEndLabels(labels, {}, room);
        for (std::size_t i = 0; i < labels.size(); ++i) {
            QVERIFY(room.contains(labels[i].place));
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY(!labels[i].place.intersects(labels[j].place));
        }
        QVERIFY(labels[0].place.left() > 400.0);
    }

    void aNameGoesBelowWhereALinePasses()
    {
        std::vector<EndLabel> labels {{{200.0, 100.0}, {50.0, 16.0}}};
        placeEndLabels(labels, {QLineF(150.0, 102.0, 400.0, 98.0)}, {0.0, 0.0, 500.0, 300.0});
        QVERIFY(labels[0].place.top() > 100.0);
        std::vector<EndLabel> free {{{200.0, 100.0}, {50.0, 16.0}}};
        placeEndLabels(free, {QLineF(10.0, 100.0, 200.0, 100.0)}, {0.0, 0.0, 500.0, 300.0});
        QCOMPARE(free[0].place.center().y(), 100.0);
    }

private:
    static QString row(const RaceModel& model, int row)
    {
        QStringList cells;
        for (int column = 0; column < RaceModel::ColumnCount; ++column)
            cells += plain(model.index(row, column).data().toString());
        return cells.join(QLatin1Char('|'));
    }

    EnglishPlurals m_plurals;
};

QTEST_MAIN(TestRaceState)
#include "tst_race_state.moc"
