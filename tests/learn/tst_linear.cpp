#include "core/base/error.h"
#include "core/learn/class_weights.h"
#include "core/learn/strategy.h"
#include "core/neural/loss.h"
#include "core/neural/optimizer.h"
#include "tests/learn/clouds.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace graft;
using namespace graft::learn;
using graft::test::clouds;

namespace {

FeatureTask task(double spread = 0.3)
{
    return {clouds(90, 6, 3, spread, 1), clouds(30, 6, 3, spread, 2), 3};
}

Plan completed(Plan plan, int rows)
{
    return strategy("linear").complete(plan, rows);
}

LinearModel trained(const FeatureTask& what, const Plan& plan, const TrainHooks& hooks = {})
{
    return std::get<LearnFromFeatures>(strategy("linear").way)(what, completed(plan, what.training.rows()),
                                                               hooks);
}

/// In double, by the definition.
std::vector<double> logits(const LinearModel& model, const LabelledFeatures& features, int row)
{
    std::vector<double> result;
    for (std::size_t k = 0; k < model.bias.values.size(); ++k) {
        double sum = model.bias.values[k];
        for (int c = 0; c < features.channels; ++c)
            sum += static_cast<double>(model.weight.values[k * features.channels + c])
                * features.values[static_cast<std::size_t>(row) * features.channels + c];
        result.push_back(sum);
    }
    return result;
}

std::vector<double> probabilities(std::vector<double> values)
{
    const double largest = *std::ranges::max_element(values);
    double sum = 0.0;
    for (double& value : values)
        sum += value = std::exp(value - largest);
    for (double& value : values)
        value /= sum;
    return values;
}

struct Score {
    double loss = 0.0;
    double accuracy = 0.0;
};

Score score(const LinearModel& model, const LabelledFeatures& features)
{
    Score result;
    for (int row = 0; row < features.rows(); ++row) {
        const std::vector<double> p = probabilities(logits(model, features, row));
        const auto truth = static_cast<std::size_t>(features.labels[row]);
        result.loss -= std::log(p[truth]) / features.rows();
        result.accuracy +=
            (std::ranges::max_element(p) - p.begin() == features.labels[row] ? 1.0 : 0.0) / features.rows();
    }
    return result;
}

} // namespace

class TestLinear : public QObject
{
    Q_OBJECT

private slots:
    void tellsCloudsApart();
    void endsNearTheOptimumOfTheConvexObjective();
    void historyIsWhatTheModelScores();
    void bestEpochIsTheEarliestOfTheLowestLoss();
    void trainingLossDecidesWithoutValidation();
    void sameSeedSameBits();
    void stopKeepsTheBest();
    void stopBeforeTheFirstEpochEndsLeavesNoModel();
    void constantChannelIsHarmless();
    void eventsComeInOrder();
    void everyLossAndOptimizerLearns();
    void classWeightsAreBalanced();
    void endsWhenValidationGetsNoBetter();
    void dropoutDependsOnTheSeedAlone();
    void dropoutRegularises();
    void clippedGradientsLimitTheFirstSteps();
    void completeFillsIn();
    void completeKeepsWhatWasChosen();
    void completeRefuses_data();
    void completeRefuses();
    void trainRefuses_data();
    void trainRefuses();
    void unknownStrategyNamesTheKnown();
};

void TestLinear::tellsCloudsApart()
{
    const FeatureTask what = task();
    const LinearModel model = trained(what, {});
    QCOMPARE(model.weight.shape, (std::vector<std::int64_t> {3, 6}));
    QCOMPARE(model.bias.shape, (std::vector<std::int64_t> {3}));
    QVERIFY(!model.stopped);
    QCOMPARE(score(model, what.validation).accuracy, 1.0);
}

