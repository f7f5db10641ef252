#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/learn/folds.h"
#include "core/learn/svm.h"
#include "tests/learn/clouds.h"

#include <QtTest>

#include <algorithm>
#include <set>

using namespace graft;
using namespace graft::learn;
using graft::test::clouds;

namespace {

/// The features of svm_reference.py.
LabelledFeatures reference(int classes, bool balanced)
{
    constexpr int rows = 60;
    constexpr int channels = 5;
    LabelledFeatures features;
    features.channels = channels;
    for (int row = 0; row < rows; ++row) {
        const int label = row % classes;
        if (balanced && label == classes - 1 && row % (3 * classes) >= classes)
            continue;
        features.labels.push_back(label);
        for (int c = 0; c < channels; ++c)
            features.values.push_back(
                static_cast<float>((row * 37 + c * 101 + row * c * 13) % 29 + 6 * ((label * (c + 2)) % 5)));
    }
    return features;
}

double score(const network::Tensor& weight, const network::Tensor& bias, const LabelledFeatures& features,
             int row, int label)
{
    double sum = bias.values[static_cast<std::size_t>(label)];
    for (int c = 0; c < features.channels; ++c)
        sum += static_cast<double>(weight.values[static_cast<std::size_t>(label * features.channels + c)])
            * features.values[static_cast<std::size_t>(row * features.channels + c)];
    return sum;
}

int answer(const Svm& svm, const LabelledFeatures& features, int row)
{
    int best = 0;
    for (int label = 1; label < static_cast<int>(svm.bias.values.size()); ++label) {
        if (score(svm.weight, svm.bias, features, row, label)
            > score(svm.weight, svm.bias, features, row, best))
            best = label;
    }
    return best;
}

/// Mean of -log softmax at a temperature.
double calibrationLoss(const Svm& svm, const LabelledFeatures& features, double temperature)
{
    double sum = 0.0;
    for (int row = 0; row < features.rows(); ++row) {
        double total = 0.0;
        for (int label = 0; label < static_cast<int>(svm.bias.values.size()); ++label)
            total += std::exp(score(svm.weight, svm.bias, features, row, label) / temperature);
        const auto truth = static_cast<int>(features.labels[static_cast<std::size_t>(row)]);
        sum += std::log(total) - score(svm.weight, svm.bias, features, row, truth) / temperature;
    }
    return sum / features.rows();
}

} // namespace

class TestSvm : public QObject
{
    Q_OBJECT
private slots:

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void scoresAreThoseOfScikitLearn_data()
    {
        QTest::addColumn<int>("classes");
        QTest::addColumn<double>("penalty");
        QTest::addColumn<bool>("balanced");
        QTest::addColumn<QList<double>>("expected");
        // printed by svm_reference.py: decision_function of the first four rows
        QTest::newRow("2 classes, C = 0.001")
            << 2 << 0.001 << false
            << QList<double> {0.11426, -0.11426, 0.00749, -0.00749, 0.13661, -0.13661, -0.21494, 0.21494};
        QTest::newRow("2 classes, C = 0.001, balanced")
            << 2 << 0.001 << true
            << QList<double> {0.02917, -0.02917, -0.05249, 0.05249, 0.04703, -0.04703, 0.11096, -0.11096};
        QTest::newRow("2 classes, C = 0.1")
            << 2 << 0.1 << false
            << QList<double> {0.65934, -0.65934, -0.17576, 0.17576, 0.95059, -0.95059, -1.51466, 1.51466};
        QTest::newRow("2 classes, C = 0.1, balanced")
            << 2 << 0.1 << true
            << QList<double> {0.48315, -0.48315, -0.48366, 0.48366, 0.80295, -0.80295, 1.22337, -1.22337};
        QTest::newRow("3 classes, C = 0.001")
            << 3 << 0.001 << false
            << QList<double> {0.08762,  -0.06591, -0.12886, 0.02697, -0.02158, -0.11254,
                              -0.11550, 0.02077,  -0.01241, 0.11162, -0.10126, -0.11751};
        QTest::newRow("3 classes, C = 0.001, balanced")
            << 3 << 0.001 << true
            << QList<double> {0.06392,  -0.07105, -0.10301, 0.01021, -0.02457, -0.09012,
                              -0.10674, 0.03927,  0.00262,  0.07568, -0.08765, -0.09368};
        QTest::newRow("3 classes, C = 0.1")
            << 3 << 0.1 << false
            << QList<double> {0.60318,  -0.36103, -1.38572, -0.22559, 0.11979,  -1.07621,
                              -0.89230, -0.00967, -0.24295, 0.49226,  -0.72276, -0.91657};
        QTest::newRow("3 classes, C = 0.1, balanced")
            << 3 << 0.1 << true << QList<double> {0.68900,  -0.61989, -1.26578, -0.36421, 0.29312,  -1.05485,
                                                  -0.86441, 0.15697,  -0.12677, 0.37589,  -0.53884, -0.91115};
    }

