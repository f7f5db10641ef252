#include "core/base/metrics.h"

#include <QtTest>

#include <cmath>

using namespace graft;

class TestMetrics : public QObject
{
    Q_OBJECT

private slots:
    void wilsonIsAsPublished_data();
    void wilsonIsAsPublished();
    void wilsonOfNothing();
    void confusionMatrixByHand();
    void emptyMatrix();
    void softmaxByHand();
    void softmaxOfLargeNumbers();
};

void TestMetrics::wilsonIsAsPublished_data()
{
    QTest::addColumn<int>("correct");
    QTest::addColumn<int>("total");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    // R. G. Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3
    QTest::newRow("81 of 263") << 81 << 263 << 0.2553 << 0.3662;
    QTest::newRow("15 of 148") << 15 << 148 << 0.0624 << 0.1605;
    QTest::newRow("0 of 20") << 0 << 20 << 0.0 << 0.1611;
    QTest::newRow("1 of 29") << 1 << 29 << 0.0061 << 0.1718;
    QTest::newRow("0 of 10") << 0 << 10 << 0.0 << 0.2775;
    QTest::newRow("10 of 10") << 10 << 10 << 0.7225 << 1.0; // by symmetry
}

void TestMetrics::wilsonIsAsPublished()
{
    QFETCH(int, correct);
    QFETCH(int, total);
    QFETCH(double, low);
    QFETCH(double, high);
    const Interval interval = wilson(correct, total);
    QVERIFY2(std::abs(interval.low - low) < 5e-5, qPrintable(QString::number(interval.low)));
    QVERIFY2(std::abs(interval.high - high) < 5e-5, qPrintable(QString::number(interval.high)));
}

void TestMetrics::wilsonOfNothing()
{
    QCOMPARE(wilson(0, 0).low, 0.0);
    QCOMPARE(wilson(0, 0).high, 1.0);
}

void TestMetrics::confusionMatrixByHand()
{
    ConfusionMatrix matrix(3);
    for (const auto& [truth, predicted, count] :
         {std::array {0, 0, 8}, std::array {0, 1, 2}, std::array {1, 0, 1}, std::array {1, 1, 4}})
        for (int i = 0; i < count; ++i)
            matrix.add(truth, predicted);
    QCOMPARE(matrix.total(), 15);
    QCOMPARE(matrix.correct(), 12);
    QCOMPARE(matrix.accuracy(), 0.8);
    QCOMPARE(matrix.at(0, 1), 2);
    QCOMPARE(matrix.at(1, 0), 1);
    const std::vector<ClassScore> scores = matrix.perClass();
    QCOMPARE(scores[0].pictures, 10);
    QCOMPARE(scores[0].predicted, 9);
    QCOMPARE(scores[0].recall, 0.8);
    QCOMPARE(scores[0].precision, 8.0 / 9.0);
    QCOMPARE(scores[1].recall, 0.8);
    QCOMPARE(scores[1].precision, 4.0 / 6.0);
    QCOMPARE(scores[2].precision, 0.0);
    QCOMPARE(scores[2].recall, 0.0);
}

void TestMetrics::emptyMatrix()
{
    QCOMPARE(ConfusionMatrix().accuracy(), 0.0);
    QCOMPARE(ConfusionMatrix(2).accuracy(), 0.0);
    QVERIFY(ConfusionMatrix().perClass().empty());
}

void TestMetrics::softmaxByHand()
{
    std::vector<float> values {std::log(1.0F), std::log(2.0F), std::log(5.0F)};
    softmax(values);
    QVERIFY(std::abs(values[0] - 0.125) < 1e-6);
    QVERIFY(std::abs(values[1] - 0.25) < 1e-6);
    QVERIFY(std::abs(values[2] - 0.625) < 1e-6);
    softmax({});
}

void TestMetrics::softmaxOfLargeNumbers()
{
    std::vector<float> values {1000.0F, 1000.0F, -1000.0F};
    softmax(values);
    QCOMPARE(values, (std::vector<float> {0.5F, 0.5F, 0.0F}));
}

QTEST_APPLESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