// The gradient of mean cross-entropy + decay / 2 * |w|^2, in standardised features, computed in double from
// the folded model: at the optimum it is zero. Compared with the gradient at the start (all weights zero).
void TestLinear::endsNearTheOptimumOfTheConvexObjective()
{
    const FeatureTask what {clouds(90, 6, 3, 2.0, 1), {}, 3};
    const LabelledFeatures& x = what.training;
    Plan plan;
    plan.epochs = 400;
    plan.batch = 90;
    plan.learningRate = 0.1;
    plan.weightDecay = 0.05;
    const LinearModel model = trained(what, plan);

    std::vector<double> mean(6);
    std::vector<double> deviation(6);
    for (int row = 0; row < 90; ++row)
        for (int c = 0; c < 6; ++c)
            mean[c] += x.values[row * 6 + c] / 90.0;
    for (int row = 0; row < 90; ++row)
        for (int c = 0; c < 6; ++c)
            deviation[c] += std::pow(x.values[row * 6 + c] - mean[c], 2) / 90.0;
    for (double& value : deviation)
        value = std::sqrt(value);

    const auto norm = [&](bool atStart) {
        double squares = 0.0;
        for (int k = 0; k < 3; ++k) {
            for (int c = 0; c <= 6; ++c) { // the last one is the bias
                double gradient = 0.0;
                for (int row = 0; row < 90; ++row) {
                    const double p = atStart ? 1.0 / 3.0 : probabilities(logits(model, x, row))[k];
                    const double z = c == 6 ? 1.0 : (x.values[row * 6 + c] - mean[c]) / deviation[c];
                    gradient += (p - (x.labels[row] == k ? 1.0 : 0.0)) * z / 90.0;
                }
                if (c < 6 && !atStart)
                    gradient += 0.05 * model.weight.values[k * 6 + c] * deviation[c];
                squares += gradient * gradient;
            }
        }
        return std::sqrt(squares);
    };
    QVERIFY(norm(true) > 0.1);
    QVERIFY2(norm(false) < 1e-3 * norm(true), qPrintable(QString::number(norm(false) / norm(true))));
}

// The strategy measures standardised features, the test the folded model on raw ones: they agree where
// folding is right.
void TestLinear::historyIsWhatTheModelScores()
{
    const FeatureTask what = task(2.0);
    const LinearModel model = trained(what, {});
    const EpochDone& best = model.history.at(static_cast<std::size_t>(model.bestEpoch - 1));
    const Score own = score(model, what.validation);
    QVERIFY(std::abs(own.loss - best.validationLoss) < 1e-4);
    QVERIFY(std::abs(own.accuracy - best.validationAccuracy) < 1e-9);
}

void TestLinear::bestEpochIsTheEarliestOfTheLowestLoss()
{
    // Labels of the validation rows are turned round: every epoch makes it worse than the first.
    FeatureTask what = task();
    for (std::int64_t& label : what.validation.labels)
        label = (label + 1) % 3;
    const LinearModel model = trained(what, {});
    QCOMPARE(model.bestEpoch, 1);
    QVERIFY(model.history.size() > 1);
    for (const EpochDone& epoch : model.history)
        QCOMPARE(epoch.best, epoch.epoch == 1);
    QVERIFY(std::abs(score(model, what.validation).loss - model.history.front().validationLoss) < 1e-4);
}

void TestLinear::trainingLossDecidesWithoutValidation()
{
    Plan plan;
    plan.weightDecay = 0.0;
    const LinearModel model = trained({clouds(90, 6, 3, 0.3, 1), {}, 3}, plan);
    const auto lowest = std::ranges::min_element(model.history, {}, &EpochDone::trainLoss);
    QCOMPARE(model.bestEpoch, lowest->epoch);
    QCOMPARE(model.history.back().validationLoss, 0.0);
}

void TestLinear::sameSeedSameBits()
{
    Plan plan;
    plan.epochs = 3;
    plan.batch = 8;
    const LinearModel first = trained(task(), plan);
    QCOMPARE(trained(task(), plan).weight.values, first.weight.values);
    plan.seed = 2;
    QVERIFY(trained(task(), plan).weight.values != first.weight.values);
}

