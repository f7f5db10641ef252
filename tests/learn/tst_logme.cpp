#include "core/base/error.h"
#include "core/learn/logme.h"
#include "tests/learn/clouds.h"

#include <QTest>

#include <algorithm>
#include <numbers>

using namespace graft;
using namespace graft::learn;

namespace {

/// log N(y; 0, I / beta + F Ft / alpha) / rows by Cholesky's decomposition: the definition of the evidence,
/// without singular values.
double logEvidence(const LabelledFeatures& features, int label, double alpha, double beta)
{
    const auto n = static_cast<std::size_t>(features.rows());
    const auto d = static_cast<std::size_t>(features.channels);
    std::vector<double> lower(n * n);
    std::vector<double> solved(n);
    double logarithm = 0.0;
    double square = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = i == j ? 1.0 / beta : 0.0;
            for (std::size_t c = 0; c < d; ++c)
                sum += static_cast<double>(features.values[i * d + c])
                    * static_cast<double>(features.values[j * d + c]) / alpha;
            for (std::size_t k = 0; k < j; ++k)
                sum -= lower[i * n + k] * lower[j * n + k];
            lower[i * n + j] = i == j ? std::sqrt(sum) : sum / lower[j * n + j];
        }
        double sum = features.labels[i] == label ? 1.0 : 0.0;
        for (std::size_t k = 0; k < i; ++k)
            sum -= lower[i * n + k] * solved[k];
        solved[i] = sum / lower[i * n + i];
        logarithm += std::log(lower[i * n + i]);
        square += solved[i] * solved[i];
    }
    return -(0.5 * square + logarithm + 0.5 * static_cast<double>(n) * std::log(2.0 * std::numbers::pi))
        / static_cast<double>(n);
}

/// The largest over alpha and beta: a grid over their logarithms that is refined around its best point.
double largestEvidence(const LabelledFeatures& features, int label)
{
    double bestA = 0.0;
    double bestB = 0.0;
    double best = -1e300;
    for (double step = 1.0, reach = 10.0; step > 1e-3; reach = 3.0 * step, step /= 3.0) {
        const double a0 = bestA;
        const double b0 = bestB;
        for (double a = a0 - reach; a <= a0 + reach; a += step) {
            for (double b = b0 - reach; b <= b0 + reach; b += step) {
                const double value = logEvidence(features, label, std::exp(a), std::exp(b));
                if (value > best) {
                    best = value;
                    bestA = a;
                    bestB = b;
                }
            }
        }
    }
    return best;
}

LabelledFeatures cloud(int rows, int channels, int classes, double spread)
{
    LabelledFeatures features = test::clouds(rows, channels, classes, spread, 3);
    for (std::size_t i = 0; i < features.values.size(); ++i) // all of one size, around 0
        features.values[i] =
            (features.values[i] - 5.0F * static_cast<float>(i % static_cast<std::size_t>(channels)))
            / static_cast<float>(
                std::pow(10.0, static_cast<double>(i % static_cast<std::size_t>(channels) % 4) - 2.0));
    return features;
}

} // namespace

class TestLogMe : public QObject
{
    Q_OBJECT
private slots:

    void isTheLargestEvidence_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("classes");
        QTest::addColumn<double>("spread");
        QTest::newRow("more rows than channels") << 24 << 5 << 2 << 1.0;
        QTest::newRow("more channels than rows") << 12 << 20 << 3 << 1.0;
        QTest::newRow("as many") << 24 << 24 << 2 << 1.0;
        QTest::newRow("easy") << 20 << 6 << 3 << 0.3;
    }

    void isTheLargestEvidence()
    {
        QFETCH(const int, rows);
        QFETCH(const int, channels);
        QFETCH(const int, classes);
        QFETCH(const double, spread);
        const LabelledFeatures features = cloud(rows, channels, classes, spread);
        double expected = 0.0;
        for (int label = 0; label < classes; ++label)
            expected += largestEvidence(features, label) / classes;
        const double value = logMe(features, classes);
        QVERIFY2(std::abs(value - expected) < 2e-3,
                 qPrintable(QStringLiteral("%1 and not %2").arg(value).arg(expected)));
    }

    void featuresThatTellApartAreBetter()
    {
        const double clear = logMe(cloud(60, 8, 3, 0.3), 3);
        const double vague = logMe(cloud(60, 8, 3, 1.5), 3);
        LabelledFeatures drawn = cloud(60, 8, 3, 0.3); // labels that the features say nothing of
        for (std::size_t row = 0; row < drawn.labels.size(); ++row)
            drawn.labels[row] = static_cast<std::int64_t>(
                3.0 * Draws({.seed = 5, .sample = static_cast<std::uint32_t>(row)}).uniform());
        QVERIFY(clear > vague + 0.1);
        QVERIFY(vague > logMe(drawn, 3));
    }

    void doesNotDependOnTheirSize()
    {
        LabelledFeatures features = cloud(30, 6, 2, 1.0);
        const double before = logMe(features, 2);
        for (float& value : features.values)
            value *= 8.0F;
        QVERIFY(std::abs(logMe(features, 2) - before) < 1e-4);
    }

    void nothingToJudgeIsAnError() { QVERIFY_THROWS_EXCEPTION(Error, logMe({}, 2)); }
};

QTEST_GUILESS_MAIN(TestLogMe)
#include "tst_logme.moc"
