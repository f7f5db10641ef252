#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/learn/head_logits.h"
#include "core/learn/rbf_svm.h"
#include "tests/learn/clouds.h"

#include <QtTest>

#include <algorithm>

using namespace graft;
using namespace graft::learn;
using graft::test::clouds;

namespace {

/// The features of rbf_reference.py.
LabelledFeatures reference(int classes)
{
    constexpr int rows = 60;
    constexpr int channels = 5;
    LabelledFeatures features;
    features.channels = channels;
    for (int row = 0; row < rows; ++row) {
        const int label = row % classes;
        features.labels.push_back(label);
        for (int c = 0; c < channels; ++c)
            features.values.push_back(
                static_cast<float>((row * 37 + c * 101 + row * c * 13) % 29 + 6 * ((label * (c + 2)) % 5)));
    }
    return features;
}

/// A disc and the ring around it, which no line parts.
LabelledFeatures rings(int rows, std::uint64_t seed)
{
    LabelledFeatures features;
    features.channels = 2;
    for (int row = 0; row < rows; ++row) {
        Draws draws({seed, static_cast<std::uint32_t>(row), 0, 0});
        const double angle = draws.uniform(0.0, 6.283185307179586);
        const double radius = row % 2 == 0 ? draws.uniform(0.0, 1.0) : draws.uniform(1.5, 2.5);
        features.labels.push_back(row % 2);
        features.values.push_back(static_cast<float>(radius * std::cos(angle)));
        features.values.push_back(static_cast<float>(radius * std::sin(angle)));
    }
    return features;
}

double accuracy(const std::vector<float>& logits, const LabelledFeatures& features, int classes)
{
    int right = 0;
    for (int row = 0; row < features.rows(); ++row) {
        const auto own = logits.begin() + std::ptrdiff_t {row} * classes;
        right += std::max_element(own, own + classes) - own == features.labels[static_cast<std::size_t>(row)];
    }
    return static_cast<double>(right) / features.rows();
}

} // namespace

class TestRbf : public QObject
{
    Q_OBJECT
private slots:

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void scoresAreThoseOfScikitLearn_data()
    {
        QTest::addColumn<int>("classes");
        QTest::addColumn<double>("penalty");
        QTest::addColumn<double>("gamma");
        QTest::addColumn<QList<double>>("expected");
        // printed by rbf_reference.py: decision_function of the first four rows
        QTest::newRow("2 classes, C = 1, gamma = 0.2")
            << 2 << 1.0 << 0.2
            << QList<double> {1.0000, -1.0000, -0.5866, 0.5866, 1.0717, -1.0717, -1.4259, 1.4259};
        QTest::newRow("2 classes, C = 10, gamma = 0.05")
            << 2 << 10.0 << 0.05
            << QList<double> {1.0000, -1.0000, -1.0000, 1.0000, 1.5699, -1.5699, -2.5636, 2.5636};
        QTest::newRow("3 classes, C = 1, gamma = 0.2")
            << 3 << 1.0 << 0.2 << QList<double> {0.8945,  -1.0000, -1.0277, -0.8554, 0.5421,  -1.0000,
                                                 -1.0000, -0.3168, -0.1083, 0.7729,  -0.9406, -1.0000};
        QTest::newRow("3 classes, C = 10, gamma = 0.05")
            << 3 << 10.0 << 0.05 << QList<double> {1.0000,  -1.4092, -2.0022, -1.0783, 0.8646,  -1.0451,
                                                   -1.0957, -0.2247, -0.3058, 1.0000,  -1.0000, -1.0000};
    }

    void scoresAreThoseOfScikitLearn()
    {
        QFETCH(int, classes);
        QFETCH(double, penalty);
        QFETCH(double, gamma);
        QFETCH(QList<double>, expected);
        const LabelledFeatures features = reference(classes);
        const RbfMachine machine = fitRbf(features, classes, penalty, gamma, false);
        const auto first = std::span(features.values).first(std::size_t {4} * 5);
        const std::vector<float> scores = rbfLogits(machine, first);
        QCOMPARE(std::ssize(scores), expected.size());
        constexpr double tolerance = 4e-3; // LIBSVM stops at 1e-3, the reference at 1e-6
        for (qsizetype i = 0; i < expected.size(); ++i)
            QVERIFY2(std::abs(scores[static_cast<std::size_t>(i)] - expected[i]) < tolerance,
                     qPrintable(QStringLiteral("%1: %2").arg(i).arg(scores[static_cast<std::size_t>(i)])));
    }

