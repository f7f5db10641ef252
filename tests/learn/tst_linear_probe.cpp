#include "core/base/error.h"
#include "core/learn/linear_probe.h"
#include "core/learn/standardiser.h"
#include "core/learn/svm.h"
#include "core/learn/svm_scores.h"
#include "tests/learn/clouds.h"

#include <QTest>

using namespace graft;
using namespace graft::learn;

namespace {

double score(const std::vector<float>& weight, const std::vector<float>& bias,
             const LabelledFeatures& features, int row, int label)
{
    double sum = static_cast<double>(bias[static_cast<std::size_t>(label)]);
    for (int c = 0; c < features.channels; ++c)
        sum += static_cast<double>(weight[static_cast<std::size_t>(label * features.channels + c)])
            * static_cast<double>(features.values[static_cast<std::size_t>(row * features.channels + c)]);
    return sum;
}

HeldOut held(std::vector<std::vector<std::int64_t>> correct, std::int64_t total)
{
    HeldOut result;
    for (const auto& penalty : correct) {
        std::vector<Answers>& row = result.answers.emplace_back();
        for (const std::int64_t fold : penalty)
            row.push_back({fold, total});
    }
    return result;
}

} // namespace

class TestLinearProbe : public QObject
{
    Q_OBJECT
private slots:

    /// The same machine as LIBLINEAR's, which solves another way.
    void svmIsLiblinears_data()
    {
        QTest::addColumn<int>("classes");
        QTest::addColumn<double>("penalty");
        QTest::addColumn<bool>("balanced");
        for (const int classes : {2, 4}) {
            for (const double penalty : {1e-4, 1e-2}) {
                QTest::addRow("%d classes, C %g", classes, penalty) << classes << penalty << false;
                QTest::addRow("%d unequal classes, C %g", classes, penalty) << classes << penalty << true;
            }
        }
    }

    void svmIsLiblinears()
    {
        QFETCH(const int, classes);
        QFETCH(const double, penalty);
        QFETCH(const bool, balanced);
        LabelledFeatures features = test::clouds(120, 30, classes, 2.0, 1);
        for (std::size_t row = 0; balanced && row < features.labels.size(); row += 3)
            features.labels[row] = 0;
        const ProbeLayer layer = fitProbe(features, classes, ProbeKind::Svm, {penalty},
                                          balanced ? classPrices(features) : std::map<int, double> {})
                                     .front();
        network::Tensor weight;
        network::Tensor bias;
        fitSvm(features, classes, penalty, balanced, weight, bias);
        for (int row = 0; row < features.rows(); ++row) {
            for (int label = 0; label < classes; ++label) {
                const double theirs = score(weight.values, bias.values, features, row, label);
                const double ours = score(layer.weight, layer.bias, features, row, label);
                QVERIFY2(std::abs(theirs - ours) < 0.06, // of scores from -1 to 1
                         qPrintable(QStringLiteral("%1 and not %2").arg(ours).arg(theirs)));
            }
        }
    }

