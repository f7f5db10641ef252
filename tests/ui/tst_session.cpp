#include "core/base/file.h"
#include "core/engine/data_fingerprint.h"
#include "core/engine/weights.h"
#include "core/learn/advice_json.h"
#include "tests/support/drawn_pictures.h"
#include "tests/support/fake_advice.h"
#include "tests/support/scratch.h"
#include "ui/models/race_state.h"
#include "ui/paths.h"
#include "ui/session.h"

#include <QDir>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace graft;
using graft::ui::Session;
using graft::ui::toPath;
using graft::ui::toQString;

namespace {

constexpr int each = 20; // pictures per class
constexpr int patience = 60000; // milliseconds

bool haveWeights()
{
    return engine::weightsStatus("efficientnet-lite0", false).state == engine::WeightsState::Ready;
}

/// Waits for the end of what is asked for and fails the test when it ended badly.
#define IMPORTED(session, folder)                                                                            \
    do {                                                                                                     \
        QSignalSpy ended(&(session), &Session::importEnded);                                                 \
        QSignalSpy bad(&(session), &Session::failed);                                                        \
        (session).importFolder(folder, {}, false);                                                           \
        QTRY_VERIFY_WITH_TIMEOUT(!ended.isEmpty() || !bad.isEmpty(), patience);                              \
        QVERIFY2(bad.isEmpty(), bad.isEmpty() ? "" : qPrintable(bad.first().first().toString()));            \
    } while (false)

} // namespace

