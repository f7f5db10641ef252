#include "core/base/error.h"
#include "core/engine/feature_cache.h"
#include "core/engine/plan_costs.h"
#include "core/learn/advisor.h"
#include "core/network/backbone.h"
#include "core/network/cut.h"
#include "tests/support/counted_pictures.h"
#include "tests/support/processor_clock.h"

#include <QTest>

using namespace graft;
using namespace graft::engine;

namespace {

/// Lite0 measured: features of all pictures take 100 s, linear learning 10 s, an epoch of the network 30 s.
learn::Advice measured()
{
    learn::Advice advice;
    advice.backbone = "efficientnet-lite0";
    learn::CutEvidence last;
    last.stage = "head";
    advice.cuts = {last};
    for (const char* strategy : {"linear", "finetune", "svm", "scratch"}) {
        learn::Forecast forecast;
        forecast.strategy = strategy;
        forecast.cut = network::stageOf(network::backbone("efficientnet-lite0"), "last");
        const int epochs = forecast.strategy == "finetune" ? 20 : 40;
        const int patience = forecast.strategy == "finetune" ? 5 : 10;
        if (forecast.strategy == "linear" || forecast.strategy == "svm")
            learn::setFeatureTime(forecast, {100.0, 10.0});
        else
            forecast.lowSeconds = 30.0 * (patience + 1), forecast.highSeconds = 30.0 * epochs * 1.25;
        advice.strategies.push_back(forecast);
    }
    advice.cuts.front().stage = advice.strategies.front().cut;
    learn::BackboneEvidence own;
    own.backbone = "efficientnet-lite0";
    own.picturesPerSecond = 60.0;
    learn::BackboneEvidence other;
    other.backbone = "resnet50";
    other.picturesPerSecond = 20.0;
    advice.backbones = {own, other};
    return advice;
}

learn::Plan planOf(const char* strategy, const char* backbone = "efficientnet-lite0")
{
    learn::Plan plan;
    plan.strategy = strategy;
    plan.backbone = backbone;
    return plan;
}

bool near(double a, double b)
{
    return std::abs(a - b) <= 0.01 * std::abs(b);
}

} // namespace

class TestPlanCosts : public QObject
{
    Q_OBJECT
private slots:

    void withoutAnAdviceTimeIsNotKnown()
    {
        CostEstimator costs(tests::countedPictures(100, 20, 20));
        const PlanCosts now = costs.of(planOf("finetune"));
        QVERIFY(now.time == Known::No);
        QCOMPARE(now.highSeconds, 0.0);
        QVERIFY(now.memoryKnown == Known::WorkedOut); // never measured: nothing was run
        QVERIFY(now.memory > 0);
    }

    void theForecastItselfIsMeasured()
    {
        CostEstimator costs(tests::countedPictures(100, 20, 20));
        costs.setAdvice(measured());
        for (const char* strategy : {"linear", "finetune", "svm", "scratch"}) {
            const PlanCosts now = costs.of(planOf(strategy));
            const learn::Advice advice = measured();
            const learn::Forecast* forecast = learn::forecastOf(advice, strategy);
            QVERIFY2(near(now.lowSeconds, forecast->lowSeconds), strategy);
            QVERIFY2(near(now.highSeconds, forecast->highSeconds), strategy);
            QVERIFY2(now.time == Known::Measured, strategy);
        }
    }

    void epochsAndMinutesChangeTheTime()
    {
        CostEstimator costs(tests::countedPictures(100, 20, 20));
        costs.setAdvice(measured());
        learn::Plan plan = planOf("finetune");
        plan.epochs = 40;
        plan.patience = 10;
        PlanCosts now = costs.of(plan);
        QVERIFY(near(now.lowSeconds, 30.0 * 11));
        QVERIFY(near(now.highSeconds, 30.0 * 40 * 1.25));
        QVERIFY(now.time == Known::WorkedOut);
        plan.patience = 0; // never ends early
        QVERIFY(near(costs.of(plan).lowSeconds, 30.0 * 40));
        plan.patience = 5;
        plan.minutes = 2.0;
        now = costs.of(plan);
        QCOMPARE(now.highSeconds, 120.0);
        QVERIFY(now.lowSeconds <= 120.0);
    }

    void anotherNetworkTakesItsOwnTime()
    {
        CostEstimator costs(tests::countedPictures(100, 20, 20));
        costs.setAdvice(measured());
        PlanCosts now = costs.of(planOf("finetune", "resnet50")); // three times as slow
        QVERIFY(near(now.highSeconds, 3.0 * 30.0 * 20 * 1.25));
        QVERIFY(now.time == Known::WorkedOut);
        QVERIFY(costs.of(planOf("finetune", "vgg16")).time == Known::No); // never run here
        costs.setSpeeds({{"efficientnet-lite0", 80.0}, {"vgg16", 8.0}});
        now = costs.of(planOf("finetune", "vgg16"));
        QVERIFY(near(now.highSeconds, 10.0 * 30.0 * 20 * 1.25));
        QVERIFY(now.time == Known::WorkedOut);
    }

    void aLargerInputTakesMoreTimeAndMemory()
    {
        CostEstimator costs(tests::countedPictures(100, 20, 20));
        costs.setAdvice(measured());
        const PlanCosts usual = costs.of(planOf("scratch"));
        learn::Plan plan = planOf("scratch");
        plan.inputSize = 448; // twice the network's own
        const PlanCosts large = costs.of(plan);
        QVERIFY2(large.highSeconds > 3.5 * usual.highSeconds && large.highSeconds < 4.5 * usual.highSeconds,
                 qPrintable(QString::number(large.highSeconds / usual.highSeconds)));
        QVERIFY(large.time == Known::WorkedOut);
        QVERIFY(large.memory > 2 * usual.memory);
        plan.inputSize = 224; // which is its own
        QVERIFY(costs.of(plan).time == Known::Measured);
    }