void TestLinear::stopKeepsTheBest()
{
    std::stop_source stop;
    TrainHooks hooks;
    hooks.stop = stop.get_token();
    std::vector<float> kept;
    hooks.afterEpoch = [&](int, const LinearModel& now) { kept = now.weight.values; };
    hooks.sink = [&](const TrainEvent& event) {
        const auto* batch = std::get_if<BatchDone>(&event);
        if (batch && batch->epoch == 4 && batch->batch == 2)
            stop.request_stop();
    };
    Plan plan;
    plan.batch = 8;
    const LinearModel model = trained(task(), plan, hooks);
    QVERIFY(model.stopped);
    QCOMPARE(model.history.size(), 3U);
    QCOMPARE(model.bestEpoch, 3);
    QCOMPARE(model.weight.values, kept);
}

void TestLinear::stopBeforeTheFirstEpochEndsLeavesNoModel()
{
    std::stop_source stop;
    stop.request_stop();
    TrainHooks hooks;
    hooks.stop = stop.get_token();
    const LinearModel model = trained(task(), {}, hooks);
    QVERIFY(model.stopped);
    QCOMPARE(model.bestEpoch, 0);
    QVERIFY(model.weight.values.empty());
}

void TestLinear::constantChannelIsHarmless()
{
    FeatureTask what = task();
    for (int row = 0; row < what.training.rows(); ++row)
        what.training.values[static_cast<std::size_t>(row) * 6 + 2] = 0.1F; // has no exact mean in binary
    const LinearModel model = trained(what, {});
    for (const float weight : model.weight.values)
        QVERIFY(std::isfinite(weight));
    QVERIFY(std::abs(score(model, what.validation).loss
                     - model.history.at(static_cast<std::size_t>(model.bestEpoch - 1)).validationLoss)
            < 1e-3);
    QVERIFY(score(model, what.training).accuracy > 0.95);
}

void TestLinear::eventsComeInOrder()
{
    std::vector<std::pair<int, int>> seen; // epoch, batch; batch 0 for the epoch itself
    TrainHooks hooks;
    hooks.sink = [&](const TrainEvent& event) {
        if (const auto* batch = std::get_if<BatchDone>(&event)) {
            QCOMPARE(batch->batches, 3);
            seen.emplace_back(batch->epoch, batch->batch);
        } else if (const auto* epoch = std::get_if<EpochDone>(&event)) {
            QCOMPARE(epoch->epochs, 2);
            seen.emplace_back(epoch->epoch, 0);
        }
    };
    Plan plan;
    plan.epochs = 2;
    plan.batch = 40;
    trained(task(), plan, hooks);
    QCOMPARE(
        seen,
        (std::vector<std::pair<int, int>> {{1, 1}, {1, 2}, {1, 3}, {1, 0}, {2, 1}, {2, 2}, {2, 3}, {2, 0}}));
}

void TestLinear::everyLossAndOptimizerLearns()
{
    const FeatureTask what = task();
    for (const neural::LossSpec& loss : neural::losses()) {
        for (const neural::OptimizerSpec& optimizer : neural::optimizers()) {
            Plan plan;
            plan.loss = loss.id;
            plan.optimizer = optimizer.id;
            plan.labelSmoothing = 0.1;
            plan.weightDecay = 0.0;
            const double accuracy = score(trained(what, plan), what.validation).accuracy;
            QVERIFY2(accuracy > 0.9, (std::string(loss.id) + " by " + std::string(optimizer.id)).c_str());
        }
    }
}

void TestLinear::classWeightsAreBalanced()
{
    const std::vector<std::int64_t> labels {0, 0, 0, 0, 0, 0, 2, 2};
    // scikit-learn's "balanced" over the classes that are there: 8 / (2 * 6) and 8 / (2 * 2)
    QCOMPARE(classWeights(labels, 3, "auto"), (std::vector<double> {8.0 / 12.0, 1.0, 2.0}));
    QVERIFY(classWeights(std::vector<std::int64_t> {0, 1, 0}, 2, "none").empty());
    QVERIFY(classWeights(std::vector<std::int64_t> {0, 1, 0, 1, 1}, 2, "auto").empty()); // 3 and 2
    QVERIFY(!classWeights(std::vector<std::int64_t> {0, 1, 0, 1, 1}, 2, "balanced").empty());
    QVERIFY_THROWS_EXCEPTION(Error, classWeights(labels, 3, "some"));
}

