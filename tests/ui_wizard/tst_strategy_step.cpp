#include "tests/support/fake_advice.h"
#include "tests/ui_wizard/support.h"
#include "ui/wizard/cut_chart.h"
#include "ui/wizard/evidence_panel.h"
#include "ui/wizard/strategy_map.h"
#include "ui/wizard/strategy_quadrant.h"
#include "ui/wizard/strategy_step.h"
#include "ui/wizard/training_draft.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QWizard>

using namespace graft;
using namespace graft::ui;

class TestStrategyStep : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        test::failOnWarnings();
        m_advice = std::make_unique<test::FakeAdvice>();
        m_adviser = std::make_unique<Adviser>(m_advice->source());
        m_draft = std::make_unique<TrainingDraft>(learn::Plan());
        m_wizard = std::make_unique<QWizard>();
        m_wizard->setOption(QWizard::HaveCustomButton1);
        m_step = new StrategyStep(*m_adviser, *m_draft);
        m_wizard->addPage(m_step);
        m_wizard->resize(1088, 736);
    }

    void cleanup()
    {
        m_wizard.reset();
        m_draft.reset();
        m_adviser.reset();
    }

    void whatIsRecommendedBecomesChosen()
    {
        m_wizard->show();
        QTRY_VERIFY(m_adviser->progress().total > 0);
        QCOMPARE(m_draft->plan().strategy, std::string("linear"));
        QVERIFY(recommended().isEmpty());
        m_advice->release();
        QTRY_COMPARE(m_draft->plan().strategy, std::string("svm"));
        QCOMPARE(m_draft->plan().cut, std::string("block5"));
        QCOMPARE(map()->chosen(), std::string("svm"));
        QCOMPARE(recommended(), QStringList {QStringLiteral("svm")});
        QVERIFY(shows(QStringLiteral("recommends strategy 3")));
        QVERIFY(shows(QStringLiteral("likely 85 to 97")));
        QVERIFY(shows(QStringLiteral("24 to 36")));
        QVERIFY(shows(QStringLiteral("41 % sure")));
        QCOMPARE(m_draft->forecast()->strategy, std::string("svm"));
    }

    void whatAPersonChoseStays()
    {
        m_wizard->show();
        click(quadrant("finetune"));
        QCOMPARE(m_draft->plan().strategy, std::string("finetune"));
        m_advice->release();
        QTRY_VERIFY(m_draft->advice().complete());
        QCOMPARE(m_draft->plan().strategy, std::string("finetune"));
        QCOMPARE(m_draft->plan().cut, std::string());
        QCOMPARE(recommended(), QStringList {QStringLiteral("svm")});
        QVERIFY(shows(QStringLiteral("as far as the frozen network tells")));
    }

    /// A strategy that was chosen before its cut was known gets it.
    void aCutComesLater()
    {
        m_advice->say(test::completeAdvice("linear"));
        m_wizard->show();
        click(quadrant("svm"));
        QCOMPARE(m_draft->plan().cut, std::string());
        m_advice->release();
        QTRY_COMPARE(m_draft->plan().cut, std::string("block5"));
        QCOMPARE(m_draft->plan().strategy, std::string("svm"));
    }

    void aCutIsBetterBeyondChance_data()
    {
        QTest::addColumn<int>("right"); // of 90, where the top layer has 81
        QTest::addColumn<QString>("sentence");
        QTest::newRow("chance") << 84
                                << QStringLiteral("No cut is better than the top layer by more than chance");
        QTest::newRow("more") << 89 << QStringLiteral("separates your classes better than the top layer");
    }

    void aCutIsBetterBeyondChance()
    {
        QFETCH(int, right);
        QFETCH(QString, sentence);
        learn::Advice advice = test::completeAdvice("linear");
        advice.cuts[2].linear.correct = right;
        m_advice->keep(advice);
        m_wizard->show();
        QTRY_VERIFY(shows(sentence));
    }

    void aBarIsACut()
    {
        m_advice->release();
        m_wizard->show();
        QTRY_COMPARE(m_draft->plan().cut, std::string("block5"));
        QCOMPARE(chart()->count(), 4);
        QCOMPARE(chart()->chosen(), 2);
        clickBar(1);
        QCOMPARE(m_draft->plan().cut, std::string("block3"));
        QCOMPARE(cuts()->currentIndex(), 1);
        QCOMPARE(chart()->chosen(), 1);
        QVERIFY(!shows(QStringLiteral("likely 85 to 97"))); // that was said of another cut
        // The same with keys.
        cuts()->setFocus();
        QTest::keyClick(cuts(), Qt::Key_Up);
        QCOMPARE(m_draft->plan().cut, std::string("block0"));
        // Strategy 1 has its own cut, the top layer.
        click(quadrant("linear"));
        QCOMPARE(chart()->chosen(), 3);
        QVERIFY(!cuts()->isVisible());
        clickBar(0);
        QCOMPARE(m_draft->plan().cut, std::string());
        QCOMPARE(m_draft->plan().strategy, std::string("linear"));
    }

    void arrowsGoFromQuadrantToQuadrant()
    {
        m_wizard->show();
        QVERIFY(QTest::qWaitForWindowActive(m_wizard.get()));
        QTRY_VERIFY(quadrant("linear")->button()->hasFocus()); // the chosen one
        press(Qt::Key_Left, "svm");
        press(Qt::Key_Up, "scratch");
        press(Qt::Key_Right, "finetune");
        press(Qt::Key_Down, "linear");
        m_advice->release();
        QTRY_VERIFY(m_draft->advice().complete());
        QCOMPARE(m_draft->plan().strategy, std::string("linear")); // keys choose as clicks do
    }

    void measuringIsStoppedAndBegunAgain()
    {
        m_wizard->show();
        auto* stop = panel()->findChild<QPushButton*>();
        QTRY_VERIFY(stop->isVisible());
        QTRY_VERIFY(shows(QStringLiteral("Reading pictures, 12 of 48")));
        QTRY_VERIFY(shows(QStringLiteral("41 % sure"))); // what is known is shown
        QVERIFY(!again()->isEnabled());
        stop->click();
        QTRY_VERIFY(again()->isEnabled());
        QVERIFY(!stop->isVisible());
        QVERIFY(shows(QStringLiteral("was stopped")));
        QVERIFY(recommended().isEmpty());
        m_advice->release();
        again()->click();
        QTRY_COMPARE(m_draft->plan().strategy, std::string("svm"));
        QCOMPARE(m_advice->measured(), 2);
    }

    /// A training takes its share of the computer, and what is measured meanwhile is slower.
    void measuringBesideATrainingIsSaid()
    {
        m_wizard->show();
        QTRY_VERIFY(shows(QStringLiteral("Reading pictures, 12 of 48")));
        QVERIFY(!shows(QStringLiteral("A training")));
        m_draft->setSlowed(true);
        QVERIFY(shows(QStringLiteral("the times that Graft measures now will be too long")));
        m_advice->release();
        QTRY_VERIFY(shows(QStringLiteral("Measure again when none runs.")));
        m_draft->setSlowed(false);
        QVERIFY(!shows(QStringLiteral("A training")));
    }

    void withoutWeightsNothingIsRecommended()
    {
        m_advice->missWeights();
        m_wizard->show();
        QTRY_VERIFY(shows(QStringLiteral("Get them in the step Backbone")));
        QVERIFY(shows(QStringLiteral("Nothing is recommended")));
        QVERIFY(recommended().isEmpty());
        QVERIFY(m_step->isComplete());
        click(quadrant("finetune"));
        QCOMPARE(m_draft->plan().strategy, std::string("finetune"));
    }

    void whatIsKnownIsNotMeasured()
    {
        m_advice->keep(test::completeAdvice("finetune"));
        m_wizard->show();
        QTRY_COMPARE(m_draft->plan().strategy, std::string("finetune"));
        QCOMPARE(m_advice->measured(), 0);
        // Of another network it says nothing.
        m_advice->release();
        m_wizard->hide();
        learn::Plan plan = m_draft->plan();
        plan.strategy = "svm";
        plan.cut = "block5";
        plan.backbone = "vgg16";
        m_draft->setPlan(plan);
        QCOMPARE(m_draft->plan().cut, std::string()); // a stage that VGG16 does not have
        m_wizard->show();
        QTRY_COMPARE(m_draft->advice().backbone, std::string("vgg16"));
        QCOMPARE(m_advice->measured(), 1);
    }

    void strategy4AsksWhereItStarts()
    {
        m_advice->say(test::completeAdvice("scratch"));
        m_advice->release();
        m_wizard->show();
        QTRY_COMPARE(m_draft->plan().strategy, std::string("scratch"));
        QCOMPARE(m_draft->plan().init, std::string("weights"));
        QVERIFY(shows(QStringLiteral("likely 50 to 90")));
        radio(QStringLiteral("From zero"))->click();
        QCOMPARE(m_draft->plan().init, std::string("random"));
        QVERIFY(!shows(QStringLiteral("likely 50 to 90"))); // that was said of a start from weights
        click(quadrant("linear"));
        QVERIFY(!radio(QStringLiteral("From zero"))->isVisible());
    }

    void theRaceHasATime()
    {
        m_wizard->show();
        auto* race = m_step->findChild<QCheckBox*>();
        QComboBox* minutes = nullptr;
        for (QComboBox* box : m_step->findChildren<QComboBox*>()) {
            if (box != cuts())
                minutes = box;
        }
        QVERIFY(!minutes->isEnabled());
        race->click();
        QCOMPARE(m_draft->raceMinutes(), std::optional(5));
        minutes->setCurrentIndex(minutes->findData(20));
        QCOMPARE(m_draft->raceMinutes(), std::optional(20));
        QVERIFY(shows(QStringLiteral("20 min each, 80 min in all")));
        race->click();
        QCOMPARE(m_draft->raceMinutes(), std::optional<int>());
    }

    /// Words and drawings stay readable wherever the pictures lie.
    void theDotCoversNothing()
    {
        m_wizard->show();
        QTRY_VERIFY(quadrant("svm")->room().height() > 0);
        for (const double many : {-1.0, -0.5, -0.01, 0.0, 0.4, 1.0}) {
            for (const double similar : {-1.0, 0.3, 1.0}) {
                const QPoint dot = map()->at(similar, many).toPoint();
                bool free = false;
                for (auto* quadrant : m_step->findChildren<Quadrant*>())
                    free = free || quadrant->room().contains(quadrant->mapFrom(map(), dot));
                QVERIFY2(free, qPrintable(QStringLiteral("%1, %2").arg(similar).arg(many)));
            }
        }
        QVERIFY(map()->at(0.0, 1.0).y() < map()->at(0.0, 0.1).y());
        QVERIFY(map()->at(0.0, 0.0).y() < map()->at(0.0, -0.1).y());
    }

    /// For screen readers, and nothing of the overlay takes a click.
    void theMapSpeaks()
    {
        m_advice->release();
        m_wizard->show();
        QTRY_VERIFY(m_draft->advice().complete());
        QCOMPARE(map()->accessibleDescription(),
                 QStringLiteral("Your pictures: few pictures, similar to ImageNet"));
        QCOMPARE(quadrant("svm")->button()->accessibleName(),
                 QStringLiteral("Strategy 3: Cut off the top layers, sort with an SVM, recommended"));
        QVERIFY(
            chart()->accessibleDescription().contains(QStringLiteral("after layer 2 of 4 (block3): 73 ")));
        for (const char* strategy : {"scratch", "finetune", "svm", "linear"}) {
            QTest::mouseClick(m_wizard->windowHandle(), Qt::LeftButton, {},
                              quadrant(strategy)->mapTo(m_wizard.get(), quadrant(strategy)->rect().center()));
            QCOMPARE(m_draft->plan().strategy, std::string(strategy));
        }
    }