    void scoresAreThoseOfScikitLearn()
    {
        QFETCH(int, classes);
        QFETCH(double, penalty);
        QFETCH(bool, balanced);
        QFETCH(QList<double>, expected);
        const LabelledFeatures features = reference(classes, balanced);
        network::Tensor weight;
        network::Tensor bias;
        fitSvm(features, classes, penalty, balanced, weight, bias);
        QCOMPARE(expected.size(), 4 * classes);
        for (int row = 0; row < 4; ++row) {
            for (int label = 0; label < classes; ++label) {
                const double ours = score(weight, bias, features, row, label);
                const double theirs = expected[row * classes + label];
                QVERIFY2(std::abs(ours - theirs) < 0.01,
                         qPrintable(QStringLiteral("row %1, class %2: %3, not %4")
                                        .arg(row)
                                        .arg(label)
                                        .arg(ours)
                                        .arg(theirs)));
            }
        }
    }

    void foldsKeepGroupsAndClassesTogether()
    {
        LabelledFeatures features = clouds(60, 2, 3, 0.3, 1);
        for (int row = 0; row < 60; ++row)
            features.groups.push_back(row / 6 * 3 + row % 3); // pairs of the same class
        const std::vector<int> folds = stratifiedFolds(features, 5, 1);
        std::map<std::int64_t, std::set<int>> foldsOfGroup;
        std::map<std::pair<int, std::int64_t>, int> counts;
        for (std::size_t row = 0; row < folds.size(); ++row) {
            foldsOfGroup[features.groups[row]].insert(folds[row]);
            ++counts[{folds[row], features.labels[row]}];
        }
        for (const auto& [group, own] : foldsOfGroup)
            QCOMPARE(own.size(), 1U);
        QCOMPARE(counts.size(), 15U);
        for (const auto& [place, count] : counts)
            QCOMPARE(count, 4);
        QCOMPARE(stratifiedFolds(features, 5, 1), folds);
        QVERIFY(stratifiedFolds(features, 5, 2) != folds);
    }

    void augmentedRowsAreNeverTested()
    {
        LabelledFeatures features = clouds(40, 2, 2, 0.3, 1);
        for (int row = 0; row < 40; ++row) {
            features.groups.push_back(row / 4 * 2 + row % 2);
            features.augmented.push_back(row % 4 >= 2);
        }
        const std::vector<int> folds = stratifiedFolds(features, 5, 1);
        for (int fold = 0; fold < 5; ++fold) {
            const Fold rows = foldRows(features, folds, fold);
            QCOMPARE(rows.test.size(), 4U);
            QCOMPARE(rows.training.size(), 32U);
            for (const std::size_t row : rows.test)
                QVERIFY(!features.augmented[row]);
        }
        QCOMPARE(trainSvm(features, 2, {}).held.total(), 20);
    }

    void tellsCloudsApart()
    {
        const Svm svm = trainSvm(clouds(90, 6, 3, 0.3, 1), 3, {});
        const LabelledFeatures fresh = clouds(90, 6, 3, 0.3, 2);
        int correct = 0;
        for (int row = 0; row < fresh.rows(); ++row)
            correct += answer(svm, fresh, row) == fresh.labels[static_cast<std::size_t>(row)] ? 1 : 0;
        QVERIFY2(correct >= 85, qPrintable(QString::number(correct)));
        QVERIFY(svm.held.accuracy() > 0.95);
    }

    // A machine that cannot know the labels must not look as if it did.
    void noiseStaysNoise()
    {
        LabelledFeatures features = clouds(200, 40, 2, 1.0, 1);
        Draws draws({3, 0, 0, 0});
        for (std::int64_t& label : features.labels)
            label = draws.uniform() < 0.5 ? 0 : 1;
        const Svm svm = trainSvm(features, 2, {});
        QVERIFY2(svm.held.accuracy() < 0.62, qPrintable(QString::number(svm.held.accuracy())));
        QVERIFY2(svm.temperature > 1.0, qPrintable(QString::number(svm.temperature)));
    }