    // What a line cannot do.
    void tellsARingFromItsDisc()
    {
        const LabelledFeatures training = rings(120, 1);
        const RbfSvm svm = trainRbfSvm(training, 2, {});
        QVERIFY(svm.held.accuracy() > 0.95);
        QVERIFY(accuracy(rbfLogits(svm.machine, rings(200, 2).values), rings(200, 2), 2) > 0.95);
        QVERIFY(trainSvm(training, 2, {}).held.accuracy() < 0.7);
    }

    void theSameWhateverTheThreads()
    {
        const LabelledFeatures features = clouds(60, 6, 3, 2.0, 1);
        RbfOptions options;
        const RbfSvm one = trainRbfSvm(features, 3, options);
        options.threads = 3;
        const RbfSvm three = trainRbfSvm(features, 3, options);
        QCOMPARE(three.machine.coefficients.values, one.machine.coefficients.values);
        QCOMPARE(three.temperature, one.temperature);
        QCOMPARE(three.held, one.held);
    }

    // No other temperature gives held-out pictures better probabilities, and 40 clouds that overlap are not
    // sure.
    void probabilitiesAreCalibrated()
    {
        const LabelledFeatures features = clouds(90, 4, 3, 3.0, 1);
        const RbfSvm svm = trainRbfSvm(features, 3, {});
        const LabelledFeatures fresh = clouds(300, 4, 3, 3.0, 9);
        std::vector<float> logits = rbfLogits(svm.machine, fresh.values);
        double mean = 0.0;
        for (int row = 0; row < fresh.rows(); ++row) {
            const auto own = std::span(logits).subspan(static_cast<std::size_t>(row) * 3, 3);
            softmax(own);
            mean += *std::ranges::max_element(own) / fresh.rows();
        }
        const double right = accuracy(rbfLogits(svm.machine, fresh.values), fresh, 3);
        QVERIFY2(std::abs(mean - right) < 0.1, qPrintable(QStringLiteral("%1 %2").arg(mean).arg(right)));
    }

    void returnsFromItsTensors()
    {
        const LabelledFeatures features = clouds(40, 4, 2, 1.0, 1);
        const RbfMachine machine = trainRbfSvm(features, 2, {}).machine;
        const network::TensorMap tensors = rbfTensors(machine);
        QCOMPARE(rbfLogits(rbfFromTensors(tensors), features.values), rbfLogits(machine, features.values));
        for (const auto& [name, tensor] : tensors) {
            network::TensorMap damaged = tensors;
            damaged.erase(name);
            QVERIFY_THROWS_EXCEPTION(Error, rbfFromTensors(damaged));
            damaged[name] = {{2, 3}, std::vector<float>(6)};
            QVERIFY_THROWS_EXCEPTION(Error, rbfFromTensors(damaged));
        }
    }

    void theStrategyTakesTheKernel()
    {
        const StrategySpec& svm = strategy("svm");
        Plan plan;
        plan.strategy = "svm";
        plan.kernel = "rbf";
        const Plan completed = svm.complete(plan, 120);
        const FeatureTask task {rings(120, 1), rings(40, 3), 2};
        const LinearModel model = std::get<LearnFromFeatures>(svm.way)(task, completed, {});
        QVERIFY(model.rbf.has_value());
        QVERIFY(model.history.front().validationAccuracy > 0.9);
        QVERIFY(accuracy(headLogits(model, task.validation.values), task.validation, 2) > 0.9);
        plan.gamma = 0.5;
        plan.penalty = 2.0;
        const LinearModel chosen = std::get<LearnFromFeatures>(svm.way)(task, svm.complete(plan, 120), {});
        QCOMPARE(chosen.rbf->gamma, 0.5F);
        QCOMPARE(chosen.penalty, 2.0);
        plan.strategy = "linear";
        QVERIFY_THROWS_EXCEPTION(Error, strategy("linear").complete(plan, 120));
    }

    void refusesWhatItCannot()
    {
        LabelledFeatures one = clouds(20, 3, 2, 1.0, 1);
        std::ranges::fill(one.labels, 0);
        QVERIFY_THROWS_EXCEPTION(Error, trainRbfSvm(one, 2, {}));
        QVERIFY_THROWS_EXCEPTION(Error, trainRbfSvm(clouds(mostRbfRows + 1, 1, 2, 1.0, 1), 2, {}));
        std::stop_source stopped;
        stopped.request_stop();
        RbfOptions options;
        options.stop = stopped.get_token();
        QVERIFY_THROWS_EXCEPTION(Stopped, trainRbfSvm(clouds(40, 3, 2, 1.0, 1), 2, options));
    }
};

QTEST_APPLESS_MAIN(TestRbf)
#include "tst_rbf.moc"
