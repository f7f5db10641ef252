#include "tests/support/scratch.h"
#include "ui/models/english_plurals.h"
#include "ui/models/train_log.h"
#include "ui/pages/train_page.h"
#include "ui/session.h"
#include "ui/widgets/curve_plot.h"
#include "ui/widgets/guesses_view.h"
#include "ui/widgets/train_bands.h"
#include "ui/widgets/waiting_band.h"

#include <QAbstractItemModelTester>
#include <QCoreApplication>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace graft;
using namespace graft::ui;

namespace {

QString plain(QString text)
{
    return text.replace(QChar(0x00A0), QLatin1Char(' '));
}

QList<TrainEvent> beginning(int validation = 74)
{
    TrainStarted started;
    started.run = "run-4";
    started.title = "Linear classifier on EfficientNet-Lite0";
    started.device = "CPU, 2 threads";
    started.epochs = 20;
    started.trainingPictures = 347;
    started.validationPictures = validation;
    started.testPictures = 60;
    started.classes = {"Daisy", "Rose"};
    return {started, TrainPreparing {"Reading features", 120, 347, 42.0}};
}

QList<TrainEvent> epochs(int last)
{
    QList<TrainEvent> events;
    for (int epoch = 1; epoch <= last; ++epoch) {
        events.append(BatchDone {epoch, 11, 11, 1.0 / epoch, 0.5});
        events.append(EpochDone {epoch, 20, 1.4 / epoch, 0.96, 1.5 / epoch, 0.91, 0.01, epoch < 8,
                                 10.0 * epoch, 34.7, 10.0 * (20 - epoch) + 4.0});
    }
    return events;
}

store::RunRecord finishedRun()
{
    store::RunRecord run;
    run.id = "run-4";
    run.created = 1'700'000'000;
    run.state = store::RunState::Finished;
    run.hasModel = true;
    run.result.epochs = 20;
    run.result.bestEpoch = 17;
    run.result.seconds = 42.0;
    for (const TrainEvent& event : epochs(20)) {
        if (const auto* epoch = std::get_if<EpochDone>(&event))
            run.result.history.push_back(*epoch);
    }
    run.result.test = ConfusionMatrix(2);
    for (int i = 0; i < 60; ++i)
        run.result.test.add(i % 2, i == 0 ? 1 : i % 2);
    return run;
}

/// The texts of all labels that can be seen.
QStringList texts(const QWidget& page)
{
    QStringList texts;
    for (const QLabel* label : page.findChildren<QLabel*>()) {
        if (label->isVisible())
            texts += plain(label->text());
    }
    return texts;
}

QStringList buttons(const QWidget& page)
{
    QStringList texts;
    for (const QPushButton* button : page.findChildren<QPushButton*>()) {
        if (button->isVisible())
            texts += button->text();
    }
    return texts;
}

} // namespace

