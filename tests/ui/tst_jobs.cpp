#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/engine/weights.h"
#include "ui/jobs/job_queue.h"
#include "ui/jobs/mailbox.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <atomic>
#include <latch>
#include <memory>
#include <stdexcept>

using namespace graft;
using graft::ui::JobProblem;
using graft::ui::JobQueue;
using graft::ui::Mailbox;

namespace {

JobQueue::Finish nothing()
{
    return [] {};
}

void unexpected(const JobProblem& problem)
{
    QFAIL(qUtf8Printable(QStringLiteral("a job failed: ") + problem.sentence));
}

/// Works until it is told to stop.
JobQueue::Finish patient(const std::stop_token& stop)
{
    while (!stop.stop_requested())
        std::this_thread::yield();
    throw Stopped();
}

} // namespace

class TestJobs : public QObject
{
    Q_OBJECT
private slots:

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".?"))); }

    void worksElsewhereAndEndsHere()
    {
        JobQueue jobs;
        const QThread* here = QThread::currentThread();
        std::atomic<const QThread*> worked = nullptr;
        const QThread* ended = nullptr;
        jobs.add(
            [&](const std::stop_token&) {
                worked = QThread::currentThread();
                return [&] { ended = QThread::currentThread(); };
            },
            unexpected);
        QTRY_COMPARE(ended, here);
        QVERIFY(worked != here);
    }

    void keepsTheOrder()
    {
        JobQueue jobs;
        QList<int> worked; // by one worker; read when all has ended
        QList<int> ended;
        for (int i = 0; i < 100; ++i) {
            jobs.add(
                [&, i](const std::stop_token&) {
                    worked += i;
                    return [&, i] { ended += i; };
                },
                unexpected);
        }
        QTRY_COMPARE(ended.size(), 100);
        QVERIFY(std::ranges::is_sorted(ended));
        QCOMPARE(worked, ended);
    }

    void failure_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("stopped");
        QTest::addColumn<QString>("sentence");
        QTest::addColumn<QString>("details");
        QTest::newRow("error") << 0 << false << QStringLiteral("IMG_1.jpg: is damaged. Take another one.")
                               << QString();
        QTest::newRow("stopped") << 1 << true << QString() << QString();
        QTest::newRow("surprise") << 2 << false
                                  << QStringLiteral(
                                         "Graft could not finish this. Your pictures were not changed.")
                                  << QStringLiteral("vector::at");
        // The way to get them that the command line names is of no use here.
        QTest::newRow("weights") << 4 << false
                                 << QStringLiteral(
                                        "VGG16: its weights are not on this computer yet. Your pictures and "
                                        "models are safe. Open Train > Network weights to get them.")
                                 << QString();
        QTest::newRow("memory") << 3 << false
                                << QStringLiteral(
                                       "There is not enough memory. Close other programs and try again.")
                                << QString();
    }

    void failure()
    {
        QFETCH(int, kind);
        JobQueue jobs;
        std::optional<JobProblem> told;
        bool finished = false;
        jobs.add(
            [kind, &finished](const std::stop_token&) -> JobQueue::Finish {
                switch (kind) {
                case 0:
                    throw Error("IMG_1.jpg", "is damaged", "Take another one.");
                case 1:
                    throw Stopped();
                case 2:
                    throw std::out_of_range("vector::at");
                case 3:
                    throw std::bad_alloc();
                case 4:
                    throw engine::WeightsNeeded("VGG16", "its weights are not on this computer yet",
                                                "Fetch them with graft-cli.");
                }
                return [&finished] { finished = true; };
            },
            [&](const JobProblem& problem) { told = problem; });
        QTRY_VERIFY(told.has_value());
        QTEST(told->stopped, "stopped");
        QTEST(told->sentence, "sentence");
        QTEST(told->details, "details");
        QVERIFY(!finished);

        bool next = false;
        jobs.add([&](const std::stop_token&) { return [&] { next = true; }; }, unexpected);
        QTRY_VERIFY(next); // a failure does not end the queue
    }

    void stopsTheRunningJob()
    {
        JobQueue jobs;
        std::stop_source stop;
        bool stopped = false;
        jobs.add(
            patient, [&](const JobProblem& problem) { stopped = problem.stopped; }, stop);
        stop.request_stop();
        QTRY_VERIFY(stopped);
    }

    void aWaitingJobThatIsStoppedNeverWorks()
    {
        JobQueue jobs;
        std::stop_source first;
        std::stop_source second;
        bool worked = false;
        int stopped = 0;
        const auto count = [&](const JobProblem& problem) { stopped += problem.stopped ? 1 : 0; };
        jobs.add(patient, count, first);
        jobs.add(
            [&](const std::stop_token&) {
                worked = true;
                return nothing();
            },
            count, second);
        second.request_stop();
        first.request_stop();
        QTRY_COMPARE(stopped, 2);
        QVERIFY(!worked);
    }

    void mayBeDeletedWhileItWorks()
    {
        auto jobs = std::make_unique<JobQueue>();
        std::latch begun(1);
        int calls = 0;
        const auto count = [&](const JobProblem&) { ++calls; };
        jobs->add(
            [&](const std::stop_token& stop) {
                begun.count_down();
                return patient(stop);
            },
            count);
        jobs->add([&](const std::stop_token&) { return [&] { ++calls; }; }, count);
        begun.wait();
        jobs.reset();
        QCoreApplication::processEvents();
        QCOMPARE(calls, 0);
    }

    void aMailboxKeepsOrderAndAllValues()
    {
        QList<int> received;
        Mailbox<int> box([&](const QList<int>& values) { received += values; });
        std::jthread worker([&] {
            for (int i = 0; i < 100000; ++i)
                box.put(i);
        });
        QTRY_COMPARE(received.size(), 100000);
        QVERIFY(std::ranges::is_sorted(received));
    }

    void aMailboxDropsOnlyNeighbours()
    {
        QList<int> received;
        Mailbox<int> box([&](const QList<int>& values) { received += values; },
                         [](const int& older, const int& newer) { return older % 2 == 0 && newer % 2 == 0; });
        for (const int value : {2, 4, 6, 1, 8, 3, 5, 10, 12})
            box.put(value);
        QVERIFY(received.isEmpty()); // delivered by the event loop, never by the sender
        QTRY_COMPARE(received, QList<int>({6, 1, 8, 3, 5, 12}));
    }

    void aMailboxDeliversAtMostThirtyTimesASecond()
    {
        int deliveries = 0;
        Mailbox<int> box([&](const QList<int>&) { ++deliveries; });
        QElapsedTimer clock;
        clock.start();
        std::jthread worker([&](const std::stop_token& stop) {
            while (!stop.stop_requested())
                box.put(1);
        });
        QTRY_VERIFY(deliveries >= 10);
        const qint64 elapsed = clock.elapsed();
        worker = std::jthread();
        QCOMPARE_GE(elapsed, 9 * 1000 / 30);
    }

    void flushComesBeforeWhatFollows()
    {
        QList<int> received;
        Mailbox<int> box([&](const QList<int>& values) { received += values; });
        box.put(1);
        box.flush();
        QCOMPARE(received, QList<int>({1}));
        QCoreApplication::processEvents();
        QCOMPARE(received.size(), 1); // and not once more
    }

    void aMailboxThatIsGoneDeliversNothing()
    {
        int deliveries = 0;
        {
            Mailbox<int> box([&](const QList<int>&) { ++deliveries; });
            box.put(1);
        }
        QCoreApplication::processEvents();
        QCOMPARE(deliveries, 0);
    }
};

QTEST_GUILESS_MAIN(TestJobs)
#include "tst_jobs.moc"
