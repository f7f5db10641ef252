#include "core/base/error.h"
#include "core/learn/plan_choices.h"
#include "core/learn/strategy.h"

#include <QTest>

using namespace graft;
using namespace graft::learn;

class TestPlanChoices : public QObject
{
    Q_OBJECT
private slots:

    void effortsAreTheStrategysOwnNumbersTimesTwoAndHalf_data()
    {
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<int>("epochs");
        QTest::addColumn<int>("patience");
        QTest::newRow("linear") << QStringLiteral("linear") << 40 << 10;
        QTest::newRow("finetune") << QStringLiteral("finetune") << 20 << 5;
        QTest::newRow("scratch") << QStringLiteral("scratch") << 40 << 10;
    }

    void effortsAreTheStrategysOwnNumbersTimesTwoAndHalf()
    {
        QFETCH(QString, strategy);
        QFETCH(int, epochs);
        QFETCH(int, patience);
        Plan plan;
        plan.strategy = strategy.toStdString();
        plan.minutes = 7.0;
        setEffort(plan, Effort::Quick);
        QCOMPARE(plan.epochs, epochs / 2);
        QCOMPARE(plan.patience, (patience + 1) / 2);
        QCOMPARE(plan.minutes, 0.0);
        setEffort(plan, Effort::Thorough);
        QCOMPARE(plan.epochs, 2 * epochs);
        QCOMPARE(plan.patience, 2 * patience);
        setEffort(plan, Effort::Normal);
        QCOMPARE(plan.epochs, 0);
        QCOMPARE(learn::strategy(plan.strategy).complete(plan, 100).epochs, epochs);
    }

    void fewPicturesAreFineTunedSlowly()
    {
        for (const char* optimizer : {"sgd", "adamw"}) {
            Plan plan;
            plan.optimizer = optimizer;
            const auto complete = strategy("finetune").complete;
            const double few = complete(plan, 250).learningRate;
            const double many = complete(plan, 5400).learningRate;
            QVERIFY(few < 0.5 * many);
            plan.learningRate = 0.02;
            QCOMPARE(complete(plan, 250).learningRate, 0.02);
        }
    }

    void whatWasSetIsRecognised()
    {
        for (const char* strategy : {"linear", "finetune", "scratch"}) {
            Plan plan;
            plan.strategy = strategy;
            for (const Effort effort : {Effort::Quick, Effort::Normal, Effort::Thorough}) {
                setEffort(plan, effort);
                QVERIFY(effortOf(plan) == effort);
            }
            plan.epochs = 7;
            QVERIFY(!effortOf(plan));
            setEffort(plan, Effort::Quick);
            plan.minutes = 3.0;
            QVERIFY(!effortOf(plan));
        }
    }

    void beingCarefulHidesFeaturesAndSmoothsLabels()
    {
        Plan plan;
        QVERIFY(!isCareful(plan));
        setCareful(plan, true);
        QVERIFY(isCareful(plan));
        const Plan complete = strategy(plan.strategy).complete(plan, 100);
        QCOMPARE(complete.headDropout, 0.5);
        QCOMPARE(complete.labelSmoothing, 0.1);
        setCareful(plan, false);
        QVERIFY(plan == Plan());
    }

    /// Whatever was chosen for one strategy, the next one takes what is left.
    void whatSuitsAnotherStrategyIsDropped()
    {
        for (const StrategySpec& from : strategies()) {
            for (const StrategySpec& to : strategies()) {
                Plan plan;
                plan.strategy = from.id;
                if (from.id == "svm") {
                    plan.kernel = "rbf";
                    plan.gamma = 0.5;
                    plan.penalty = 2.0;
                } else {
                    plan.headDropout = 0.4;
                }
                if (from.id == "scratch") {
                    plan.inputSize = 128;
                    plan.init = "random";
                }
                const Plan own = suited(plan);
                QVERIFY2(own == plan, std::string(from.id).c_str()); // its own choice stays
                plan.strategy = to.id;
                try {
                    to.complete(suited(plan), 100);
                } catch (const Error& error) {
                    QFAIL(error.what());
                }
            }
        }
    }

    void recommendedKeepsWhatIsLearned()
    {
        Plan plan;
        plan.strategy = "svm";
        plan.backbone = "resnet50";
        plan.cut = "layer3";
        plan.recipe = "gentle_photo";
        plan.copies = 4;
        plan.kernel = "rbf";
        plan.seed = 9;
        plan.classWeights = "none";
        Plan expected;
        expected.strategy = "svm";
        expected.backbone = "resnet50";
        expected.cut = "layer3";
        expected.recipe = "gentle_photo";
        expected.copies = 4;
        QVERIFY(recommendedOptions(plan) == expected);
    }

    void menusAreThoseOfPlans()
    {
        for (const PlanChoice& optimizer : optimizerChoices()) {
            for (const PlanChoice& loss : lossChoices()) {
                Plan plan;
                plan.optimizer = optimizer.id;
                plan.loss = loss.id;
                strategy("linear").complete(plan, 100); // throws where it is not known
                QVERIFY(!optimizer.sentence.empty() && !loss.title.empty());
            }
        }
        QCOMPARE(optimizerChoices().size(), std::size_t {4});
        QCOMPARE(lossChoices().size(), std::size_t {4});
    }
};

QTEST_GUILESS_MAIN(TestPlanChoices)
#include "tst_plan_choices.moc"