    void copiesCostFeaturesAndLearning()
    {
        CostEstimator costs(tests::countedPictures(100, 25, 25));
        costs.setAdvice(measured());
        learn::Plan plan = planOf("linear");
        plan.copies = 3;
        QVERIFY(near(costs.of(plan).highSeconds, 2.0 * 110.0)); // the recipe changes nothing: none are made
        plan.recipe = "gentle_photo";
        const PlanCosts now = costs.of(plan);
        // 300 pictures and 600 copies of 200 of them: three times the features, four times the rows
        QVERIFY2(near(now.highSeconds, 2.0 * (300.0 + 40.0)), qPrintable(QString::number(now.highSeconds)));
        QVERIFY(now.time == Known::WorkedOut);
        QVERIFY(now.disk > costs.of(planOf("linear")).disk);
    }

    void whatNobodyTimedIsNotKnown()
    {
        CostEstimator costs(tests::countedPictures(100, 20, 20));
        costs.setAdvice(measured());
        learn::Plan plan = planOf("svm");
        plan.kernel = "rbf"; // the linear solver was timed
        QVERIFY(costs.of(plan).time == Known::No);
        plan = planOf("finetune");
        plan.device = "cpu"; // the forecast is of the device that Graft chooses
        QVERIFY(costs.of(plan).time == Known::No);
    }

    /// Each of five folds learns as long as the training itself, unless that took over half an hour.
    void fewPicturesAreCheckedInFolds()
    {
        CostEstimator costs(tests::countedPictures(10, 3, 3)); // under 20 of each class
        costs.setAdvice(measured());
        const PlanCosts now = costs.of(planOf("finetune"));
        QVERIFY(near(now.lowSeconds, 6.0 * 180.0));
        QVERIFY(near(now.highSeconds, 750.0 + 1800.0));
    }

    void memoryFollowsBatchAndOptimizer()
    {
        CostEstimator costs(tests::countedPictures(100, 20, 20));
        learn::Plan plan = planOf("finetune");
        const NetworkSize size = networkSize(plan, 2);
        plan.batch = 16;
        const std::int64_t small = costs.of(plan).memory;
        plan.batch = 32;
        QCOMPARE(costs.of(plan).memory - small, 16 * size.trainingBytes);
        const PlanCosts sgd = costs.of(plan);
        plan.optimizer = "adamw"; // remembers two numbers for each weight, not one
        const PlanCosts adam = costs.of(plan);
        QCOMPARE(adam.memory - sgd.memory, 2 * 4 * size.weights);
        QCOMPARE(adam.diskMeanwhile - sgd.diskMeanwhile, 4 * size.weights);
        plan.batch = 1000; // there are only 200 pictures
        const std::int64_t most = costs.of(plan).memory;
        plan.batch = 200;
        QCOMPARE(costs.of(plan).memory, most);
    }

    void diskIsModelAndFeatures()
    {
        CostEstimator costs(tests::countedPictures(100, 20, 20));
        const learn::Plan plan = planOf("linear");
        const NetworkSize size = networkSize(plan, 2);
        QCOMPARE(size.channels, 1280);
        QCOMPARE(costs.of(plan).disk, 4 * size.weights + 280 * FeatureCache::bytesPerRow(1280));
        QCOMPARE(costs.of(plan).diskMeanwhile, std::int64_t {0});
        // EfficientNet-Lite0 without ImageNet's classifier (1,281,000 of 4,652,008), with one for two
        // classes; running means and variances come on top of what is learned.
        QVERIFY(size.weights > 3'371'008 + 2562 && size.weights < 3'371'008 + 2562 + 100'000);
    }

    void nonsenseIsRefused()
    {
        CostEstimator costs(tests::countedPictures(100, 20, 20));
        learn::Plan plan = planOf("scratch");
        plan.inputSize = 100;
        QVERIFY_THROWS_EXCEPTION(Error, costs.of(plan));
        plan = planOf("scratch", "inception-v3");
        plan.inputSize = 32; // too small for it
        QVERIFY_THROWS_EXCEPTION(Error, costs.of(plan));
        QVERIFY_THROWS_EXCEPTION(Error, costs.of(plan)); // and is not remembered as something
        QVERIFY_THROWS_EXCEPTION(Error, costs.of(planOf("linear", "unknown")));
    }

    /// Quick enough for the thread that draws the window: a frame is 16 ms. What a network needs is worked
    /// out once.
    void askingAgainIsQuick()
    {
        double slowest = 0.0; // milliseconds
        for (const network::BackboneSpec& spec : network::backbones()) {
            const tests::ProcessorClock clock;
            networkSize(planOf("finetune", std::string(spec.id).c_str()), 10);
            slowest = std::max(slowest, clock.milliseconds());
        }
        CostEstimator costs(tests::countedPictures(1000, 200, 200));
        costs.setAdvice(measured());
        learn::Plan plan = planOf("finetune");
        costs.of(plan);
        const tests::ProcessorClock clock;
        constexpr int times = 100;
        for (int i = 0; i < times; ++i) {
            plan.learningRate = 0.001 * (i + 1);
            costs.of(plan);
        }
        const double again = clock.milliseconds() / times;
        qInfo("a new network: %.2f ms at most, another plan: %.4f ms", slowest, again);
        QVERIFY(slowest < 16.0);
        QVERIFY(again < slowest / 2.0);
    }
};

QTEST_GUILESS_MAIN(TestPlanCosts)
#include "tests/support/counted_pictures.h"
#include "tst_plan_costs.moc"
