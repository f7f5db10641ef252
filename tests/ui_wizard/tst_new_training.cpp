#include "core/engine/data_fingerprint.h"
#include "core/learn/advice_json.h"
#include "tests/support/drawn_pictures.h"
#include "tests/support/fake_advice.h"
#include "tests/support/fake_weights.h"
#include "tests/support/scratch.h"
#include "tests/ui_wizard/support.h"
#include "ui/models/split_model.h"
#include "ui/session.h"
#include "ui/wizard/backbone_step.h"
#include "ui/wizard/cost_words.h"
#include "ui/wizard/new_training.h"
#include "ui/wizard/pictures_step.h"
#include "ui/wizard/strategy_quadrant.h"
#include "ui/wizard/strategy_step.h"
#include "ui/wizard/training_draft.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QDir>
#include <QLabel>
#include <QMainWindow>
#include <QRadioButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>

using namespace graft;
using namespace graft::ui;

namespace {

constexpr int patience = 60000; // milliseconds
constexpr int mostSteps = 10;

} // namespace

/// The wizard as a whole, with a real project. What is known of its pictures was kept before, so that nothing
/// is measured.
class TestNewTraining : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        test::failOnWarnings();
        m_scratch = std::make_unique<test::Scratch>();
        m_session = std::make_unique<Session>();
        m_weights = std::make_unique<WeightsJobs>(m_fake.source());
        m_window = std::make_unique<QMainWindow>();
        m_window->resize(1280, 800);
        m_window->show();
    }

    void cleanup()
    {
        m_window.reset();
        m_weights.reset();
        m_session.reset();
    }

    void countsAndGoal()
    {
        open(QStringLiteral("Shapes"), 20);
        NewTraining wizard(*m_session, *m_weights, {}, m_window.get());
        wizard.show();
        auto* step = wizard.findChild<PicturesStep*>();
        auto* model = step->findChild<SplitModel*>();
        const QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model->rowCount(), 3);
        QCOMPARE(model->index(0, SplitModel::Class).data().toString(), QStringLiteral("Circle"));
        QCOMPARE(number(*model, SplitModel::Training) + number(*model, SplitModel::Validation)
                     + number(*model, SplitModel::Test),
                 20);
        QCOMPARE(number(*model, SplitModel::Training), 14);
        const QModelIndex note = model->index(0, SplitModel::Note);
        QCOMPARE(note.data().toString(), QStringLiteral("Too few. Add at least 10 more."));
        QVERIFY(
            note.data(Qt::ToolTipRole).toString().contains(QStringLiteral("Circle has only 20 pictures")));
        const auto* table = step->findChild<QTableView*>();
        QTRY_VERIFY(table->viewport()->height() > 0);
        QTRY_VERIFY(!table->verticalScrollBar()->isVisible()); // there is room for all rows
        QVERIFY(step->findChild<QLabel*>(QStringLiteral("goal"))
                    ->text()
                    .contains(QStringLiteral("tell Circle, Square and Triangle apart")));
        QVERIFY(wizard.button(QWizard::NextButton)->isEnabled());
        QVERIFY(!wizard.button(QWizard::CustomButton1)->isVisible()); // this step has none
    }

    void oneClassIsNotEnough()
    {
        const QString pictures = test::drawPictures(m_scratch->path(), QStringLiteral("One"), 5);
        for (const auto* other : {"Square", "Triangle"})
            QDir(pictures + QLatin1Char('/') + QLatin1String(other)).removeRecursively();
        import(pictures);
        NewTraining wizard(*m_session, *m_weights, {}, m_window.get());
        wizard.show();
        QVERIFY(!wizard.button(QWizard::NextButton)->isEnabled());
        QVERIFY(test::texts(&wizard).contains(QStringLiteral("Only one class has pictures to learn from.")));
        QTest::keyClick(&wizard, Qt::Key_Return);
        QVERIFY(qobject_cast<PicturesStep*>(wizard.currentPage()));
    }

    void handsOverAPlan()
    {
        open(QStringLiteral("Shapes"), 5);
        learn::Plan start;
        start.recipe = "gentle_photo";
        start.copies = 3;
        NewTraining wizard(*m_session, *m_weights, start, m_window.get());
        QSignalSpy wanted(&wizard, &NewTraining::trainingWanted);
        QSignalSpy race(&wizard, &NewTraining::raceWanted);
        wizard.show();
        goToTheEnd(wizard);
        QVERIFY(!wizard.isVisible());
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(race.size(), 0);
        const auto plan = wanted.first().first().value<learn::Plan>();
        QCOMPARE(plan.recipe, std::string("gentle_photo"));
        QCOMPARE(plan.copies, 3);
        QCOMPARE(plan.strategy, std::string("svm")); // as recommended
        QCOMPARE(plan.cut, std::string("block5"));
    }

    void handsOverARace()
    {
        open(QStringLiteral("Shapes"), 5);
        NewTraining wizard(*m_session, *m_weights, {}, m_window.get());
        QSignalSpy wanted(&wizard, &NewTraining::trainingWanted);
        QSignalSpy race(&wizard, &NewTraining::raceWanted);
        wizard.show();
        wizard.next();
        wizard.findChild<StrategyStep*>()->findChild<QCheckBox*>()->click();
        goToTheEnd(wizard);
        QCOMPARE(wanted.size(), 0);
        QCOMPARE(race.size(), 1);
        QCOMPARE(race.first().at(1).toInt(), 5);
    }

    void cancelWantsNothing()
    {
        open(QStringLiteral("Shapes"), 5);
        NewTraining wizard(*m_session, *m_weights, {}, m_window.get());
        QSignalSpy wanted(&wizard, &NewTraining::trainingWanted);
        wizard.show();
        wizard.next();
        QTest::keyClick(&wizard, Qt::Key_Escape);
        QVERIFY(!wizard.isVisible());
        QCOMPARE(wanted.size(), 0);
    }

    void fitsASmallWindow_data()
    {
        QTest::addColumn<QSize>("window");
        QTest::addColumn<QSize>("wizard");
        QTest::newRow("small") << QSize(1024, 700) << QSize(992, 668);
        QTest::newRow("large") << QSize(1920, 1080) << QSize(1088, 736);
    }

    void fitsASmallWindow()
    {
        QFETCH(QSize, window);
        QFETCH(QSize, wizard);
        open(QStringLiteral("Shapes"), 5);
        m_window->resize(window);
        NewTraining dialog(*m_session, *m_weights, {}, m_window.get());
        dialog.show();
        QCOMPARE(dialog.size(), wizard);
        for (int step = 0; step < mostSteps && dialog.currentId() >= 0; ++step) {
            const QWizardPage* page = dialog.currentPage();
            QTest::qWait(1); // laid out
            QVERIFY2(dialog.minimumSizeHint().width() <= wizard.width(), page->metaObject()->className());
            const bool oneSight = qobject_cast<const StrategyStep*>(page) != nullptr; // the map and the race
            for (const QScrollBar* bar : page->findChildren<QScrollBar*>()) {
                if (oneSight || bar->orientation() == Qt::Horizontal)
                    QVERIFY2(!bar->isVisible(), page->metaObject()->className());
            }
            if (dialog.nextId() < 0)
                break;
            dialog.next();
        }
    }

    /// Also where it was measured for an earlier wizard.
    void timesMeasuredBesideATrainingAreKnown()
    {
        open(QStringLiteral("Shapes"), 5);
        store::RunRecord run = m_session->project()->addRun({});
        run.state = store::RunState::Finished;
        run.result.seconds = 60.0;
        m_session->project()->updateRun(run);
        QSignalSpy opened(m_session.get(), &Session::opened);
        const QString folder = m_session->folder();
        m_session->closeProject();
        m_session->openProject(folder);
        QTRY_COMPARE(opened.size(), 1);
        learn::Advice advice = test::completeAdvice("svm");
        advice.dataFingerprint = engine::dataFingerprint(m_session->dataset());
        advice.seconds = 20.0;
        advice.created = static_cast<std::uint64_t>(run.created) + 30;
        m_session->project()->setAdvice(learn::toJson(advice));
        NewTraining wizard(*m_session, *m_weights, {}, m_window.get());
        wizard.show();
        wizard.next();
        QTRY_VERIFY(wizard.draft().advice().complete());
        QVERIFY(wizard.draft().isSlowed());
        QVERIFY(test::texts(&wizard).contains(QStringLiteral("A training was running while Graft measured")));
    }

    void whichTrainingsSlowAnAdvice_data()
    {
        QTest::addColumn<int>("began");
        QTest::addColumn<int>("seconds"); // -1: it runs
        QTest::addColumn<bool>("slowed");
        QTest::newRow("before") << 100 << 50 << false;
        QTest::newRow("into its beginning") << 100 << 90 << true;
        QTest::newRow("within") << 190 << 5 << true;
        QTest::newRow("after") << 200 << 50 << false;
        QTest::newRow("runs since before") << 100 << -1 << true;
        QTest::newRow("runs since then") << 210 << -1 << false;
    }

    void whichTrainingsSlowAnAdvice()
    {
        QFETCH(int, began);
        QFETCH(int, seconds);
        QFETCH(bool, slowed);
        learn::Advice advice;
        advice.created = 200;
        advice.seconds = 20.0;
        store::RunRecord run;
        run.created = began;
        run.result.seconds = seconds;
        QCOMPARE(seconds < 0 ? slowedByTraining(advice, {}, began) : slowedByTraining(advice, {run}, 0),
                 slowed);
        advice.created = 0; // not complete
        QVERIFY(!slowedByTraining(advice, {run}, 1));
    }

    /// The button cannot be used meanwhile, and Return must not cancel.
    void measuringAgainLeavesTheFocusOnTheMap()
    {
        open(QStringLiteral("Shapes"), 5);
        NewTraining wizard(*m_session, *m_weights, {}, m_window.get());
        wizard.show();
        wizard.next();
        QTRY_VERIFY(wizard.draft().advice().complete());
        QAbstractButton* again = wizard.button(QWizard::CustomButton1);
        QTRY_VERIFY(again->isEnabled());
        again->setFocus();
        again->click();
        QVERIFY(qobject_cast<QRadioButton*>(wizard.focusWidget()));
    }

    /// Speeds are measured when the training has ended, and that is said.
    void speedsWaitForTheTraining()
    {
        open(QStringLiteral("Shapes"), 5);
        NewTraining wizard(*m_session, *m_weights, {}, m_window.get());
        wizard.show();
        wizard.next();
        wizard.next();
        QVERIFY(wizard.findChild<BackboneStep*>()->isVisible());
        QVERIFY(test::texts(&wizard).contains(QStringLiteral("Speed is measured on this computer.")));
        learn::Plan impossible;
        impossible.backbone = "no-such-network";
        QSignalSpy ended(m_session.get(), &Session::trainingEnded);
        m_session->train(impossible);
        QVERIFY(m_session->isTraining());
        QVERIFY(test::texts(&wizard).contains(
            QStringLiteral("Speed is measured on this computer when no training runs.")));
        QTRY_COMPARE(ended.size(), 1);
        QVERIFY(test::texts(&wizard).contains(QStringLiteral("Speed is measured on this computer.")));
    }

    /// While it measures, and with a session that ends at once.
    void canBeClosedWhileItMeasures()
    {
        open(QStringLiteral("Shapes"), 5);
        m_session->project()->setAdvice({});
        auto wizard = std::make_unique<NewTraining>(*m_session, *m_weights, learn::Plan(), m_window.get());
        wizard->show();
        wizard->next();
        wizard.reset();
        m_session.reset();
    }