private:
    StrategyMap* map() const { return m_step->findChild<StrategyMap*>(); }

    EvidencePanel* panel() const { return m_step->findChild<EvidencePanel*>(); }

    CutChart* chart() const { return panel()->chart(); }

    QComboBox* cuts() const { return panel()->cuts(); }

    QAbstractButton* again() const { return m_wizard->button(QWizard::CustomButton1); }

    Quadrant* quadrant(const std::string& strategy) const
    {
        for (auto* quadrant : m_step->findChildren<Quadrant*>()) {
            if (quadrant->strategy() == strategy)
                return quadrant;
        }
        return nullptr;
    }

    QRadioButton* radio(const QString& text) const
    {
        for (auto* button : m_step->findChildren<QRadioButton*>()) {
            if (button->text() == text)
                return button;
        }
        return nullptr;
    }

    static void click(QWidget* widget)
    {
        QTest::mouseClick(widget, Qt::LeftButton, {}, widget->rect().center());
    }

    void clickBar(int bar) const
    {
        QWidget* plot = chart()->childAt(chart()->middleOf(bar));
        QTest::mouseClick(plot, Qt::LeftButton, {}, plot->mapFrom(chart(), chart()->middleOf(bar)));
    }

    void press(Qt::Key key, const std::string& then)
    {
        QTest::keyClick(m_wizard->focusWidget(), key);
        QCOMPARE(m_draft->plan().strategy, then);
        QVERIFY(quadrant(then)->button()->hasFocus());
    }

    /// The strategies whose chip is shown.
    QStringList recommended() const
    {
        QStringList found;
        for (auto* quadrant : m_step->findChildren<Quadrant*>()) {
            for (QLabel* label : quadrant->findChildren<QLabel*>()) {
                if (label->isVisible() && label->text() == QStringLiteral("Recommended"))
                    found += QString::fromStdString(quadrant->strategy());
            }
        }
        return found;
    }

    bool shows(const QString& text) const { return test::texts(m_step).contains(text); }

    std::unique_ptr<test::FakeAdvice> m_advice;
    std::unique_ptr<Adviser> m_adviser;
    std::unique_ptr<TrainingDraft> m_draft;
    std::unique_ptr<QWizard> m_wizard;
    StrategyStep* m_step = nullptr;
};

int main(int argc, char** argv)
{
    return test::run<TestStrategyStep>(argc, argv);
}

#include "tst_strategy_step.moc"
