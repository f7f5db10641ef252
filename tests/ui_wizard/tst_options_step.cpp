#include "tests/support/fake_advice.h"
#include "tests/ui_wizard/support.h"
#include "ui/page.h"
#include "ui/session.h"
#include "ui/widgets/number_field.h"
#include "ui/wizard/cost_line.h"
#include "ui/wizard/option_explainer.h"
#include "ui/wizard/option_row.h"
#include "ui/wizard/options_form.h"
#include "ui/wizard/options_step.h"
#include "ui/wizard/rate_sketch.h"
#include "ui/wizard/simple_options.h"
#include "ui/wizard/training_draft.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>
#include <QWizard>

#include <memory>

using namespace graft;
using namespace graft::ui;

class TestOptionsStep : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        test::failOnWarnings();
        m_session = std::make_unique<Session>();
        m_draft = std::make_unique<TrainingDraft>(learn::Plan());
        m_wizard = std::make_unique<QWizard>();
        m_step = new OptionsStep(*m_session, *m_draft);
        m_wizard->addPage(m_step);
        m_wizard->resize(1088, 736);
        m_wizard->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_wizard.get()));
    }

    void cleanup()
    {
        m_wizard.reset();
        m_draft.reset();
        m_session.reset();
    }

    void simpleSetsWhatExpertShows()
    {
        choose("finetune");
        QVERIFY(radio("Normal")->isChecked());
        radio("Thorough")->click();
        QCOMPARE(m_draft->plan().epochs, 40);
        QCOMPARE(m_draft->plan().patience, 10);
        QCOMPARE(spin(Option::Length, 0)->value(), 40);
        QCOMPARE(spin(Option::Patience, 0)->value(), 10);
        careful()->click();
        QCOMPARE(m_draft->plan().headDropout, 0.5);
        QCOMPARE(slider(Option::Dropout)->field()->text(), QStringLiteral("0.5"));
        QCOMPARE(slider(Option::LabelSmoothing)->field()->text(), QStringLiteral("0.1"));
        spin(Option::Length, 0)->setValue(33); // neither of the three
        QVERIFY(!radio("Thorough")->isChecked() && !radio("Normal")->isChecked());
        QVERIFY(texts(m_step->simple()).contains(QStringLiteral("other numbers")));
        radio("Quick")->click();
        QCOMPARE(m_draft->plan().epochs, 10);
        QCOMPARE(m_draft->plan().patience, 3);
    }

    /// Where the plan leaves a number open, it is the strategy's own, and stays open.
    void openNumbersAreTheStrategysOwn()
    {
        m_step->setView(OptionsStep::View::Expert);
        QCOMPARE(slider(Option::LearningRate)->field()->text(), QStringLiteral("0.002"));
        choose("finetune");
        QCOMPARE(slider(Option::LearningRate)->field()->text(), QStringLiteral("0.003"));
        QCOMPARE(spin(Option::Length, 0)->value(), 20);
        combo(Option::Optimizer)
            ->setCurrentIndex(combo(Option::Optimizer)->findText(QStringLiteral("AdamW")));
        QCOMPARE(m_draft->plan().optimizer, std::string("adamw"));
        QCOMPARE(slider(Option::LearningRate)->field()->text(), QStringLiteral("0.00009"));
        QCOMPARE(m_draft->plan().learningRate, 0.0);
    }

    void sliderAndFieldFollowEachOther()
    {
        m_step->setView(OptionsStep::View::Expert);
        slider(Option::LearningRate)->slider()->setValue(0);
        QCOMPARE(m_draft->plan().learningRate, 1e-5);
        slider(Option::LearningRate)->slider()->setValue(slider(Option::LearningRate)->slider()->maximum());
        QCOMPARE(m_draft->plan().learningRate, 1.0);
        write(Option::LearningRate, "0.01");
        QCOMPARE(m_draft->plan().learningRate, 0.01);
        QCOMPARE(slider(Option::LearningRate)->slider()->value(), 30); // tenths of a power of ten above 1e-5
        slider(Option::Dropout)->slider()->setValue(4);
        QVERIFY(qFuzzyCompare(m_draft->plan().headDropout, 0.2));
    }

    void nonsenseIsRefusedWithItsReason_data()
    {
        QTest::addColumn<int>("option");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no number") << int(Option::LearningRate) << QStringLiteral("fast")
                                   << QStringLiteral("“fast” is not a number");
        QTest::newRow("zero") << int(Option::LearningRate) << QStringLiteral("0")
                              << QStringLiteral("choose a number above 0");
        QTest::newRow("core's own range") << int(Option::LearningRate) << QStringLiteral("50")
                                          << QStringLiteral("learning rate: 50 is out of range");
        QTest::newRow("negative is not open")
            << int(Option::Dropout) << QStringLiteral("-1") << QStringLiteral("Dropout: choose 0 or more");
        QTest::newRow("smoothing") << int(Option::LabelSmoothing) << QStringLiteral("0.9")
                                   << QStringLiteral("0 to 0.5");
    }

    void nonsenseIsRefusedWithItsReason()
    {
        QFETCH(int, option);
        QFETCH(QString, text);
        QFETCH(QString, reason);
        m_step->setView(OptionsStep::View::Expert);
        QVERIFY(m_step->isComplete());
        const QSignalSpy changed(m_step, &QWizardPage::completeChanged);
        write(static_cast<Option>(option), qPrintable(text));
        QVERIFY(!m_step->isComplete());
        QVERIFY2(m_step->problem().contains(reason), qPrintable(m_step->problem()));
        auto* message = m_step->findChild<MessageBar*>();
        QVERIFY(message->isVisible());
        QVERIFY(message->accessibleName().contains(reason));
        write(static_cast<Option>(option), "0.2");
        QVERIFY(m_step->isComplete());
        QVERIFY(!message->isVisible());
        QVERIFY(changed.size() >= 2);
    }

    void inputSizeIsRefusedByTheNetwork()
    {
        choose("scratch");
        m_step->setView(OptionsStep::View::Expert);
        write(Option::InputSize, "100");
        QVERIFY2(m_step->problem().contains(QStringLiteral("multiple of 32")), qPrintable(m_step->problem()));
        write(Option::InputSize, "128");
        QVERIFY(m_step->isComplete());
        QCOMPARE(m_draft->plan().inputSize, 128);
        write(Option::InputSize, "");
        QCOMPARE(m_draft->plan().inputSize, 0);
    }

    void whatDoesNotSuitTheStrategySaysWhy_data()
    {
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<QList<int>>("disabled");
        const auto list = [](std::initializer_list<Option> options) {
            QList<int> all;
            for (const Option option : options)
                all += static_cast<int>(option);
            return all;
        };
        QTest::newRow("linear") << QStringLiteral("linear")
                                << list({Option::InputSize, Option::BatchStatistics, Option::Kernel,
                                         Option::Penalty, Option::Gamma});
        QTest::newRow("finetune") << QStringLiteral(
            "finetune") << list({Option::InputSize, Option::Kernel, Option::Penalty, Option::Gamma});
        QTest::newRow("scratch") << QStringLiteral("scratch")
                                 << list({Option::Kernel, Option::Penalty, Option::Gamma});
        QTest::newRow("svm") << QStringLiteral("svm")
                             << list({Option::Optimizer, Option::Loss, Option::LearningRate, Option::Batch,
                                      Option::Length, Option::Patience, Option::Dropout,
                                      Option::LabelSmoothing, Option::WeightDecay, Option::ClipNorm,
                                      Option::Momentum, Option::InputSize, Option::BatchStatistics,
                                      Option::Gamma});
    }

    void whatDoesNotSuitTheStrategySaysWhy()
    {
        QFETCH(QString, strategy);
        QFETCH(QList<int>, disabled);
        choose(qPrintable(strategy));
        for (int i = static_cast<int>(Option::Optimizer); i <= static_cast<int>(Option::Seed); ++i) {
            const OptionRow* row = m_step->form()->row(static_cast<Option>(i));
            QVERIFY2(row->field()->isEnabled() != disabled.contains(i),
                     qPrintable(optionTitle(static_cast<Option>(i))));
            QCOMPARE(row->toolTip().isEmpty(), row->field()->isEnabled());
        }
        QVERIFY(m_step->isComplete());
    }

    void machinesLeaveTheirNumbersToCrossValidation()
    {
        choose("svm");
        m_step->setView(OptionsStep::View::Expert);
        auto* field = qobject_cast<NumberField*>(m_step->form()->row(Option::Penalty)->field());
        QCOMPARE(field->text(), QString());
        QCOMPARE(field->placeholderText(), QStringLiteral("chosen for you"));
        combo(Option::Kernel)->setCurrentIndex(1);
        QCOMPARE(m_draft->plan().kernel, std::string("rbf"));
        QVERIFY(m_step->form()->row(Option::Gamma)->field()->isEnabled());
        write(Option::Gamma, "0.5");
        QCOMPARE(m_draft->plan().gamma, 0.5);
        choose("linear"); // which takes neither
        QVERIFY(m_step->isComplete());
        QCOMPARE(m_draft->plan().kernel, std::string("linear"));
        QCOMPARE(m_draft->plan().gamma, 0.0);
        QVERIFY(texts(m_step->simple()).contains(QStringLiteral("epochs")));
    }

    void float16IsOfferedOnGraphicsCards()
    {
        const auto offered = [this] { return combo(Option::Precision)->findText(QStringLiteral("float16")); };
        OptionsForm& form = *m_step->form();
        form.setDevices({{"cpu", "CPU, 2 threads"}});
        form.show(m_draft->plan());
        QCOMPARE(offered(), -1);
        form.setDevices({{"cpu", "CPU, 2 threads"}, {"cuda:0", "A card"}});
        form.show(m_draft->plan());
        QVERIFY(offered() >= 0);
        combo(Option::Precision)->setCurrentIndex(offered());
        QCOMPARE(m_draft->plan().precision, std::string("float16"));
        QComboBox* device = combo(Option::Device);
        device->setCurrentIndex(device->findData(QStringLiteral("cpu")));
        QCOMPARE(m_draft->plan().precision, std::string("auto"));
        QCOMPARE(offered(), -1);
        QCOMPARE(combo(Option::Precision)->currentData().toString(), QStringLiteral("auto"));
        device->setCurrentIndex(device->findData(QStringLiteral("cuda:0")));
        QVERIFY(offered() >= 0);
    }

    void minutesInsteadOfEpochs()
    {
        choose("finetune");
        m_step->setView(OptionsStep::View::Expert);
        const auto radios = m_step->form()->row(Option::Length)->findChildren<QRadioButton*>();
        radios[1]->click();
        QCOMPARE(m_draft->plan().minutes, 15.0);
        spin(Option::Length, 1)->setValue(3);
        QCOMPARE(m_draft->plan().minutes, 3.0);
        QVERIFY(!spin(Option::Length, 0)->isEnabled());
        choose("linear");
        QCOMPARE(m_draft->plan().minutes, 0.0);
        QVERIFY(!radios[1]->isEnabled());
        QVERIFY(!radios[1]->toolTip().isEmpty());
        auto* early = m_step->form()->row(Option::Patience)->findChild<QCheckBox*>();
        QVERIFY(early->isChecked());
        early->click();
        QCOMPARE(m_draft->plan().patience, 0);
    }

    void backToRecommended()
    {
        choose("finetune");
        learn::Plan plan = m_draft->plan();
        plan.learningRate = 0.5;
        plan.loss = "mae";
        plan.seed = 7;
        m_draft->setPlan(plan);
        write(Option::WeightDecay, "much");
        QVERIFY(!m_step->isComplete());
        test::press(m_step, QStringLiteral("Back to recommended"));
        learn::Plan expected;
        expected.strategy = "finetune";
        QVERIFY(m_draft->plan() == expected);
        QVERIFY(m_step->isComplete());
        QCOMPARE(qobject_cast<QLineEdit*>(m_step->form()->row(Option::WeightDecay)->field())->text(),
                 QStringLiteral("0.0001"));
    }

    void theFocusedFieldIsExplained()
    {
        m_step->setView(OptionsStep::View::Expert);
        QApplication::setActiveWindow(m_wizard.get());
        slider(Option::LearningRate)->field()->setFocus();
        QVERIFY(m_step->explainer()->option() == Option::LearningRate);
        QVERIFY(m_step->findChild<RateSketch*>()->isVisible());
        combo(Option::Loss)->setFocus();
        QVERIFY(m_step->explainer()->option() == Option::Loss);
        QVERIFY(texts(m_step->explainer()).contains(QStringLiteral("Cross-entropy is the usual choice")));
        QVERIFY(!m_step->findChild<RateSketch*>()->isVisible());
        QTest::mouseClick(m_step->form()->row(Option::Gamma), Qt::LeftButton, {}, QPoint(4, 4));
        QVERIFY(texts(m_step->explainer()).contains(QStringLiteral("Only for the strategy")));
    }

    void costsFollowTheAdvice()
    {
        choose("finetune");
        QVERIFY2(m_step->cost()->text().startsWith(QStringLiteral("Time not known yet, about ")),
                 qPrintable(m_step->cost()->text()));
        m_draft->setAdvice(test::completeAdvice("finetune"));
        QVERIFY2(m_step->cost()->text().startsWith(QStringLiteral("Takes 12\u00A0min to 40\u00A0min here, ")),
                 qPrintable(m_step->cost()->text())); // 2 to 10 minutes, and five folds of few pictures
        QVERIFY(texts(m_step->simple()).contains(QStringLiteral("Time here: 12\u00A0min to 40\u00A0min")));
        QVERIFY(!m_step->cost()->isHidden());
        m_draft->setRaceMinutes(5); // all four strategies: the summary says how long
        QVERIFY(m_step->cost()->isHidden());
    }

    void everyOptionIsExplained()
    {
        for (int i = 0; i <= static_cast<int>(Option::Seed); ++i) {
            const auto option = static_cast<Option>(i);
            QVERIFY(!optionTitle(option).isEmpty());
            QVERIFY2(optionMeaning(option).size() > 40, qPrintable(optionTitle(option)));
            QVERIFY(!optionMeaning(option).contains(QLatin1Char('!')));
        }
    }

    /// Numbers with their unit, and what stands before them, also with larger type.
    void fieldsShowAllOfTheirText()
    {
        applyTypeSize(*qApp, 1.4);
        QWizard wizard;
        auto* step = new OptionsStep(*m_session, *m_draft);
        wizard.addPage(step);
        wizard.resize(1088, 736);
        step->setView(OptionsStep::View::Expert);
        wizard.show();
        QVERIFY(QTest::qWaitForWindowExposed(&wizard));
        QWidget* length = step->form()->row(Option::Length)->field();
        QWidget* patience = step->form()->row(Option::Patience)->field();
        QTRY_VERIFY(length->width() > 100);
        for (const QWidget* field : {length, patience}) {
            for (const auto* spin : field->findChildren<QSpinBox*>())
                QVERIFY2(spin->width() >= spin->minimumSizeHint().width(), qPrintable(spin->text()));
        }
        const auto* early = patience->findChild<QCheckBox*>();
        QVERIFY(early->width() >= early->minimumSizeHint().width());
        applyTypeSize(*qApp, 1.0);
    }

