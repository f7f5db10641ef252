#include "core/engine/weights.h"
#include "tests/support/drawn_pictures.h"
#include "tests/support/scratch.h"
#include "ui/main_window.h"
#include "ui/models/english_plurals.h"
#include "ui/page.h"
#include "ui/pages/race_page.h"
#include "ui/pages/start_page.h"
#include "ui/pages/train_page.h"
#include "ui/pages/try_it_page.h"
#include "ui/paths.h"
#include "ui/widgets/drop_area.h"
#include "ui/widgets/navigation.h"
#include "ui/widgets/status_strip.h"
#include "ui/widgets/two_line.h"
#include "ui/wizard/new_training.h"
#include "ui/wizard/training_draft.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QDropEvent>
#include <QLabel>
#include <QListView>
#include <QMessageBox>
#include <QMimeData>
#include <QPointer>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTest>
#include <QUrl>

using namespace graft;
using namespace graft::ui;

namespace {

constexpr int patience = 60000; // milliseconds

void drop(QWidget* target, const QString& path)
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    const QPoint middle = target->rect().center();
    QDragEnterEvent enter(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(target, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(target, &event);
    QVERIFY(event.isAccepted());
}

QString shownTexts(const QWidget* widget)
{
    QString all;
    for (const QLabel* label : widget->findChildren<QLabel*>()) {
        if (label->isVisible())
            all += label->text() + QLatin1Char('\n');
    }
    return all;
}

QMessageBox* question(MainWindow& window)
{
    return window.findChild<QMessageBox*>();
}

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        // The offscreen platform says this of every window with a smallest size.
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_scratch = std::make_unique<test::Scratch>();
        m_pictures = test::drawPictures(m_scratch->path(), QStringLiteral("Shapes"), 20);
        m_window = std::make_unique<MainWindow>();
        m_window->show();
    }

    void cleanup() { m_window.reset(); }

    void beginsWithStartAlone()
    {
        QVERIFY(m_window->findChild<StartPage*>()->isVisible());
        QVERIFY(!m_window->findChild<Navigation*>()->isVisible());
        QCOMPARE(m_window->findChildren<Page*>().size(), 0); // pages are made on their first visit
    }

    void fitsASmallScreen()
    {
        m_window->resize(m_window->minimumSize());
        QCOMPARE(m_window->size(), QSize(1024, 700));
        open();
        QVERIFY(m_window->minimumSizeHint().width() <= 1024);
        QCOMPARE(m_window->findChild<Navigation*>()->width(), 176);
        m_window->resize(1280, 800);
        QCOMPARE(m_window->findChild<Navigation*>()->width(), 208);
    }

    /// Its buttons get it in their turn; the list of the pages keeps it, so that arrows go on.
    void aPageTakesTheFocus()
    {
        m_window->findChild<StartPage*>()->findChild<QPushButton*>()->setFocus();
        m_window->showPage(MainWindow::TryIt);
        QCOMPARE(m_window->focusWidget(), m_window->findChild<TryItPage*>());
        open();
        auto* pages = m_window->findChild<Navigation*>()->findChild<QListView*>();
        pages->setFocus();
        m_window->showPage(MainWindow::Train);
        QCOMPARE(m_window->focusWidget(), pages);
    }

    void aNewcomerGetsAVerdict()
    {
        if (engine::weightsStatus("efficientnet-lite0", false).state != engine::WeightsState::Ready)
            QSKIP("the weights of EfficientNet-Lite0 are not installed");
        open();
        QVERIFY(m_window->findChild<Navigation*>()->isVisible());
        QVERIFY(m_window->windowTitle().contains(QStringLiteral("Shapes")));
        QSignalSpy ended(&m_window->session(), &Session::trainingEnded);
        planATraining();
        auto* train = m_window->findChild<TrainPage*>();
        QVERIFY(train && train->isVisible());
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QTRY_VERIFY(
            shownTexts(train).contains(QRegularExpression(QStringLiteral("\\d.% right: \\d+ of \\d+"))));

        emit train->tryIt(QStringLiteral("run-1"));
        auto* tryIt = m_window->findChild<TryItPage*>();
        QVERIFY(tryIt && tryIt->isVisible());
        QSignalSpy classified(&m_window->session(), &Session::classified);
        tryIt->addPaths({m_pictures + QStringLiteral("/Square/square_3.png")});
        QTRY_COMPARE_WITH_TIMEOUT(classified.size(), 1, patience);
        QCOMPARE(tryIt->answers().rowCount(), 1);
    }

    void aFlatFolderIsAskedAbout_data()
    {
        QTest::addColumn<QString>("choice");
        QTest::addColumn<int>("classes");
        QTest::newRow("names") << QStringLiteral("Classes by file name") << 3;
        QTest::newRow("one") << QStringLiteral("All one class") << 1;
        QTest::newRow("cancel") << QStringLiteral("Cancel") << 0;
    }