void TestLinear::endsWhenValidationGetsNoBetter()
{
    FeatureTask what = task(2.0);
    std::ranges::fill(what.validation.labels, 0); // every step away from there makes it worse
    Plan plan;
    plan.patience = 3;
    plan.weightDecay = 0.0;
    const LinearModel model = trained(what, plan);
    QCOMPARE(static_cast<int>(model.history.size()), model.bestEpoch + 3);
    plan.patience = 0; // never
    QCOMPARE(static_cast<int>(trained(what, plan).history.size()), completed(plan, 90).epochs);
    QVERIFY(completed({}, 90).patience > 0);
}

void TestLinear::dropoutDependsOnTheSeedAlone()
{
    const FeatureTask what = task(1.0);
    Plan plan;
    plan.headDropout = 0.5;
    plan.epochs = 5;
    const LinearModel first = trained(what, plan);
    QCOMPARE(trained(what, plan).weight.values, first.weight.values);
    plan.seed = 2;
    QVERIFY(trained(what, plan).weight.values != first.weight.values);
}

// As ridge does (Srivastava et al., section 9.1): dropout keeps the weights small where nothing else does.
void TestLinear::dropoutRegularises()
{
    const FeatureTask what {clouds(90, 6, 3, 0.3, 1), {}, 3};
    const auto length = [&](double dropout) {
        Plan plan;
        plan.headDropout = dropout;
        plan.weightDecay = 0.0;
        plan.learningRate = 0.1;
        double sum = 0.0;
        const LinearModel model = trained(what, plan);
        for (std::size_t i = 0; i < model.weight.values.size(); ++i)
            sum += std::pow(model.weight.values[i] * std::pow(10.0, static_cast<int>(i % 6) % 4 - 2), 2);
        return sum;
    };
    QVERIFY(length(0.5) < 0.9 * length(0.0));
}

void TestLinear::clippedGradientsLimitTheFirstSteps()
{
    const FeatureTask what = task();
    Plan plan;
    plan.clipNorm = 1e-3;
    plan.weightDecay = 0.0;
    plan.momentum = 0.0;
    plan.epochs = 1;
    plan.batch = 90;
    const LinearModel model = trained(what, plan); // one step, in standardised features
    const double rate = model.history.front().learningRate;
    double squares = 0.0;
    for (std::size_t k = 0; k < 3; ++k) {
        double bias = model.bias.values[k];
        for (std::size_t c = 0; c < 6; ++c) {
            double mean = 0.0;
            double square = 0.0;
            for (std::size_t row = 0; row < 90; ++row) {
                const double value = what.training.values[row * 6 + c];
                mean += value / 90.0;
                square += value * value / 90.0;
            }
            const double weight = model.weight.values[k * 6 + c];
            squares += weight * weight * (square - mean * mean);
            bias += weight * mean;
        }
        squares += bias * bias;
    }
    QVERIFY2(std::abs(std::sqrt(squares) / (rate * 1e-3) - 1.0) < 0.02,
             qPrintable(QString::number(std::sqrt(squares) / (rate * 1e-3))));
}

void TestLinear::completeFillsIn()
{
    const Plan plan = completed({}, 280);
    QVERIFY(plan.learningRate > 0.0);
    QVERIFY(std::abs(plan.weightDecay - 100.0 / 280.0)
            < 1e-9); // C = 0.01 in the terms of logistic regression
    QVERIFY(plan.epochs > 0);
    QVERIFY(plan.batch > 0);
    QCOMPARE(completed(plan, 10), plan);
    QVERIFY(completed({}, 1).weightDecay <= 10.0); // and it is in its own range
}