class TestSession : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".?")));
        m_scratch = std::make_unique<test::Scratch>();
        m_pictures = test::drawPictures(m_scratch->path(), QStringLiteral("Shapes"), each);
    }

    void importMakesAProjectBesideThePictures()
    {
        Session session;
        QVERIFY(!session.isOpen());
        QVERIFY(session.dataset().pictures.empty());
        QSignalSpy opened(&session, &Session::opened);
        QSignalSpy progress(&session, &Session::importProgress);
        IMPORTED(session, m_pictures);
        QCOMPARE(opened.size(), 1);
        QVERIFY(!session.isImporting());
        QCOMPARE(session.name(), QStringLiteral("Shapes"));
        QCOMPARE(session.folder(), m_pictures + QStringLiteral(".graft"));
        QCOMPARE(session.dataset().pictures.size(), std::size_t(3 * each));
        QCOMPARE(session.dataset().classes, (std::vector<std::string> {"Circle", "Square", "Triangle"}));
        QVERIFY(!progress.isEmpty());
    }

    void theSameFolderAgainIsTheSameProject()
    {
        {
            Session session;
            IMPORTED(session, m_pictures);
            test::drawPictures(m_scratch->path(), QStringLiteral("More"), 1);
            QFile::copy(m_scratch->path() + QStringLiteral("/More/Circle/circle_0.png"),
                        m_pictures + QStringLiteral("/Circle/new.bmp"));
            IMPORTED(session, m_pictures); // while it is open
            QCOMPARE(session.folder(), m_pictures + QStringLiteral(".graft"));
        }
        Session session;
        IMPORTED(session, m_pictures + QLatin1Char('/')); // and after it was closed
        QCOMPARE(session.folder(), m_pictures + QStringLiteral(".graft"));
        QCOMPARE(QDir(m_scratch->path()).entryList({QStringLiteral("*.graft")}).size(), 1);
    }

    void aNameThatIsTakenGetsANumber()
    {
        QVERIFY(QDir().mkpath(m_pictures + QStringLiteral(".graft")));
        Session session;
        IMPORTED(session, m_pictures);
        QCOMPARE(session.folder(), m_pictures + QStringLiteral(" 2.graft"));
    }

    void aSecondWindowGetsASentence()
    {
        Session first;
        IMPORTED(first, m_pictures);
        Session second;
        QSignalSpy failed(&second, &Session::failed);
        second.openProject(first.folder());
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(!failed.first().first().toString().isEmpty());
        QVERIFY(!second.isOpen());
    }

    void openingItAgainIsNoError()
    {
        Session session;
        IMPORTED(session, m_pictures);
        QSignalSpy opened(&session, &Session::opened);
        session.openProject(session.folder());
        QTRY_COMPARE(opened.size(), 1);
        QVERIFY(session.isOpen());
    }

    /// As while a measurement that was told to stop looks at its last picture.
    void aProjectThatIsStillInUseIsOpenedAgain()
    {
        Session session;
        IMPORTED(session, m_pictures);
        const QString folder = session.folder();
        const auto used = session.project();
        session.closeProject();
        QVERIFY2(opens(session, folder), "it is locked by ourselves");
        QCOMPARE(session.project(), used);
        QCOMPARE(session.dataset().pictures.size(), std::size_t(3 * each));
        session.closeProject();
        IMPORTED(session, m_pictures);
        QCOMPARE(session.project(), used);
    }

    void aFolderWithoutPicturesLeavesNothing()
    {
        const QString empty = m_scratch->path() + QStringLiteral("/Empty");
        QVERIFY(QDir().mkpath(empty + QStringLiteral("/Daisy")));
        Session session;
        IMPORTED(session, m_pictures);
        QSignalSpy failed(&session, &Session::failed);
        session.importFolder(empty, {}, false);
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(!QFile::exists(empty + QStringLiteral(".graft")));
        QVERIFY(!session.isImporting());
        QCOMPARE(session.name(), QStringLiteral("Shapes")); // the old one stays
    }

    void closingFreesTheProject()
    {
        Session session;
        IMPORTED(session, m_pictures);
        const QString folder = session.folder();
        session.closeProject();
        QVERIFY(!session.isOpen());
        QVERIFY(session.dataset().pictures.empty());
        Session other;
        // The worker closes the file; until then the other one is refused.
        QTRY_VERIFY(opens(other, folder));
    }

    void trainsAndClassifies()
    {
        if (!haveWeights())
            QSKIP("the weights of EfficientNet-Lite0 are not installed");
        Session session;
        IMPORTED(session, m_pictures);
        QList<TrainEvent> seen;
        bool endedLast = false;
        connect(&session, &Session::trainingEvents, this,
                [&](const QList<TrainEvent>& events) { seen += events; });
        connect(&session, &Session::trainingEnded, this,
                [&] { endedLast = !seen.isEmpty() && std::holds_alternative<TrainEnded>(seen.last()); });
        QSignalSpy ended(&session, &Session::trainingEnded);
        learn::Advice advice = test::completeAdvice("linear");
        advice.dataFingerprint = engine::dataFingerprint(session.dataset());
        session.project()->setAdvice(learn::toJson(advice));
        QVERIFY(!session.modelRun());
        session.train({});
        QVERIFY(session.isTraining());
        QVERIFY(session.trainingSince() > 0);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QCOMPARE(session.trainingSince(), 0);
        QVERIFY(endedLast);
        QVERIFY(!session.isTraining());
        QVERIFY(std::holds_alternative<TrainStarted>(seen.first()));
        QCOMPARE(std::get<TrainEnded>(seen.last()).outcome, Outcome::Finished);
        QList<int> epochs;
        for (const TrainEvent& event : seen) {
            if (const auto* epoch = std::get_if<EpochDone>(&event))
                epochs += epoch->epoch;
        }
        QVERIFY(std::ranges::is_sorted(epochs));
        QCOMPARE(session.runs().size(), 1);
        QCOMPARE(session.runs().first().result.history.size(), std::size_t(epochs.size()));
        QVERIFY(session.modelRun());
        QCOMPARE(session.modelRun()->id, session.runs().first().id);
        const engine::AdviceVerdict* verdict = session.adviceVerdict(session.runs().first().id);
        QVERIFY(verdict);
        QCOMPARE(verdict->forecast.likely.low, 0.82); // as was kept
        QVERIFY(!session.adviceVerdict("run-99"));

        classifies(session);
    }

    /// The second one waits, a third is taken back, and each leaves its run.
    void trainingsTakeTurns()
    {
        if (!haveWeights())
            QSKIP("the weights of EfficientNet-Lite0 are not installed");
        Session session;
        IMPORTED(session, m_pictures);
        QSignalSpy started(&session, &Session::trainingStarted);
        QSignalSpy ended(&session, &Session::trainingEnded);
        QSignalSpy waiting(&session, &Session::waitingTrainingsChanged);
        learn::Plan second;
        second.strategy = "svm";
        session.train({});
        session.train(second);
        session.train({});
        QCOMPARE(started.size(), 1);
        QCOMPARE(waiting.size(), 2);
        QCOMPARE(session.waitingTrainings().size(), 2);
        QCOMPARE(session.waitingTrainings().first().plan.strategy, std::string("svm"));
        session.dropTraining(session.waitingTrainings().last().id);
        session.dropTraining(12345); // it is gone already: nothing happens
        QCOMPARE(session.waitingTrainings().size(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QVERIFY(session.isTraining());
        QVERIFY(session.waitingTrainings().isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 2, patience);
        QVERIFY(!session.isTraining());
        QCOMPARE(started.size(), 2);
        QCOMPARE(session.runs().size(), 2);
        QCOMPARE(session.runs().first().plan.strategy, std::string("linear"));
        QCOMPARE(session.runs().last().plan.strategy, std::string("svm"));
    }

    /// Each strategy leaves a run; those that learn for a time are skipped as soon as they begin to.
    void aRaceLeavesARunOfEachStrategy()
    {
        if (!haveWeights())
            QSKIP("the weights of EfficientNet-Lite0 are not installed");
        Session session;
        IMPORTED(session, m_pictures);
        ui::RaceState race = ui::RaceState::begin({}, 1);
        QList<int> runsThen;
        bool endedLast = true;
        connect(&session, &Session::raceNews, this, [&](const QList<ui::RaceNews>& news) {
            for (const ui::RaceNews& one : news) {
                race.apply(one);
                const auto* said = std::get_if<ui::RacerEvent>(&one);
                if (said && (said->racer == 1 || said->racer == 3))
                    session.skipRacer(said->racer);
            }
        });
        connect(&session, &Session::runsChanged, this, [&] { runsThen += session.runs().size(); });
        const QSignalSpy training(&session, &Session::trainingStarted);
        const QSignalSpy started(&session, &Session::raceStarted);
        QSignalSpy ended(&session, &Session::raceEnded);
        connect(&session, &Session::raceNews, this, [&] { endedLast = endedLast && ended.isEmpty(); });
        session.race({}, 1);
        QVERIFY(session.isRacing() && session.isTraining());
        QCOMPARE(started.size(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QVERIFY2(ended.first().first().toString().isEmpty(), qPrintable(ended.first().first().toString()));
        QVERIFY(endedLast);
        QVERIFY(!session.isRacing() && !session.isTraining());
        QCOMPARE(training.size(), 0);
        using State = engine::Racer::State;
        QCOMPARE(race.race.racers[0].state, State::Done);
        QCOMPARE(race.race.racers[1].state, State::Skipped);
        QCOMPARE(race.race.racers[2].state, State::Done);
        QCOMPARE(race.race.racers[3].state, State::Skipped);
        QVERIFY(race.race.racers[0].test.total > 0);
        QVERIFY(!race.race.sentence.empty());
        QVERIFY(race.race.recommended >= 0);
        QVERIFY(race.lanes[0].curve.size() > 1);
        QCOMPARE(race.lanes[2].curve.size(), std::size_t(1));
        QCOMPARE(race.classes, 3);
        QVERIFY(runsThen.size() > 1); // not only at the end
        QVERIFY(std::ranges::is_sorted(runsThen));
        QCOMPARE(session.runs().first().plan.strategy, std::string("linear"));
        QCOMPARE(session.runs().first().id, race.race.racers[0].run);
        const auto recommended = static_cast<std::size_t>(race.race.recommended);
        QCOMPARE(session.modelRun()->id, race.race.racers[recommended].run);
    }

    /// A race is one of the trainings that take turns, and what stops them stops it.
    void aRaceWaitsForItsTurn()
    {
        Session session;
        IMPORTED(session, m_pictures);
        learn::Plan impossible;
        impossible.backbone = "no-such-network";
        const QSignalSpy raced(&session, &Session::raceStarted);
        QSignalSpy ended(&session, &Session::raceEnded);
        session.train(impossible);
        session.race(impossible, 5);
        session.race(impossible, 7);
        QVERIFY(!session.isRacing());
        QCOMPARE(raced.size(), 0);
        QCOMPARE(session.waitingTrainings().size(), 2);
        QCOMPARE(session.waitingTrainings().first().raceMinutes.value_or(0), 5);
        session.dropTraining(session.waitingTrainings().last().id);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QCOMPARE(raced.size(), 1);
        QVERIFY(!ended.first().first().toString().isEmpty()); // why there was none
        QVERIFY(!session.isTraining());
    }

    void stoppingAllDropsWhatWaits()
    {
        Session session;
        IMPORTED(session, m_pictures);
        QSignalSpy started(&session, &Session::trainingStarted);
        QSignalSpy ended(&session, &Session::trainingEnded);
        session.train({});
        session.train({});
        session.stopTrainings();
        QVERIFY(session.waitingTrainings().isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QVERIFY(!session.isTraining());
        QCOMPARE(started.size(), 1);
    }

    /// What is paused lets questions be answered, can be stopped, and does not pause the next one.
    void aPausedTrainingIsInNobodysWay()
    {
        if (!haveWeights())
            QSKIP("the weights of EfficientNet-Lite0 are not installed");
        Session session;
        IMPORTED(session, m_pictures);
        QSignalSpy changed(&session, &Session::trainingPausedChanged);
        QSignalSpy ended(&session, &Session::trainingEnded);
        session.pauseTraining(true); // there is none
        QVERIFY(!session.isTrainingPaused());
        bool standsStill = false;
        notePause(session, standsStill);
        session.train({});
        session.pauseTraining(true);
        QVERIFY(session.isTrainingPaused());
        QCOMPARE(changed.size(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(standsStill, patience);
        QSignalSpy classified(&session, &Session::classified);
        session.classify(QStringList {m_pictures + QStringLiteral("/Circle/circle_0.png")},
                         {.run = {}, .imagenet = QStringLiteral("efficientnet-lite0")}, 0.0);
        QTRY_COMPARE_WITH_TIMEOUT(classified.size(), 1, patience);
        QCOMPARE(ended.size(), 0);
        session.train({});
        session.stopTraining();
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QVERIFY(!session.isTrainingPaused());
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 2, patience);
        QCOMPARE(session.runs().last().state, store::RunState::Finished);
    }

    void aPausedTrainingGoesOn()
    {
        if (!haveWeights())
            QSKIP("the weights of EfficientNet-Lite0 are not installed");
        Session session;
        IMPORTED(session, m_pictures);
        bool standsStill = false;
        notePause(session, standsStill);
        QSignalSpy ended(&session, &Session::trainingEnded);
        session.train({});
        session.pauseTraining(true);
        QTRY_VERIFY_WITH_TIMEOUT(standsStill, patience);
        session.pauseTraining(false);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QCOMPARE(session.runs().last().state, store::RunState::Finished);
    }

    void mayBeDeletedWhileItIsPaused()
    {
        if (!haveWeights())
            QSKIP("the weights of EfficientNet-Lite0 are not installed");
        auto session = std::make_unique<Session>();
        IMPORTED(*session, m_pictures);
        bool standsStill = false;
        notePause(*session, standsStill);
        session->train({});
        session->pauseTraining(true);
        QTRY_VERIFY_WITH_TIMEOUT(standsStill, patience);
        session.reset();
    }

    void aTrainingThatCannotBeginEndsAsFailed()
    {
        Session session;
        IMPORTED(session, m_pictures);
        QList<TrainEvent> seen;
        connect(&session, &Session::trainingEvents, this,
                [&](const QList<TrainEvent>& events) { seen += events; });
        QSignalSpy ended(&session, &Session::trainingEnded);
        learn::Plan plan;
        plan.backbone = "no-such-network";
        session.train(plan);
        QTRY_COMPARE(ended.size(), 1);
        QVERIFY(!seen.isEmpty());
        QCOMPARE(std::get<TrainEnded>(seen.last()).outcome, Outcome::Failed);
        QVERIFY(!std::get<TrainEnded>(seen.last()).problem.empty());
    }

    void withoutAModelThereIsNoAnswer()
    {
        Session session;
        IMPORTED(session, m_pictures);
        QSignalSpy failed(&session, &Session::failed);
        QSignalSpy classified(&session, &Session::classified);
        session.classify(QStringList {m_pictures},
                         ui::AskedModel {.run = QStringLiteral("run-1"), .imagenet = {}}, 0.0);
        QTRY_COMPARE(classified.size(), 1);
        QCOMPARE(failed.size(), 1);
        QVERIFY(!session.isClassifying());
    }

    void mayBeDeletedWhileItWorks()
    {
        auto session = std::make_unique<Session>();
        QSignalSpy progress(session.get(), &Session::importProgress);
        session->importFolder(m_pictures, {}, false);
        session->openProject(m_pictures);
        QTRY_VERIFY(!progress.isEmpty());
        session.reset();
    }

private:
    static bool opens(Session& session, const QString& folder)
    {
        const QSignalSpy opened(&session, &Session::opened);
        const QSignalSpy failed(&session, &Session::failed);
        session.openProject(folder);
        return QTest::qWaitFor([&] { return !opened.isEmpty() || !failed.isEmpty(); }) && !opened.isEmpty();
    }

    void notePause(Session& session, bool& standsStill)
    {
        connect(&session, &Session::trainingEvents, this, [&](const QList<TrainEvent>& events) {
            for (const TrainEvent& event : events)
                standsStill = standsStill || std::holds_alternative<TrainPaused>(event);
        });
    }

    void classifies(Session& session)
    {
        const QString one = m_pictures + QStringLiteral("/Circle/circle_0.png");
        const QString broken = m_scratch->path() + QStringLiteral("/broken.png");
        QFile file(broken);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("not a picture") > 0);
        file.close();
        QList<engine::Prediction> answers;
        connect(&session, &Session::answers, this,
                [&](const QList<engine::Prediction>& some) { answers += some; });
        QSignalSpy classified(&session, &Session::classified);
        QVERIFY(!session.runs().isEmpty());
        const ui::AskedModel model {.run = QString::fromStdString(session.runs().first().id), .imagenet = {}};
        session.classify(QStringList {m_pictures + QStringLiteral("/Circle"), broken}, model, 0.0);
        QTRY_COMPARE_WITH_TIMEOUT(classified.size(), 1, patience);
        QCOMPARE(answers.size(), each);
        const auto problems = classified.first().first().value<QList<engine::PictureProblem>>();
        QCOMPARE(problems.size(), 1);
        QCOMPARE(toQString(problems.first().path), broken);

        // The model stays loaded, so one more picture does not look at its file.
        answers.clear();
        const std::filesystem::path kept = session.project()->modelFile(session.runs().first().id);
        const std::string whole = readFile(kept);
        writeFile(kept, "no model");
        session.classify(QStringList {one}, model, 1.01);
        QTRY_COMPARE(classified.size(), 2);
        writeFile(kept, whole);
        QCOMPARE(answers.size(), 1);
        QVERIFY(answers.first().rejected);
    }

    std::unique_ptr<test::Scratch> m_scratch;
    QString m_pictures;
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