    void aFlatFolderIsAskedAbout()
    {
        QFETCH(QString, choice);
        QFETCH(int, classes);
        const QString flat = m_scratch->path() + QStringLiteral("/Flat");
        QDir().mkpath(flat);
        for (const QString& name :
             {QStringLiteral("circle"), QStringLiteral("square"), QStringLiteral("triangle")}) {
            QString title = name;
            title[0] = title[0].toUpper();
            for (int i = 0; i < 5; ++i)
                QFile::copy(QStringLiteral("%1/%2/%3_%4.png").arg(m_pictures, title, name).arg(i),
                            QStringLiteral("%1/%2_%3.png").arg(flat, name).arg(i));
        }
        QSignalSpy ended(&m_window->session(), &Session::importEnded);
        drop(m_window->findChild<DropArea*>(), flat);
        QTRY_VERIFY(question(*m_window));
        press(choice);
        if (classes == 0) {
            QTRY_VERIFY(!question(*m_window));
            QVERIFY(!m_window->session().isImporting());
            return;
        }
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QCOMPARE(m_window->session().dataset().classes.size(), std::size_t(classes));
    }

    /// Another one waits, the strip and the menu pause it, and closing asks about all of them.
    void aTrainingIsPausedAndTheWindowClosed()
    {
        if (engine::weightsStatus("efficientnet-lite0", false).state != engine::WeightsState::Ready)
            QSKIP("the weights of EfficientNet-Lite0 are not installed");
        open();
        Session& session = m_window->session();
        m_window->newTraining();
        QVERIFY(!session.isTraining()); // the wizard asks first
        m_window->findChild<NewTraining*>()->accept();
        session.train({});
        QVERIFY(shownTexts(m_window->statusBar()).contains(QStringLiteral("1 waiting")));
        auto* train = m_window->findChild<TrainPage*>();
        QVERIFY(shownTexts(train).contains(QStringLiteral("Waiting: Linear classifier")));
        for (QAction* action : m_window->findChildren<QAction*>()) {
            if (action->shortcut() == QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P))
                action->trigger();
        }
        QVERIFY(session.isTrainingPaused());
        QCOMPARE(pauseButton(*train)->text(), QStringLiteral("Resume"));
        pauseButton(*train)->click();
        QVERIFY(!session.isTrainingPaused());
        pauseButton(*train)->click();
        QTRY_VERIFY_WITH_TIMEOUT(shownTexts(m_window->statusBar()).contains(QStringLiteral("paused")),
                                 patience);
        QVERIFY(!m_window->close());
        QTRY_VERIFY(question(*m_window));
        QVERIFY(question(*m_window)->informativeText().contains(
            QStringLiteral("1 waiting training will not begin.")));
        press(QStringLiteral("Cancel"));
        QTRY_VERIFY(!question(*m_window));
        QVERIFY(session.isTrainingPaused());
        QVERIFY(!m_window->close());
        QTRY_VERIFY(question(*m_window));
        press(QStringLiteral("Stop and keep the best"));
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->isVisible(), patience);
        QVERIFY(!session.isTraining());
        QCOMPARE(session.runs().size(), 1);
    }

    void whatCannotBeOpenedIsSaid()
    {
        drop(m_window->findChild<DropArea*>(), m_pictures + QStringLiteral("/Circle/circle_0.png"));
        auto* messages = m_window->findChild<StartPage*>()->messages();
        QTRY_VERIFY(messages->isVisible());
        QVERIFY(shownTexts(messages).contains(QStringLiteral("circle_0.png")));
    }

    void closingWhileItWorksAsks()
    {
        m_window->session().importFolder(m_pictures, {}, false);
        QVERIFY(m_window->session().isImporting()); // whatever its speed: it ends in the event loop
        QVERIFY(!m_window->close());
        QTRY_VERIFY(question(*m_window));
        press(QStringLiteral("Cancel"));
        QTRY_VERIFY(!question(*m_window));
        QVERIFY(m_window->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->session().isImporting(), patience);
        QVERIFY(m_window->close());
    }

    void aRaceIsHandedOn()
    {
        open();
        const QSignalSpy race(&m_window->session(), &Session::raceStarted);
        QSignalSpy ended(&m_window->session(), &Session::raceEnded);
        m_window->newTraining();
        auto* wizard = m_window->findChild<NewTraining*>();
        m_window->newTraining();
        QCOMPARE(m_window->findChildren<NewTraining*>().size(), 1); // one is enough
        wizard->draft().setRaceMinutes(2);
        wizard->accept();
        QCOMPARE(race.size(), 1);
        QCOMPARE(race.first().at(1).toInt(), 2);
        auto* page = m_window->findChild<RacePage*>();
        QVERIFY(page && page->isVisible());
        QCOMPARE(page->race().minutes, 2);
        QVERIFY(m_window->session().isRacing());
        m_window->session().stopTraining();
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        m_window->showPage(MainWindow::Pictures);
        m_window->showPage(MainWindow::Train);
        QVERIFY(page->isVisible()); // until another training begins
        emit m_window->session().trainingStarted();
        QVERIFY(!page->isVisible());
        QVERIFY(m_window->findChild<TrainPage*>()->isVisible());
    }

    void theWindowSaysHowFarARaceIs()
    {
        open();
        Session& session = m_window->session();
        emit session.raceStarted({}, 5);
        engine::Race race = m_window->findChild<RacePage*>()->race().race;
        race.racers[0].state = engine::Racer::State::Done;
        race.racers[1].state = engine::Racer::State::Running;
        race.racers[1].seconds = 60.0;
        emit session.raceNews({race});
        const auto* strip = m_window->findChild<StatusStrip*>();
        QCOMPARE(strip->trainingHint(), QStringLiteral("Race, strategy 2 of 4"));
        QVERIFY(shownTexts(strip).contains(QStringLiteral("14\u00A0min left")));
        emit session.raceNews({RacerEvent {1, TrainPaused {}}});
        QCOMPARE(strip->trainingHint(), QStringLiteral("Race, paused"));
        emit session.raceEnded({});
        QCOMPARE(strip->trainingHint(), QString());
    }

    /// What a race recommended, until a person chooses another one.
    void theNavigationSaysWhoAnswers()
    {
        const QString folder = m_scratch->path() + QStringLiteral("/Runs.graft");
        {
            store::Project project = store::Project::create(toPath(folder));
            for (int i = 0; i < 3; ++i) {
                store::RunRecord run = project.addRun({});
                run.state = store::RunState::Finished;
                run.hasModel = true;
                project.updateRun(run);
            }
            project.recommendRun("run-2");
        }
        m_window->openPath(folder);
        QTRY_VERIFY(m_window->session().isOpen());
        const auto* pages = m_window->findChild<Navigation*>()->findChild<QListView*>();
        const auto hint = [pages] {
            return pages->model()->index(MainWindow::TryIt, 0).data(HintRole).toString();
        };
        QCOMPARE(hint(), QStringLiteral("Uses run 2"));
        m_window->showPage(MainWindow::Train);
        emit m_window->findChild<TrainPage*>()->tryIt(QStringLiteral("run-1"));
        QVERIFY(m_window->findChild<TryItPage*>()->isVisible());
        QCOMPARE(hint(), QStringLiteral("Uses run 1"));
    }

    void closingAProjectGoesBackToStart()
    {
        open();
        m_window->newTraining();
        m_window->session().closeProject();
        QVERIFY(m_window->findChild<StartPage*>()->isVisible());
        QVERIFY(!m_window->findChild<Navigation*>()->isVisible());
        QCOMPARE(m_window->findChildren<Page*>().size(), 0);
        QCOMPARE(m_window->findChildren<NewTraining*>().size(), 0);
        auto* recent = m_window->findChild<StartPage*>()->findChild<QListView*>();
        QCOMPARE(recent->model()->rowCount(), 1);
        QCOMPARE(recent->model()->index(0, 0).data().toString(), QStringLiteral("Shapes"));
    }

    void noTwoActionsShareAShortcut()
    {
        QStringList seen;
        for (const QAction* action : m_window->findChildren<QAction*>()) {
            if (action->shortcutContext() == Qt::WidgetShortcut)
                continue;
            for (const QKeySequence& keys : action->shortcuts()) {
                const QString text = keys.toString();
                QVERIFY2(!seen.contains(text), qPrintable(text));
                seen += text;
            }
        }
        QVERIFY(seen.contains(QStringLiteral("Ctrl+T")));
    }

