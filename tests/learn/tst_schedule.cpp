#include "core/learn/schedule.h"

#include <QtTest>

#include <cmath>

using graft::learn::Schedule;

class TestSchedule : public QObject
{
    Q_OBJECT

private slots:
    void followsTheFormula_data();
    void followsTheFormula();
    void risesThenFalls();
};

void TestSchedule::followsTheFormula_data()
{
    QTest::addColumn<int>("warmUp");
    QTest::addColumn<int>("steps");
    QTest::addColumn<int>("step");
    QTest::addColumn<double>("share"); // of the peak
    QTest::newRow("first of a warm-up of 4") << 4 << 104 << 0 << 0.2;
    QTest::newRow("last of the warm-up") << 4 << 104 << 3 << 0.8;
    QTest::newRow("peak") << 4 << 104 << 4 << 1.0;
    QTest::newRow("half of the way down") << 4 << 104 << 54 << 0.5;
    QTest::newRow("a third of the way down") << 0 << 300 << 100 << 0.75;
    QTest::newRow("two thirds of the way down") << 0 << 300 << 200 << 0.25;
    QTest::newRow("only one step") << 0 << 1 << 0 << 1.0;
}

void TestSchedule::followsTheFormula()
{
    QFETCH(int, warmUp);
    QFETCH(int, steps);
    QFETCH(int, step);
    QFETCH(double, share);
    const Schedule schedule {0.3, warmUp, steps};
    QVERIFY(std::abs(schedule.rate(step) - 0.3 * share) < 1e-12);
}

void TestSchedule::risesThenFalls()
{
    const Schedule schedule {1.0, 7, 50};
    for (int step = 1; step < 50; ++step)
        QCOMPARE(schedule.rate(step) > schedule.rate(step - 1), step <= 7);
    QVERIFY(schedule.rate(49) > 0.0);
    QVERIFY(schedule.rate(49) < 0.01);
}

QTEST_APPLESS_MAIN(TestSchedule)
#include "tst_schedule.moc"