    /// At the optimum of |w|^2/2 + C sum(loss): weight of a class = C * sum of (truth - probability) * x, and
    /// what pulls the bias, which is free, adds up to 0.
    void logisticIsOptimal()
    {
        constexpr int classes = 3;
        constexpr double penalty = 0.01;
        const LabelledFeatures features = test::clouds(90, 12, classes, 1.5, 2);
        const Standardiser standardiser(features);
        LabelledFeatures standardised = features;
        standardised.values = standardiser.apply(features.values);
        // On features that are standardised already, the layer on raw features is the layer itself.
        const ProbeLayer layer = fitProbe(standardised, classes, ProbeKind::Logistic, {penalty}).front();
        std::vector<double> pull(static_cast<std::size_t>(classes * features.channels));
        std::vector<double> free(classes);
        double largest = 0.0;
        for (int row = 0; row < features.rows(); ++row) {
            std::vector<float> shares;
            for (int label = 0; label < classes; ++label)
                shares.push_back(
                    static_cast<float>(score(layer.weight, layer.bias, standardised, row, label)));
            softmax(shares);
            for (int label = 0; label < classes; ++label) {
                const double missing = (features.labels[static_cast<std::size_t>(row)] == label ? 1.0 : 0.0)
                    - static_cast<double>(shares[static_cast<std::size_t>(label)]);
                free[static_cast<std::size_t>(label)] += missing;
                for (int c = 0; c < features.channels; ++c)
                    pull[static_cast<std::size_t>(label * features.channels + c)] +=
                        penalty * missing
                        * static_cast<double>(
                            standardised.values[static_cast<std::size_t>(row * features.channels + c)]);
            }
        }
        for (std::size_t i = 0; i < pull.size(); ++i)
            largest = std::max(largest, std::abs(pull[i] - static_cast<double>(layer.weight[i])));
        QVERIFY2(largest < 0.01, qPrintable(QString::number(largest)));
        for (const double sum : free)
            QVERIFY2(std::abs(penalty * sum) < 0.01, qPrintable(QString::number(sum)));
    }

    /// Labels that nothing explains are answered by chance: no picture is asked about that was learned from.
    void nothingLeaksIntoTheFolds()
    {
        LabelledFeatures features = test::clouds(200, 40, 2, 1.0, 4);
        for (std::size_t row = 0; row < features.labels.size(); ++row)
            features.labels[row] =
                Draws({.seed = 9, .sample = static_cast<std::uint32_t>(row)}).uniform() < 0.5;
        const auto folds = stratifiedFolds(features, 5, 1);
        const HeldOut answers = crossValidate(features, folds, 2, ProbeKind::Logistic, 1.0, 2, {});
        QCOMPARE(answers.pooled(0).total, 200);
        const double accuracy = answers.pooled(0).accuracy();
        QVERIFY2(accuracy > 0.36 && accuracy < 0.64, qPrintable(QString::number(accuracy)));
    }

    void fewerPicturesTeachLess()
    {
        const LabelledFeatures features = test::clouds(300, 60, 3, 4.0, 5);
        const auto folds = stratifiedFolds(features, 5, 1);
        const auto right = [&](double share) {
            return crossValidate(features, folds, 3, ProbeKind::Logistic, share, 1, {}).best().correct;
        };
        QVERIFY(right(0.1) + 20 < right(1.0));
        QCOMPARE(crossValidate(features, folds, 3, ProbeKind::Logistic, 1.0, 2, {}).best().correct,
                 right(1.0));
    }

    void stops()
    {
        std::stop_source stop;
        stop.request_stop();
        const LabelledFeatures features = test::clouds(20, 4, 2, 1.0, 6);
        QVERIFY_THROWS_EXCEPTION(Stopped,
                                 crossValidate(features, stratifiedFolds(features, 2, 1), 2, ProbeKind::Svm,
                                               1.0, 1, stop.get_token()));
    }

    /// Of two equal candidates, each lucky in another fold, the luck is not counted.
    void theBestIsChosenWithoutTheFold()
    {
        const HeldOut a = held({{10, 4}}, 10);
        const HeldOut b = held({{4, 10}}, 10);
        QCOMPARE(answersOfTheBest({a, b}).correct, 8); // by fold 2, b answers fold 1, and the other way round
        QCOMPARE(answersOfTheBest({a, b}).total, 20);
        QCOMPARE(answersOfTheBest({held({{9, 9}}, 10), held({{5, 5}}, 10)}).correct, 18);
        QCOMPARE(answersOfTheBest({held({{1, 1}, {7, 8}}, 10)}).correct, 15); // of penalties as well
        QCOMPARE(answersOfTheBest({}).total, 0);
    }
};

QTEST_GUILESS_MAIN(TestLinearProbe)
#include "tst_linear_probe.moc"
