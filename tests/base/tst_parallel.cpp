#include "core/base/error.h"
#include "core/base/parallel.h"

#include <QtTest>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

using namespace graft;

class TestParallel : public QObject
{
    Q_OBJECT

private slots:
    void doesEachOnce_data();
    void doesEachOnce();
    void usesTheThreads();
    void firstExceptionComesOut();
    void stopLeavesTheRestOut();
    void countsProcessors();
};

void TestParallel::doesEachOnce_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("threads");
    QTest::newRow("nothing") << 0 << 4;
    QTest::newRow("one") << 1 << 4;
    QTest::newRow("fewer than threads") << 3 << 8;
    QTest::newRow("many") << 10'000 << 4;
    QTest::newRow("one thread") << 100 << 1;
    QTest::newRow("no thread given") << 100 << 0;
}

void TestParallel::doesEachOnce()
{
    QFETCH(int, count);
    QFETCH(int, threads);
    std::vector<std::atomic<int>> calls(static_cast<std::size_t>(count));
    parallelFor(calls.size(), threads, {}, [&](std::size_t i) { ++calls[i]; });
    for (const auto& number : calls)
        QCOMPARE(number.load(), 1);
}

void TestParallel::usesTheThreads()
{
    // Each waits until all four have come: with fewer threads this would never end.
    std::atomic<int> waiting = 0;
    std::mutex mutex;
    std::set<std::thread::id> ids;
    parallelFor(4, 4, {}, [&](std::size_t) {
        {
            const std::scoped_lock lock(mutex);
            ids.insert(std::this_thread::get_id());
        }
        ++waiting;
        while (waiting < 4)
            std::this_thread::yield();
    });
    QCOMPARE(ids.size(), 4U);
    QVERIFY(ids.contains(std::this_thread::get_id()));
}

void TestParallel::firstExceptionComesOut()
{
    std::atomic<int> calls = 0;
    const auto work = [&](std::size_t i) {
        ++calls;
        if (i == 3)
            throw Error("3", "fails", "Do not.");
    };
    QVERIFY_THROWS_EXCEPTION(Error, parallelFor(1'000'000, 2, {}, work));
    QVERIFY(calls < 1'000'000);
}

void TestParallel::stopLeavesTheRestOut()
{
    std::stop_source stop;
    std::atomic<int> calls = 0;
    parallelFor(1'000'000, 2, stop.get_token(), [&](std::size_t) {
        if (++calls == 10)
            stop.request_stop();
    });
    QVERIFY(calls >= 10 && calls < 1000);
}

void TestParallel::countsProcessors()
{
    QVERIFY(usableProcessors() >= 1);
    QVERIFY(usableProcessors() <= static_cast<int>(std::thread::hardware_concurrency()));
}

QTEST_APPLESS_MAIN(TestParallel)
#include "tst_parallel.moc"
