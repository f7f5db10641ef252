#include "tests/support/fake_advice.h"
#include "tests/support/fake_weights.h"
#include "tests/ui_wizard/support.h"
#include "ui/session.h"
#include "ui/widgets/card_grid.h"
#include "ui/widgets/weights_foot.h"
#include "ui/widgets/weights_import.h"
#include "ui/wizard/backbone_card.h"
#include "ui/wizard/backbone_step.h"
#include "ui/wizard/backbone_words.h"
#include "ui/wizard/training_draft.h"

#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QWizard>

#include <atomic>
#include <memory>

using namespace graft;
using namespace graft::ui;
using test::buttons;
using test::press;
using test::texts;

namespace {

learn::BackboneEvidence evidence(const char* backbone, std::int64_t correct, double speed)
{
    learn::BackboneEvidence own;
    own.backbone = backbone;
    own.probe = {correct, 100};
    own.picturesPerSecond = speed;
    return own;
}

} // namespace

class TestBackboneStep : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        test::failOnWarnings();
        m_timed = 0;
        m_fake = std::make_unique<test::FakeWeights>();
        WeightsSource source = m_fake->source();
        source.speed = [this](const std::string& id, std::stop_token) {
            ++m_timed;
            return id == "efficientnet-lite0" ? 60.0 : 20.0;
        };
        m_jobs = std::make_unique<WeightsJobs>(source);
        QTRY_VERIFY(!m_jobs->items().isEmpty());
        m_session = std::make_unique<Session>();
        learn::Plan plan;
        plan.strategy = "svm";
        m_draft = std::make_unique<TrainingDraft>(plan);
        m_wizard = std::make_unique<QWizard>();
        m_step = new BackboneStep(*m_session, *m_jobs, *m_draft);
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
        m_jobs.reset();
        m_fake.reset();
    }

    void eachNetworkHasACard()
    {
        QCOMPARE(m_step->cards().size(), m_jobs->items().size());
        BackboneCard* lite = card("efficientnet-lite0");
        QVERIFY(lite->radio()->isChecked());
        QCOMPARE(lite->radio()->text(), QStringLiteral("EfficientNet-Lite0"));
        QVERIFY2(texts(lite).contains(QStringLiteral("19 MB, 4.7 million weights")), qPrintable(texts(lite)));
        QVERIFY2(texts(lite).contains(QStringLiteral("75.1")), qPrintable(texts(lite)));
        QVERIFY2(texts(card("vgg16")).contains(QStringLiteral("138 million weights")),
                 qPrintable(texts(card("vgg16"))));
    }

    void footersSayWhatCanBeDone()
    {
        QCOMPARE(card("efficientnet-lite0")->foot()->stateText(), QStringLiteral("Ready"));
        QCOMPARE(buttons(card("vgg19")),
                 (QStringList {QStringLiteral("Download 575\u00A0MB"), QStringLiteral("Import…")}));
        press(card("inception-v3"), QStringLiteral("Download 109\u00A0MB"));
        QTRY_VERIFY(card("inception-v3")->foot()->stateText().contains(QStringLiteral("no internet")));
        QCOMPARE(buttons(card("inception-v3")),
                 (QStringList {QStringLiteral("Try again"), QStringLiteral("Import…")}));
        press(card("vgg16"), QStringLiteral("Download 553\u00A0MB"));
        QTRY_COMPARE(card("vgg16")->foot()->stateText(), QStringLiteral("61 of 553\u00A0MB"));
        card("vgg16")->findChild<QToolButton*>()->click();
        QTRY_COMPARE(card("vgg16")->foot()->stateText(), QStringLiteral("Partly here: 61 of 553\u00A0MB"));
    }

    /// Only what is here can be trained with.
    void nextNeedsTheWeights()
    {
        QVERIFY(m_step->isComplete());
        const QSignalSpy changed(m_step, &QWizardPage::completeChanged);
        card("vgg19")->radio()->click();
        QCOMPARE(m_draft->plan().backbone, std::string("vgg19"));
        QVERIFY(!m_step->isComplete());
        QVERIFY(!changed.isEmpty());
        QVERIFY2(texts(m_step).contains(QStringLiteral("Download or import VGG19 to go on")),
                 qPrintable(texts(m_step)));
        press(card("vgg19"), QStringLiteral("Download 575\u00A0MB"));
        QTRY_VERIFY(m_step->isComplete());
        QVERIFY(!texts(m_step).contains(QStringLiteral("to go on")));
        QVERIFY(texts(m_step).contains(QStringLiteral("Your pictures are never sent.")));
    }

    void aClickOnTheCardChooses()
    {
        QTest::mouseClick(card("xception"), Qt::LeftButton, {}, QPoint(20, 60));
        QCOMPARE(m_draft->plan().backbone, std::string("xception"));
        QVERIFY(!card("efficientnet-lite0")->radio()->isChecked());
    }

    /// "head" is a stage of EfficientNet and of no VGG; "auto" is one of all.
    void anotherNetworkKeepsTheCutWhereItHasIt()
    {
        learn::Plan plan = m_draft->plan();
        plan.cut = "auto";
        m_draft->setPlan(plan);
        card("vgg16")->radio()->click();
        QCOMPARE(m_draft->plan().cut, std::string("auto"));
        card("efficientnet-lite0")->radio()->click();
        plan = m_draft->plan();
        plan.cut = "head";
        m_draft->setPlan(plan);
        card("efficientnet-lite1")->radio()->click();
        QCOMPARE(m_draft->plan().cut, std::string("head"));
        card("vgg16")->radio()->click();
        QCOMPARE(m_draft->plan().cut, std::string());
    }

    void speedIsMeasuredWhereWeightsAre()
    {
        QTRY_VERIFY(texts(card("efficientnet-lite0")).contains(QStringLiteral("60 pictures/s")));
        QTRY_VERIFY(texts(card("resnet50:v2")).contains(QStringLiteral("20 pictures/s")));
        QVERIFY(texts(card("vgg16")).contains(QStringLiteral("not measured")));
        QCOMPARE(bar(card("efficientnet-lite0"), "Speed on this computer")->value(), 1000);
        QCOMPARE(bar(card("resnet50:v2"), "Speed on this computer")->value(), 333);
        QVERIFY(!bar(card("vgg16"), "Speed on this computer")->isVisible());
        QCOMPARE(m_timed, 2);
        m_wizard->hide(); // what is known stays
        m_wizard->show();
        QTest::qWait(50);
        QCOMPARE(m_timed, 2);
        QCOMPARE(m_draft->speeds().at("efficientnet-lite0"), 60.0);
    }

    void evidenceIsShownWithItsInterval()
    {
        learn::Advice advice = test::completeAdvice("svm");
        advice.created = 1;
        advice.backbones = {evidence("efficientnet-lite0", 95, 50.0), evidence("resnet50", 70, 20.0)};
        m_draft->setAdvice(advice);
        const QString text = texts(card("efficientnet-lite0"));
        QVERIFY2(text.contains(QStringLiteral("Suits your pictures: 95")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("(89 to 98")), qPrintable(text)); // Wilson, 95 of 100
        QVERIFY(text.contains(QStringLiteral("Best for your pictures")));
        QVERIFY(texts(card("resnet50:v2")).contains(QStringLiteral("Suits your pictures: 70")));
        QVERIFY(!texts(card("resnet50:v2")).contains(QStringLiteral("Best")));
        QVERIFY(!texts(card("resnet50:v1")).contains(QStringLiteral("Suits"))); // other weights
        QVERIFY(!texts(card("vgg16")).contains(QStringLiteral("Suits")));
    }

    void nothingStandsOutByChance()
    {
        learn::Advice advice;
        QVERIFY(!outstanding(advice));
        advice.backbones = {evidence("efficientnet-lite0", 95, 1.0)};
        QVERIFY(!outstanding(advice)); // there is nothing to be better than
        advice.backbones.push_back(evidence("vgg16", 93, 1.0));
        QVERIFY(!outstanding(advice));
        advice.backbones.push_back(evidence("resnet50", 60, 1.0));
        QVERIFY(!outstanding(advice));
        advice.backbones.erase(advice.backbones.begin() + 1);
        QCOMPARE(outstanding(advice)->backbone, std::string("efficientnet-lite0"));
    }

    void cardsAreSorted()
    {
        auto* sort = m_step->findChild<QComboBox*>();
        sort->setCurrentIndex(static_cast<int>(BackboneStep::Order::Size));
        QCOMPARE(order().first(), QStringLiteral("efficientnet-lite0"));
        QCOMPARE(order().last(), QStringLiteral("vgg19"));
        sort->setCurrentIndex(static_cast<int>(BackboneStep::Order::Accuracy));
        QCOMPARE(order().first(), QStringLiteral("xception"));
        QTRY_COMPARE(m_draft->speeds().size(), std::size_t {2});
        sort->setCurrentIndex(static_cast<int>(BackboneStep::Order::Speed));
        QCOMPARE(order().first(2),
                 (QStringList {QStringLiteral("efficientnet-lite0"), QStringLiteral("resnet50:v2")}));
        learn::Advice advice = test::completeAdvice("svm");
        advice.backbones = {evidence("resnet50", 95, 50.0), evidence("efficientnet-lite0", 70, 20.0)};
        m_draft->setAdvice(advice);
        sort->setCurrentIndex(static_cast<int>(BackboneStep::Order::Recommended));
        QCOMPARE(order().first(2),
                 (QStringList {QStringLiteral("resnet50:v2"), QStringLiteral("efficientnet-lite0")}));
        QTRY_COMPARE(m_step->cards().first()->pos(), QPoint(0, 0));
    }

    void aWrongFileIsSaidOnItsCard()
    {
        m_step->importer()->importFrom(QStringLiteral("/media/stick"), QStringLiteral("xception"));
        QTRY_VERIFY2(
            card("xception")->foot()->stateText().startsWith(QStringLiteral("File is not Xception weights.")),
            qPrintable(card("xception")->foot()->stateText()));
        QVERIFY(card("xception")->foot()->stateText().contains(QStringLiteral("VGG19")));
        QTRY_COMPARE(card("vgg19")->foot()->stateText(), QStringLiteral("Ready"));
    }

    void columnsFollowTheWidth()
    {
        auto* grid = m_step->findChild<CardGrid*>();
        QCOMPARE(grid->columns(), 3);
        m_wizard->resize(640, 700);
        QTRY_COMPARE(grid->columns(), 2);
        for (const BackboneCard* each : m_step->cards()) {
            QVERIFY(each->geometry().right() <= grid->width());
            QVERIFY(each->width() >= each->minimumSizeHint().width());
        }
    }

private:
    BackboneCard* card(const char* id) const
    {
        BackboneCard* found = m_step->card(QString::fromLatin1(id));
        if (!found)
            qFatal("there is no such card");
        return found;
    }

    QStringList order() const
    {
        QStringList ids;
        for (const BackboneCard* each : m_step->cards())
            ids += QString::fromStdString(each->facts().item.status.id);
        return ids;
    }

    static QProgressBar* bar(const QWidget* widget, const char* name)
    {
        for (auto* each : widget->findChildren<QProgressBar*>()) {
            if (each->accessibleName() == QLatin1String(name))
                return each;
        }
        qFatal("there is no such bar");
    }

    std::atomic<int> m_timed = 0;
    std::unique_ptr<test::FakeWeights> m_fake;
    std::unique_ptr<WeightsJobs> m_jobs;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<TrainingDraft> m_draft;
    std::unique_ptr<QWizard> m_wizard;
    BackboneStep* m_step = nullptr;
};

int main(int argc, char** argv)
{
    return test::run<TestBackboneStep>(argc, argv);
}

#include "tst_backbone_step.moc"