class TestTrainPage : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase() { QCoreApplication::installTranslator(&m_plurals); }

    void init()
    {
        // The offscreen platform knows no window managers and says so of every window.
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_session = std::make_unique<Session>();
        m_page = std::make_unique<TrainPage>(*m_session);
        m_page->resize(1072, 704);
        m_page->show();
    }

    void cleanup()
    {
        m_page.reset();
        m_session.reset();
    }

    void withoutPicturesItSaysWhatIsMissing()
    {
        QCOMPARE(m_page->state(), Page::State::Empty);
        QVERIFY(buttons(*m_page).isEmpty());
    }

    void preparingIsCounted()
    {
        m_page->takeEvents(beginning());
        QCOMPARE(m_page->state(), Page::State::Normal);
        const QStringList shown = texts(*m_page);
        QVERIFY(shown.contains(QStringLiteral("Run 4: Linear classifier on EfficientNet-Lite0")));
        QVERIFY(shown.contains(QStringLiteral("Reading features")));
        QVERIFY(shown.contains(QStringLiteral("120 of 347")));
        QVERIFY(shown.contains(QStringLiteral("5 s")));
        QVERIFY(buttons(*m_page).contains(QStringLiteral("Stop and keep the best")));
        QVERIFY(!buttons(*m_page).contains(QStringLiteral("Try it")));
    }

    void epochsAreShown()
    {
        m_page->takeEvents(beginning() + epochs(8)
                           + QList<TrainEvent> {BatchDone {9, 5, 11, 0.2, 0.9, 119.0}});
        const QStringList shown = texts(*m_page);
        QVERIFY(shown.contains(QStringLiteral("Epoch 9 of 20")));
        QVERIFY(shown.contains(QStringLiteral("batch 5 of 11")));
        QVERIFY(shown.contains(QStringLiteral("2 min"))); // as the batch says
        QVERIFY(shown.contains(QStringLiteral("35 pictures/s")));
        QCOMPARE(m_page->training().bestEpoch, 7);
        const auto plots = m_page->findChildren<CurvePlot*>();
        QCOMPARE(plots.size(), 2);
        QCOMPARE(plain(plots[0]->summary()),
                 QStringLiteral("After epoch 8: training 96 %, validation 91 %."));
        QCOMPARE(plots[1]->summary(), QStringLiteral("After epoch 8: training 0.17, validation 0.19."));
    }

    void aPauseIsSeenAndTakenBack()
    {
        m_page->takeEvents(beginning() + epochs(8)
                           + QList<TrainEvent> {BatchDone {9, 5, 11, 0.2, 0.9, 119.0}, TrainPaused {}});
        QStringList shown = texts(*m_page);
        QVERIFY(shown.contains(QStringLiteral("batch 5 of 11, paused")));
        QVERIFY(!shown.contains(QStringLiteral("35 pictures/s")));
        QVERIFY(shown.contains(QStringLiteral("2 min"))); // the pause is not in it
        m_page->takeEvents({TrainContinued {90.0}});
        shown = texts(*m_page);
        QVERIFY(shown.contains(QStringLiteral("batch 5 of 11")));
        QVERIFY(shown.contains(QStringLiteral("35 pictures/s")));
        const auto* log = m_page->findChild<TrainLog*>();
        QCOMPARE(plain(log->index(0).data().toString()), QStringLiteral("Goes on after a pause of 2 min."));
        QCOMPARE(log->index(1).data().toString(), QStringLiteral("Paused."));
    }

    void whatLearnsForATimeHasNoNumberOfEpochsAtFirst()
    {
        QList<TrainEvent> events = beginning();
        std::get<TrainStarted>(events[0]).epochs = 0;
        m_page->takeEvents(events + QList<TrainEvent> {BatchDone {1, 5, 11, 0.2, 0.9}});
        QVERIFY(texts(*m_page).contains(QStringLiteral("Epoch 1")));
        m_page->takeEvents(epochs(1));
        QVERIFY(texts(*m_page).contains(QStringLiteral("Epoch 1 of 20")));
    }

    void thoseThatWaitCanBeRemoved()
    {
        WaitingBand band;
        QVERIFY(!band.isVisible());
        learn::Plan plan;
        plan.strategy = "svm";
        band.setWaiting({{3, {}}, {5, plan}});
        QVERIFY(band.isVisible());
        QCOMPARE(texts(band),
                 QStringList({QStringLiteral("Waiting: Linear classifier on EfficientNet-Lite0"),
                              QStringLiteral("Waiting: SVM on an earlier layer on EfficientNet-Lite0")}));
        QSignalSpy removed(&band, &WaitingBand::removed);
        for (QPushButton* button : band.findChildren<QPushButton*>()) {
            if (button->accessibleName().contains(QStringLiteral("SVM")))
                button->click();
        }
        QCOMPARE(removed.size(), 1);
        QCOMPARE(removed.first().first().toInt(), 5);
        band.setWaiting({});
        QVERIFY(!band.isVisible());
    }

    void withoutValidationPicturesThereIsOneCurve()
    {
        m_page->takeEvents(beginning(0) + epochs(3));
        const auto plots = m_page->findChildren<CurvePlot*>();
        QCOMPARE(plain(plots[0]->summary()), QStringLiteral("After epoch 3: training 96 %."));
    }

    /// Also with larger type.
    void theNamesOfTheCurvesFit()
    {
        QFont larger = m_page->font();
        larger.setPointSizeF(1.4 * larger.pointSizeF());
        CurvePlot plot(CurvePlot::Measure::Accuracy);
        plot.setFont(larger);
        TrainingState state;
        for (const TrainEvent& event : beginning() + epochs(20))
            state.apply(event);
        plot.setTraining(state);
        plot.resize(400, 300);
        plot.show();
        QTRY_VERIFY(plot.names().width() > 100.0);
        QTRY_VERIFY(QRectF(plot.rect()).contains(plot.names()));
    }

    void guessesAreRightOrWrong()
    {
        Guesses guesses;
        guesses.epoch = 1;
        guesses.guesses = {{"/nowhere/a.jpg", 0, 0, 0.97}, {"/nowhere/b.jpg", 1, 0, 0.58}};
        m_page->takeEvents(beginning() + epochs(1) + QList<TrainEvent> {guesses});
        const auto tiles = m_page->findChildren<GuessTile*>();
        QCOMPARE(plain(tiles[0]->accessibleName()), QStringLiteral("Daisy, right, 97 % sure"));
        QCOMPARE(plain(tiles[1]->accessibleName()), QStringLiteral("Daisy, wrong, 58 % sure: it is Rose"));
        QVERIFY(!tiles[2]->isVisible());
    }

    void theVerdictHasCountAndInterval()
    {
        m_page->showRun(finishedRun());
        const QStringList shown = texts(*m_page);
        QVERIFY(shown.contains(QStringLiteral(
            "98.3 % right: 59 of 60 test pictures, kept secret until now. 95 % interval 91 to 99.7 %.")));
        QVERIFY(shown.contains(
            QStringLiteral("Finished: 20 epochs in 42 s. Epoch 17 is the best and is the model.")));
        QVERIFY(buttons(*m_page).contains(QStringLiteral("Try it")));
        QSignalSpy tried(m_page.get(), &TrainPage::tryIt);
        for (QPushButton* button : m_page->findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("Try it") && button->isVisible())
                button->click();
        }
        QCOMPARE(tried.size(), 1);
        QCOMPARE(tried.first().first().toString(), QStringLiteral("run-4"));
    }

    void theVerdictSaysWhetherTheForecastHeld_data()
    {
        QTest::addColumn<int>("right");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("held") << 54 << QStringLiteral("The forecast held: about 90 %, likely 82 to 95 %.");
        QTest::newRow("better") << 59
                                << QStringLiteral(
                                       "Better than the forecast, which was about 90 %, likely 82 to 95 %.");
        QTest::newRow("worse") << 30
                               << QStringLiteral(
                                      "Worse than the forecast, which was about 90 %, likely 82 to 95 %.");
    }

    void theVerdictSaysWhetherTheForecastHeld()
    {
        QFETCH(int, right);
        QFETCH(QString, sentence);
        engine::AdviceVerdict advice;
        advice.forecast.accuracy = 0.9;
        advice.forecast.likely = {0.82, 0.95};
        advice.test = {right, 60};
        advice.held = right == 54;
        VerdictBand band;
        band.setRun(finishedRun(), &advice);
        band.show();
        QVERIFY2(texts(band).contains(sentence), qPrintable(texts(band).join(QLatin1Char('\n'))));
        band.setRun(finishedRun(), nullptr);
        QVERIFY(texts(band).filter(QStringLiteral("forecast")).isEmpty());
    }

    void aStopBeforeTheFirstEpochHasNoModel()
    {
        store::RunRecord run = finishedRun();
        run.state = store::RunState::Stopped;
        run.hasModel = false;
        run.result = learn::RunResult();
        m_page->showRun(run);
        QVERIFY(!buttons(*m_page).contains(QStringLiteral("Try it")));
        QVERIFY(buttons(*m_page).contains(QStringLiteral("New training…")));
        QVERIFY(texts(*m_page).filter(QStringLiteral("so there is no model")).size() == 1);
    }

    void aFailureSaysWhatIsSafe()
    {
        const std::string problem = "The training: memory was not enough. Choose a smaller batch.";
        m_page->takeEvents(beginning() + epochs(7)
                           + QList<TrainEvent> {TrainEnded {Outcome::Failed, true, problem}});
        const auto* card = m_page->findChild<FailureCard*>();
        QVERIFY(card->isVisible());
        QCOMPARE(card->text(),
                 QString::fromStdString(problem)
                     + QStringLiteral("\nYour pictures are safe, and the best model, epoch 7, is saved."));
        QVERIFY(texts(*m_page).contains(QStringLiteral("Run 4 failed")));
        QSignalSpy again(m_page.get(), &TrainPage::newTraining);
        for (QPushButton* button : card->findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("New training…"))
                button->click();
        }
        QCOMPARE(again.size(), 1);
    }

    void theLogIsNewestFirstAndGathersQuickEpochs()
    {
        TrainLog log;
        const QAbstractItemModelTester tester(&log, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QDateTime start = QDateTime::fromSecsSinceEpoch(1'700'000'000);
        log.add(beginning().first(), start);
        for (const TrainEvent& event : epochs(3))
            log.add(event, start.addSecs(1));
        QCOMPARE(log.rowCount(), 3);
        QCOMPARE(log.index(0).data().toString(), QStringLiteral("Epoch 4 is running."));
        QCOMPARE(log.index(1).data().toString(), QStringLiteral("Epoch 3 is the best so far. Saved."));
        log.add(TrainNote {true, "Memory was short."}, start.addSecs(2));
        QCOMPARE(log.index(0).data().toString(), QStringLiteral("Memory was short."));
        log.add(epochs(4).last(), start.addSecs(60));
        log.add(TrainEnded {Outcome::Finished, true, {}}, start.addSecs(61));
        QCOMPARE(log.index(0).data().toString(), QStringLiteral("Finished."));
        QCOMPARE(log.rowCount(), 5);
        QVERIFY(log.text().find("Memory was short.") < log.text().find("Finished."));
    }

private:
    EnglishPlurals m_plurals;
    test::Scratch m_scratch;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<TrainPage> m_page;
};

QTEST_MAIN(TestTrainPage)
#include "tst_train_page.moc"