    // The temperature of held-out scores is near the best one for pictures never seen.
    void probabilitiesAreCalibrated()
    {
        const Svm svm = trainSvm(clouds(300, 3, 3, 1.2, 1), 3, {});
        const LabelledFeatures fresh = clouds(3000, 3, 3, 1.2, 2);
        const double own = calibrationLoss(svm, fresh, svm.temperature);
        double best = own;
        for (double temperature = svm.temperature / 4; temperature < svm.temperature * 4; temperature *= 1.1)
            best = std::min(best, calibrationLoss(svm, fresh, temperature));
        QVERIFY2(own < best + 0.01, qPrintable(QStringLiteral("%1, best %2").arg(own).arg(best)));
        QVERIFY(own < calibrationLoss(svm, fresh, 1.0));
    }

    void sameAnswerOnAnyThreads()
    {
        const LabelledFeatures features = clouds(120, 8, 3, 1.0, 1);
        SvmOptions options;
        const Svm one = trainSvm(features, 3, options);
        options.threads = 4;
        const Svm four = trainSvm(features, 3, options);
        QCOMPARE(four.weight.values, one.weight.values);
        QCOMPARE(four.temperature, one.temperature);
        QVERIFY(four.held == one.held);
    }

    void choosesTheCutThatTellsMost()
    {
        const LabelledFeatures good = clouds(120, 4, 3, 0.5, 1);
        LabelledFeatures poor = clouds(120, 4, 3, 6.0, 1);
        std::vector<std::string> told;
        const CutChoice choice = chooseCut({{"early", poor}, {"middle", good}, {"late", poor}}, 3, {},
                                           [&](const CutScore& score) { told.push_back(score.stage); });
        QCOMPARE(choice.scores[choice.best].stage, std::string("middle"));
        QCOMPARE(told, (std::vector<std::string> {"early", "middle", "late"}));
        QCOMPARE(choice.nested.total(), 120);
        QVERIFY(choice.nested.accuracy() > 0.9);
    }

    // Choosing the best of many cuts that know nothing: its own score is too good, the nested one is not.
    void nestedScoreIsHonest()
    {
        std::vector<CutFeatures> cuts;
        for (int i = 0; i < 12; ++i) {
            cuts.push_back(
                {"cut" + std::to_string(i), clouds(60, 20, 2, 50.0, static_cast<std::uint64_t>(i))});
            cuts.back().features.labels = clouds(60, 1, 2, 1.0, 1).labels;
        }
        SvmOptions options;
        options.penalties = {1e-3, 1e-1};
        const CutChoice choice = chooseCut(cuts, 2, options);
        QVERIFY2(choice.scores[choice.best].accuracy() > choice.nested.accuracy(),
                 qPrintable(QStringLiteral("%1 %2")
                                .arg(choice.scores[choice.best].accuracy())
                                .arg(choice.nested.accuracy())));
        QVERIFY2(std::abs(choice.nested.accuracy() - 0.5) < 0.2,
                 qPrintable(QString::number(choice.nested.accuracy())));
    }

    void aClassMayBeTinyOrMissing()
    {
        LabelledFeatures features = clouds(41, 3, 2, 0.3, 1);
        features.labels.back() = 2; // one picture only
        const Svm svm = trainSvm(features, 4, {}); // and none of class 3
        QCOMPARE(svm.bias.values.size(), 4U);
        QCOMPARE(answer(svm, features, 0), 0);
        for (int row = 0; row < features.rows(); ++row)
            QVERIFY(answer(svm, features, row) != 3);
    }

    void oneClassIsRefused()
    {
        LabelledFeatures features = clouds(20, 3, 2, 0.3, 1);
        std::ranges::fill(features.labels, 1);
        QVERIFY_THROWS_EXCEPTION(Error, trainSvm(features, 2, {}));
    }

    void canBeStopped()
    {
        std::stop_source stop;
        stop.request_stop();
        SvmOptions options;
        options.stop = stop.get_token();
        QVERIFY_THROWS_EXCEPTION(Stopped, trainSvm(clouds(60, 3, 3, 0.3, 1), 3, options));
    }
};

QTEST_APPLESS_MAIN(TestSvm)
#include "tst_svm.moc"