private:
    void open()
    {
        QSignalSpy ended(&m_window->session(), &Session::importEnded);
        drop(m_window->findChild<DropArea*>(), m_pictures);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
        QTRY_VERIFY(m_window->session().isOpen());
    }

    /// Through all steps of the wizard, as they are offered.
    void planATraining()
    {
        m_window->newTraining();
        const QPointer<NewTraining> wizard = m_window->findChild<NewTraining*>();
        QVERIFY(wizard && wizard->isVisible());
        while (wizard && wizard->isVisible()) {
            const bool last = wizard->nextId() < 0;
            QAbstractButton* on = wizard->button(last ? QWizard::FinishButton : QWizard::NextButton);
            QTRY_VERIFY(on->isEnabled());
            on->click();
        }
    }

    static QPushButton* pauseButton(const QWidget& page)
    {
        for (QPushButton* button : page.findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("Pause") || button->text() == QStringLiteral("Resume"))
                return button;
        }
        return nullptr;
    }

    void press(const QString& text)
    {
        for (QAbstractButton* button : question(*m_window)->buttons()) {
            if (QString(button->text()).remove(QLatin1Char('&')) == text)
                return button->click();
        }
        QFAIL(qPrintable(QStringLiteral("there is no button ") + text));
    }

    std::unique_ptr<test::Scratch> m_scratch;
    QString m_pictures;
    std::unique_ptr<MainWindow> m_window;
};

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("graft"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_main_window"));
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    const test::Scratch settings;
    applyTheme(app, Theme::Light);
    TestMainWindow test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_main_window.moc"
