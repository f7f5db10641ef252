#include "core/engine/data_fingerprint.h"
#include "core/learn/advice_json.h"
#include "tests/support/drawn_pictures.h"
#include "tests/support/fake_advice.h"
#include "tests/support/fake_weights.h"
#include "tests/support/scratch.h"
#include "tests/ui_wizard/support.h"
#include "ui/models/split_model.h"
#include "ui/session.h"
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
        QVERIFY(model->index(0, SplitModel::Note)
                    .data()
                    .toString()
                    .contains(QStringLiteral("Circle has only 20 pictures")));
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
            for (const QScrollBar* bar : page->findChildren<QScrollBar*>()) {
                if (bar->orientation() == Qt::Horizontal)
                    QVERIFY2(!bar->isVisible(), page->metaObject()->className());
            }
            if (dialog.nextId() < 0)
                break;
            dialog.next();
        }
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