void TestLinear::completeKeepsWhatWasChosen()
{
    Plan plan;
    plan.learningRate = 10.0;
    plan.weightDecay = 0.0;
    plan.epochs = 1000;
    plan.batch = 4096;
    plan.cut = "block-3";
    plan.patience = 4;
    plan.clipNorm = 2.0;
    plan.headDropout = 0.4;
    QCOMPARE(completed(plan, 280), plan);
}

void TestLinear::completeRefuses_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("named");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    QTest::newRow("rate below 0") << "lr" << -0.1 << "learning rate";
    QTest::newRow("rate above 10") << "lr" << 10.1 << "learning rate";
    QTest::newRow("rate that is no number") << "lr" << nan << "learning rate";
    QTest::newRow("rate without end") << "lr" << infinity << "learning rate";
    QTest::newRow("decay above 10") << "decay" << 10.1 << "weight decay";
    QTest::newRow("decay that is no number") << "decay" << nan << "weight decay";
    QTest::newRow("epochs below 0") << "epochs" << -1.0 << "epochs";
    QTest::newRow("epochs above 1000") << "epochs" << 1001.0 << "epochs";
    QTest::newRow("batch below 0") << "batch" << -5.0 << "batch";
    QTest::newRow("batch above 4096") << "batch" << 4097.0 << "batch";
    QTest::newRow("dropout of nearly all") << "dropout" << 0.95 << "dropout";
    QTest::newRow("gamma without a kernel that has it") << "gamma" << 0.1 << "rbf";
    QTest::newRow("unknown pooling") << "pooling" << 0.0 << "avg";
    QTest::newRow("unknown loss") << "loss" << 0.0 << "cross_entropy";
    QTest::newRow("unknown optimizer") << "optimizer" << 0.0 << "sgd";
}

void TestLinear::completeRefuses()
{
    QFETCH(QString, field);
    QFETCH(double, value);
    QFETCH(QString, named);
    Plan plan;
    if (field == u"lr")
        plan.learningRate = value;
    else if (field == u"decay")
        plan.weightDecay = value;
    else if (field == u"epochs")
        plan.epochs = static_cast<int>(value);
    else if (field == u"batch")
        plan.batch = static_cast<int>(value);
    else if (field == u"dropout")
        plan.headDropout = value;
    else if (field == u"gamma")
        plan.gamma = value;
    else if (field == u"pooling")
        plan.pooling = "median";
    else if (field == u"loss")
        plan.loss = "hinge";
    else
        plan.optimizer = "lion";
    try {
        completed(plan, 280);
        QFAIL("accepted");
    } catch (const Error& error) {
        QVERIFY2(QString::fromUtf8(error.what()).contains(named), error.what());
    }
}

void TestLinear::trainRefuses_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("no rows") << 0;
    QTest::newRow("one class") << 1;
    QTest::newRow("fewer values than rows") << 2;
    QTest::newRow("label without a class") << 3;
    QTest::newRow("negative label") << 4;
    QTest::newRow("a value that is no number") << 5;
    QTest::newRow("validation of another width") << 6;
}

void TestLinear::trainRefuses()
{
    QFETCH(int, kind);
    FeatureTask what = task();
    if (kind == 0)
        what.training = {.values = {}, .labels = {}, .channels = 6, .groups = {}, .augmented = {}};
    else if (kind == 1)
        what.classes = 1;
    else if (kind == 2)
        what.training.values.pop_back();
    else if (kind == 3)
        what.training.labels[5] = 3;
    else if (kind == 4)
        what.validation.labels[5] = -1;
    else if (kind == 5)
        what.training.values[77] = std::numeric_limits<float>::quiet_NaN();
    else
        what.validation.values.resize(30 * 5);
    QVERIFY_THROWS_EXCEPTION(Error, trained(what, {}));
}

void TestLinear::unknownStrategyNamesTheKnown()
{
    try {
        strategy("magic");
        QFAIL("accepted");
    } catch (const Error& error) {
        QVERIFY(QString::fromUtf8(error.what()).contains(u"linear"));
    }
}

QTEST_APPLESS_MAIN(TestLinear)
#include "tst_linear.moc"
