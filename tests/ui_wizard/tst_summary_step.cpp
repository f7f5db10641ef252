#include "core/learn/strategy.h"
#include "tests/support/counted_pictures.h"
#include "tests/support/fake_advice.h"
#include "tests/ui_wizard/support.h"
#include "ui/session.h"
#include "ui/wizard/summary_step.h"
#include "ui/wizard/summary_words.h"
#include "ui/wizard/training_draft.h"

#include <QWizard>

#include <memory>

using namespace graft;
using namespace graft::ui;

namespace {

learn::Plan completed(const char* strategy)
{
    learn::Plan plan;
    plan.strategy = strategy;
    return learn::strategy(strategy).complete(plan, 200);
}

} // namespace

class TestSummaryStep : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        test::failOnWarnings();
        m_session = std::make_unique<Session>();
        m_draft = std::make_unique<TrainingDraft>(learn::Plan());
        m_wizard = std::make_unique<QWizard>();
        m_step = new SummaryStep(*m_session, *m_draft);
        m_wizard->addPage(m_step);
        m_wizard->resize(1088, 736);
        m_wizard->show();
    }

    void cleanup()
    {
        m_wizard.reset();
        m_draft.reset();
        m_session.reset();
    }

    void sentencesSayWhatLearns_data()
    {
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<QString>("learning");
        QTest::addColumn<QString>("steps");
        QTest::newRow("linear")
            << QStringLiteral("linear")
            << QStringLiteral(
                   "EfficientNet-Lite0 stays as it is. A new linear classifier learns on its features.")
            << QStringLiteral(
                   "It learns with SGD, cross-entropy, for at most 40 epochs, and ends earlier after "
                   "10 epochs without a better result.");
        QTest::newRow("finetune") << QStringLiteral("finetune")
                                  << QStringLiteral(
                                         "All of EfficientNet-Lite0 learns on, the lower stages more "
                                         "slowly, and a new classifier with it.")
                                  << QStringLiteral(
                                         "It learns with SGD, cross-entropy, for at most 20 epochs, and "
                                         "ends earlier after 5 epochs without a better result.");
        QTest::newRow("svm") << QStringLiteral("svm")
                             << QStringLiteral(
                                    "The upper stages of EfficientNet-Lite0 are cut off where "
                                    "cross-validation says, and a support vector machine learns on "
                                    "what is left.")
                             << QStringLiteral(
                                    "The machine uses straight borders, and cross-validation chooses "
                                    "C.");
    }

    void sentencesSayWhatLearns()
    {
        QFETCH(QString, strategy);
        QFETCH(QString, learning);
        QFETCH(QString, steps);
        const learn::Plan plan = completed(qPrintable(strategy));
        QCOMPARE(learningSentence(plan), learning);
        QCOMPARE(stepsSentence(plan), steps);
    }

    void startAndCutAreSaid()
    {
        learn::Plan plan = completed("scratch");
        QVERIFY(learningSentence(plan).contains(QStringLiteral("what they know of ImageNet")));
        plan.init = "random";
        QVERIFY(learningSentence(plan).contains(QStringLiteral("from zero")));
        plan = completed("svm");
        plan.cut = "block5";
        QVERIFY(learningSentence(plan).contains(QStringLiteral("after its stage block5")));
        plan.kernel = "rbf";
        plan.penalty = 2.0;
        QCOMPARE(stepsSentence(plan), QStringLiteral("The machine uses radial basis functions and C 2."));
        plan = completed("finetune");
        plan.minutes = 3.0;
        plan.patience = 0;
        QCOMPARE(stepsSentence(plan), QStringLiteral("It learns with SGD, cross-entropy, for 3\u00A0min."));
    }

    void picturesAreCounted()
    {
        learn::Plan plan = completed("linear");
        QCOMPARE(picturesSentence(plan, tests::countedPictures(100, 20, 30)),
                 QStringLiteral("It learns from 200 training pictures in 2 classes."));
        QCOMPARE(augmentationSentence(plan),
                 QStringLiteral("The pictures are learned as they are, without augmentation."));
        plan.recipe = "gentle_photo";
        plan.copies = 3;
        QCOMPARE(
            picturesSentence(plan, tests::countedPictures(100, 20, 30)),
            QStringLiteral("It learns from 200 training pictures in 2 classes, and from 3 augmented draws of "
                           "each."));
        QVERIFY(augmentationSentence(plan).contains(QStringLiteral("drawn once")));
        plan.strategy = "finetune"; // draws anew, and needs no copies
        QCOMPARE(picturesSentence(plan, tests::countedPictures(100, 20, 30)),
                 QStringLiteral("It learns from 200 training pictures in 2 classes."));
        QVERIFY(augmentationSentence(plan).contains(QStringLiteral("anew in each epoch")));
    }

    /// What is said of one strategy is not true of all four.
    void aRaceIsSaidOfAll()
    {
        QCOMPARE(racePicturesSentence(tests::countedPictures(100, 20, 30)),
                 QStringLiteral("They learn from the same 200 training pictures in 2 classes."));
        learn::Plan plan = completed("linear");
        QCOMPARE(raceAugmentationSentence(plan),
                 QStringLiteral("The pictures are learned as they are, without augmentation."));
        plan.recipe = "gentle_photo";
        plan.copies = 3;
        QVERIFY2(raceAugmentationSentence(plan).endsWith(
                     QStringLiteral("on: strategies 2 and 4 draw every picture anew in each epoch, 1 and 3 "
                                    "learn from 3 augmented draws of each.")),
                 qPrintable(raceAugmentationSentence(plan)));
        plan.copies = 0;
        QVERIFY(raceAugmentationSentence(plan).endsWith(
            QStringLiteral("1 and 3 learn the pictures as they are.")));
        QVERIFY(raceChoosingSentence(tests::countedPictures(100, 20, 30))
                    .startsWith(QStringLiteral("40 validation pictures choose")));
        QVERIFY(raceMeasuringSentence(tests::countedPictures(10, 4, 4))
                    .startsWith(QStringLiteral("8 test pictures stay")));
        QVERIFY(raceMeasuringSentence(tests::countedPictures(10, 4, 0))
                    .contains(QStringLiteral("are compared on validation pictures")));
    }

    void whatChoosesAndMeasuresIsSaid()
    {
        const learn::Plan plan = completed("linear");
        QVERIFY(choosingSentence(plan, tests::countedPictures(100, 20, 30))
                    .startsWith(QStringLiteral("40 validation pictures")));
        QVERIFY(choosingSentence(plan, tests::countedPictures(100, 0, 30))
                    .contains(QStringLiteral("no validation pictures")));
        QVERIFY(measuringSentence(tests::countedPictures(100, 20, 30))
                    .startsWith(QStringLiteral("60 test pictures stay secret")));
        QVERIFY(measuringSentence(tests::countedPictures(100, 20, 0))
                    .contains(QStringLiteral("no test pictures")));
        QVERIFY(
            measuringSentence(tests::countedPictures(10, 4, 4)).contains(QStringLiteral("cross-validation")));
    }

    /// A forecast is shown with its interval, and only of what it speaks of.
    void accuracyIsSaidWhereItIsKnown()
    {
        QVERIFY(m_step->text().contains(QStringLiteral("not known yet")));
        m_draft->setAdvice(test::completeAdvice("linear"));
        QVERIFY2(plain().contains(
                     QStringLiteral("90 %, likely 82 to 95 % (Of new pictures, from cross-validation")),
                 qPrintable(plain()));
        learn::Plan plan;
        plan.strategy = "finetune";
        m_draft->setPlan(plan);
        QVERIFY2(plain().contains(QStringLiteral("91 %, likely 80 to 96 % (Of new pictures, worked out")),
                 qPrintable(plain()));
        plan.backbone = "resnet50";
        m_draft->setPlan(plan);
        QVERIFY(plain().contains(QStringLiteral("not known yet (This network")));
    }

    void theRaceInstead()
    {
        QCOMPARE(m_step->buttonText(QWizard::FinishButton), QStringLiteral("Train"));
        QCOMPARE(m_step->accessibleName(), QStringLiteral("Ready to train"));
        m_draft->setRaceMinutes(5);
        QVERIFY2(test::texts(m_step).startsWith(QStringLiteral("Ready to race\n")),
                 qPrintable(test::texts(m_step)));
        QCOMPARE(m_step->accessibleName(), QStringLiteral("Ready to race"));
        QCOMPARE(m_step->buttonText(QWizard::FinishButton), QStringLiteral("Start the race"));
        QVERIFY2(m_step->text().startsWith(QStringLiteral("All 4 strategies learn with EfficientNet-Lite0")),
                 qPrintable(m_step->text()));
        QVERIFY(m_step->text().contains(QStringLiteral("Each has 5 minutes;")));
        QVERIFY(m_step->text().contains(QStringLiteral("\nThey learn from the same ")));
        QVERIFY(!m_step->text().contains(QStringLiteral("It learns")));
        QVERIFY(m_step->text().contains(QStringLiteral("at most 20\u00A0min")));
        QVERIFY(m_step->isComplete());
        m_draft->setRaceMinutes({});
        QVERIFY(test::texts(m_step).startsWith(QStringLiteral("Ready to train\n")));
        QCOMPARE(m_step->buttonText(QWizard::FinishButton), QStringLiteral("Train"));
        QVERIFY(m_step->text().startsWith(QStringLiteral("EfficientNet-Lite0 stays")));
    }

    /// What was measured beside a training is too long, and that is said where the time is.
    void timesThatAreTooLongAreSaidToBe()
    {
        m_draft->setAdvice(test::completeAdvice("linear"));
        QVERIFY(!m_step->text().contains(QStringLiteral("too long")));
        m_draft->setSlowed(true);
        QVERIFY2(m_step->text().contains(
                     QStringLiteral("A training was running meanwhile, so it is likely too long.")),
                 qPrintable(m_step->text()));
        learn::Plan plan;
        plan.backbone = "resnet50"; // of which no time is known
        m_draft->setPlan(plan);
        QVERIFY(!m_step->text().contains(QStringLiteral("too long")));
    }

    void nonsenseIsNotTrained()
    {
        learn::Plan plan;
        plan.learningRate = 50.0;
        m_draft->setPlan(plan);
        QVERIFY(!m_step->isComplete());
    }

private:
    QString plain() const { return m_step->text().replace(QChar(0x00A0), QLatin1Char(' ')); }

    std::unique_ptr<Session> m_session;
    std::unique_ptr<TrainingDraft> m_draft;
    std::unique_ptr<QWizard> m_wizard;
    SummaryStep* m_step = nullptr;
};

int main(int argc, char** argv)
{
    return test::run<TestSummaryStep>(argc, argv);
}

#include "tst_summary_step.moc"
