// How long a training still takes, against times that are known because they are made up.

#include "core/learn/time_left.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace graft::learn;

namespace {

constexpr TimeLeft::Work work {.learned = 400.0, .measured = 100.0, .finally = 200.0};
constexpr double learning = 0.05; // seconds for each picture
constexpr double measuring = 0.01;
constexpr double epoch = 400 * learning + 100 * measuring;
constexpr double end = 200 * measuring;

bool near(double value, double expected)
{
    return std::abs(value - expected) < 1e-9 * std::max(1.0, std::abs(expected));
}

} // namespace

class TestTimeLeft : public QObject
{
    Q_OBJECT
private slots:

    void nothingIsKnownAtFirst()
    {
        TimeLeft left(work);
        QVERIFY(!left.isKnown());
        left.learned(32, 32 * learning);
        QVERIFY(left.isKnown());
    }

    void anEvenPaceIsForetoldExactly()
    {
        TimeLeft left(work);
        left.epochEnded(400, 400 * learning, 100 * measuring);
        QVERIFY(near(left.seconds(9), 9 * epoch + end));
        QVERIFY(near(left.seconds(0), end)); // it got no better: only the measuring is left
        left.learned(100, 100 * learning); // a quarter of the next one
        QVERIFY(near(left.seconds(9), 9 * epoch - 100 * learning + end));
        left.learned(400, 400 * learning); // about to be measured
        QVERIFY(near(left.seconds(1), 100 * measuring + end));
    }

    /// Forward alone costs about a third of forward and back.
    void inTheFirstEpochMeasuringIsGuessed()
    {
        TimeLeft left(work);
        left.learned(200, 200 * learning);
        QVERIFY(near(left.seconds(1), 200 * learning + (100 + 200) * learning / 3));
    }

    void whatIsRecentCountsMore()
    {
        TimeLeft left(work);
        for (int i = 0; i < 10; ++i)
            left.epochEnded(400, 400 * learning, 100 * measuring);
        const double before = left.seconds(10);
        for (int i = 0; i < 3; ++i) // another program began
            left.epochEnded(400, 3 * 400 * learning, 3 * 100 * measuring);
        const double after = left.seconds(10);
        QVERIFY2(after > 2.6 * before && after < 3.0 * before, qPrintable(QString::number(after / before)));
    }

    void aBudgetBreaksTheEpochOff()
    {
        TimeLeft left(work);
        left.epochEnded(400, 400 * learning, 100 * measuring); // 21 s
        QVERIFY(near(left.secondsWithin(50.0), 50.0 + 100 * measuring + end));
        QVERIFY(near(left.secondsWithin(-1.0), end));
        left.learned(100, 100 * learning);
        QVERIFY(near(left.secondsWithin(50.0), 50.0 + 100 * measuring + end));
        QVERIFY(near(left.secondsWithin(0.0), 100 * measuring + end)); // what it learned is measured
    }

    void withoutValidationThereIsLittleBetweenEpochs()
    {
        TimeLeft left({.learned = 400.0, .measured = 0.0, .finally = 100.0});
        left.epochEnded(400, 20.0, 0.5);
        QVERIFY(near(left.seconds(2), 2 * 20.5 + 100 * 0.05 / 3));
    }

    /// Times as a busy computer makes them: a slow start, noise of a fifth, and every seventh epoch half as
    /// slow again.
    void theMedianErrorIsSmall()
    {
        constexpr int epochs = 20;
        std::vector<double> took;
        for (int i = 0; i < epochs; ++i)
            took.push_back(epoch * (i == 0 ? 1.15 : 1.0) * (1.0 + 0.2 * std::sin(12.9898 * i))
                           * (i % 7 == 6 ? 1.5 : 1.0));
        TimeLeft left(work);
        std::vector<double> errors;
        for (int i = 0; i + 1 < epochs; ++i) {
            left.epochEnded(400, took[i] * 20 / 21, took[i] / 21);
            double truth = end;
            for (int j = i + 1; j < epochs; ++j)
                truth += took[j];
            errors.push_back(std::abs(left.seconds(epochs - 1 - i) - truth) / truth);
        }
        std::ranges::sort(errors);
        QVERIFY2(errors[errors.size() / 2] < 0.2, qPrintable(QString::number(errors[errors.size() / 2])));
    }
};

QTEST_APPLESS_MAIN(TestTimeLeft)
#include "tst_time_left.moc"