private:
    void import(const QString& pictures)
    {
        QSignalSpy ended(m_session.get(), &Session::importEnded);
        m_session->importFolder(pictures, {}, false);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
    }

    void open(const QString& name, int each)
    {
        import(test::drawPictures(m_scratch->path(), name, each));
        learn::Advice advice = test::completeAdvice("svm");
        advice.dataFingerprint = engine::dataFingerprint(m_session->dataset());
        m_session->project()->setAdvice(learn::toJson(advice));
    }

    /// With the button that is filled, as a person would.
    static void goToTheEnd(NewTraining& wizard)
    {
        for (int step = 0; step < mostSteps && wizard.isVisible(); ++step) {
            if (wizard.findChild<StrategyStep*>()->isVisible())
                QTRY_VERIFY(wizard.draft().advice().complete());
            const bool last = wizard.nextId() < 0;
            QAbstractButton* on = wizard.button(last ? QWizard::FinishButton : QWizard::NextButton);
            QTRY_VERIFY2(on->isEnabled(), wizard.currentPage()->metaObject()->className());
            on->click();
        }
    }

    static int number(const SplitModel& model, SplitModel::Column column)
    {
        return model.index(0, column).data().toInt();
    }

    test::FakeWeights m_fake;
    std::unique_ptr<test::Scratch> m_scratch;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<WeightsJobs> m_weights;
    std::unique_ptr<QMainWindow> m_window;
};

int main(int argc, char** argv)
{
    return test::run<TestNewTraining>(argc, argv);
}

#include "tst_new_training.moc"
