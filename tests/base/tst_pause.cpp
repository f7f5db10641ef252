// Work that a person holds up: it waits, wakes, and no second of it counts.

#include "core/base/pause_control.h"

#include <QTest>

#include <future>
#include <thread>

using namespace graft;
using namespace std::chrono_literals;

namespace {

constexpr auto soon = 20ms; // long enough to be seen in a clock
constexpr auto never = 10s;

} // namespace

class TestPause : public QObject
{
    Q_OBJECT
private slots:

    void whatIsNotPausedGoesOn()
    {
        PauseControl control;
        QVERIFY(!control.isPaused());
        QCOMPARE(control.wait({}), 0.0);
        control.pause();
        control.resume();
        QCOMPARE(control.wait({}), 0.0);
        QCOMPARE(control.heldSeconds(), 0.0);
    }

    void itWaitsUntilItMayGoOn()
    {
        PauseControl control;
        control.pause();
        auto work = std::async(std::launch::async, [&] { return control.wait({}); });
        QCOMPARE(work.wait_for(soon), std::future_status::timeout);
        control.resume();
        QCOMPARE(work.wait_for(never), std::future_status::ready);
        const double held = work.get();
        QVERIFY2(held >= 0.015, qPrintable(QString::number(held)));
        QCOMPARE(control.heldSeconds(), held);
    }

    void aStopWakesIt()
    {
        PauseControl control;
        control.pause();
        std::stop_source stop;
        auto work = std::async(std::launch::async, [&] { return control.wait(stop.get_token()); });
        QCOMPARE(work.wait_for(soon), std::future_status::timeout);
        stop.request_stop();
        QCOMPARE(work.wait_for(never), std::future_status::ready);
        QVERIFY(control.isPaused()); // nobody said that it may go on
        QVERIFY(control.wait(stop.get_token()) < 1.0); // and it does not wait again
    }

    void pausesAreNoWork()
    {
        PauseControl control;
        control.addHeld(5min); // of an earlier piece of work
        const WorkClock whole(nullptr, 100.0);
        const WorkClock clock(&control, 100.0);
        QVERIFY(clock.seconds() >= 100.0 && clock.seconds() < 105.0);
        control.pause();
        auto work = std::async(std::launch::async, [&] { return control.wait({}); });
        QCOMPARE(work.wait_for(soon), std::future_status::timeout);
        control.resume();
        const double held = work.get();
        const double difference = whole.seconds() - clock.seconds();
        QVERIFY2(std::abs(difference - held) < 0.01, qPrintable(QString::number(difference)));
        control.addHeld(1h);
        QVERIFY(clock.seconds() < 100.0 - 3500.0);
    }

    /// Ctrl-Z while it is paused: the hour is in the pause already.
    void nothingIsCountedTwice()
    {
        PauseControl control;
        control.pause();
        auto work = std::async(std::launch::async, [&] { return control.wait({}); });
        QCOMPARE(work.wait_for(soon), std::future_status::timeout);
        control.addHeld(10ms);
        control.resume();
        const double held = work.get();
        QVERIFY2(std::abs(control.heldSeconds() - held) < 1e-6, qPrintable(QString::number(held)));
    }

    void bothEndsAreTold()
    {
        PauseControl control;
        std::vector<TrainEvent> events;
        const TrainSink sink = [&](const TrainEvent& event) {
            events.push_back(event);
            control.resume(); // as soon as it is held up
        };
        holdWhilePaused(&control, {}, sink);
        holdWhilePaused(nullptr, {}, sink);
        QVERIFY(events.empty());
        control.pause();
        std::stop_source stop;
        stop.request_stop();
        holdWhilePaused(&control, stop.get_token(), sink);
        QVERIFY(events.empty()); // it ends: there is nothing to hold up
        holdWhilePaused(&control, {}, sink);
        QCOMPARE(events.size(), std::size_t {2});
        QVERIFY(std::holds_alternative<TrainPaused>(events[0]));
        QVERIFY(std::holds_alternative<TrainContinued>(events[1]));
    }

    void eventsAreSentences()
    {
        TrainStarted started;
        started.run = "run-1";
        started.title = "SVM";
        started.trainingPictures = 1;
        started.epochs = 1;
        started.device = "CPU";
        QCOMPARE(describe(started), std::string("run-1: SVM, 1 picture to learn from, 1 epoch, CPU"));
        EpochDone epoch {3, 9, 0.5, 0.6, 0.7, 0.8, 0.0125, true, 2.5};
        epoch.picturesPerSecond = 21.34;
        epoch.secondsLeft = 130.0;
        QCOMPARE(describe(epoch),
                 std::string("epoch 3 of 9: loss 0.5000, accuracy 60.0 %; validation loss 0.7000, accuracy "
                             "80.0 %, best so far; learning rate 0.0125, 21.3 pictures/s, 2 min left"));
        QCOMPARE(describe(TrainContinued {12.0}), std::string("goes on after a pause of 12 s"));
    }
};

QTEST_APPLESS_MAIN(TestPause)
#include "tst_pause.moc"