private:
    void choose(const char* strategy)
    {
        learn::Plan plan = m_draft->plan();
        plan.strategy = strategy;
        m_draft->setPlan(plan);
    }

    QRadioButton* radio(const char* text) const
    {
        for (auto* button : m_step->simple()->findChildren<QRadioButton*>()) {
            if (button->text() == QLatin1String(text))
                return button;
        }
        qFatal("there is no such button");
    }

    QCheckBox* careful() const { return m_step->simple()->findChild<QCheckBox*>(); }

    QComboBox* combo(Option option) const
    {
        return qobject_cast<QComboBox*>(m_step->form()->row(option)->field());
    }

    SliderField* slider(Option option) const
    {
        return qobject_cast<SliderField*>(m_step->form()->row(option)->field());
    }

    QSpinBox* spin(Option option, int index) const
    {
        return m_step->form()->row(option)->findChildren<QSpinBox*>().at(index);
    }

    void write(Option option, const char* text) const
    {
        QWidget* field = m_step->form()->row(option)->field();
        auto* number = qobject_cast<NumberField*>(field);
        if (!number)
            number = field->findChild<NumberField*>();
        number->selectAll();
        if (*text == '\0')
            QTest::keyClick(number, Qt::Key_Delete);
        QTest::keyClicks(number, QString::fromUtf8(text));
    }

    static QString texts(const QWidget* widget)
    {
        QString all;
        for (const QLabel* label : widget->findChildren<QLabel*>()) {
            if (!label->isHidden())
                all += label->text() + QLatin1Char('\n');
        }
        return all;
    }

    std::unique_ptr<Session> m_session;
    std::unique_ptr<TrainingDraft> m_draft;
    std::unique_ptr<QWizard> m_wizard;
    OptionsStep* m_step = nullptr;
};

int main(int argc, char** argv)
{
    return test::run<TestOptionsStep>(argc, argv);
}

#include "tst_options_step.moc"
