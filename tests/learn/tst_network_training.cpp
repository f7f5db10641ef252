#include "core/base/error.h"
#include "core/base/random.h"
#include "core/learn/checkpoint.h"
#include "core/learn/network_training.h"
#include "core/neural/devices.h"
#include "core/neural/memory.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <thread>

using namespace graft;
using namespace graft::learn;

namespace {

constexpr int side = 8; // pixels
constexpr int classes = 3;

/// A convolution, a mean and a linear layer: enough to tell colours apart.
network::Graph tinyGraph()
{
    network::GraphBuilder g({3, side, side});
    auto x =
        g.add("normalise", network::Affine {{0.01F, 0.01F, 0.01F}, {-1.27F, -1.27F, -1.27F}}, {g.input()});
    x = g.add("conv", network::Conv {.channels = 6, .kernel = 3}, {x});
    x = g.add("relu", network::Relu {}, {x});
    g.endStage("trunk", x);
    x = g.add("pool", network::GlobalPool {}, {x});
    x = g.add("dropout", network::Dropout {0.2}, {x});
    g.add("fc", network::Linear {classes}, {x});
    return std::move(g).build();
}

/// Noise in which channel `label` is brighter by `contrast`. A function of its arguments.
void draw(std::uint32_t picture, std::uint32_t copy, std::int64_t label, double contrast,
          std::span<std::uint8_t> out)
{
    Draws draws({5, picture, copy, 0});
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double brighter = static_cast<std::int64_t>(i % 3) == label ? contrast : 0.0;
        out[i] = static_cast<std::uint8_t>(std::clamp(draws.uniform(40, 160) + brighter, 0.0, 255.0));
    }
}

struct Drawn {
    std::vector<std::uint32_t> copies; ///< that were asked for
    std::vector<std::size_t> lost; ///< pictures that cannot be read
};

SampleSource pictures(int count, std::uint32_t first, double contrast, Drawn& drawn)
{
    SampleSource source;
    source.bytes = side * side * 3;
    for (int i = 0; i < count; ++i)
        source.labels.push_back(i % classes);
    source.read = [labels = source.labels, first, contrast, &drawn](std::span<const std::size_t> wanted,
                                                                    std::uint32_t copy,
                                                                    std::span<std::uint8_t> pixels) {
        std::vector<std::size_t> done;
        for (const std::size_t picture : wanted) {
            if (std::ranges::find(drawn.lost, picture) != drawn.lost.end())
                continue;
            draw(first + static_cast<std::uint32_t>(picture), copy, labels[picture], contrast,
                 pixels.subspan(done.size() * side * side * 3, side * side * 3));
            done.push_back(picture);
        }
        drawn.copies.push_back(copy);
        return done;
    };
    return source;
}

Plan plan(int epochs)
{
    Plan plan;
    plan.learningRate = 0.1;
    plan.weightDecay = 1e-4;
    plan.epochs = epochs;
    plan.batch = 8;
    plan.patience = 0;
    plan.clipNorm = 5.0;
    plan.batchStatistics = "frozen";
    return plan;
}

} // namespace

class TestNetworkTraining : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_training = {};
        m_validation = {};
        m_events.clear();
    }

    void learnsAndKeepsTheBestEpoch()
    {
        const NetworkModel model = train(plan(8));
        QCOMPARE(model.history.size(), 8U);
        QVERIFY2(model.history.back().validationAccuracy > 0.95,
                 qPrintable(QString::number(model.history.back().validationAccuracy)));
        const auto best = std::ranges::min_element(model.history, {}, &EpochDone::validationLoss);
        QCOMPARE(model.bestEpoch, best->epoch);
        QVERIFY(best->best);
        QVERIFY(model.history.back().trainLoss < model.history.front().trainLoss);
        QVERIFY(model.history.back().learningRate < model.history.front().learningRate);
        QCOMPARE(model.weights.size(), 3U);
    }

    void everyEpochSeesFreshDrawsAndValidationNone()
    {
        train(plan(3));
        QCOMPARE(std::ranges::count(m_training.copies, 1U), 4); // 30 pictures in batches of 8
        QCOMPARE(std::ranges::count(m_training.copies, 3U), 4);
        QVERIFY(std::ranges::all_of(m_validation.copies, [](std::uint32_t copy) { return copy == 0; }));
    }

    void goesOnAsIfNeverInterrupted()
    {
        const NetworkModel whole = train(plan(6));
        std::shared_ptr<Checkpoint> kept;
        NetworkHooks hooks = plainHooks();
        std::stop_source stop;
        hooks.stop = stop.get_token();
        hooks.checkpoint = [&](const Checkpoint& now) {
            kept = std::make_shared<Checkpoint>(now);
            if (now.history.size() == 2)
                stop.request_stop();
        };
        const NetworkModel first = trainNetwork(task(), plan(6), hooks);
        QVERIFY(first.stopped);
        QCOMPARE(first.history.size(), 2U);
        NetworkTask rest = task();
        rest.resume = kept;
        const NetworkModel resumed = trainNetwork(rest, plan(6), plainHooks());
        QCOMPARE(resumed.history.size(), 6U);
        isTheSame(resumed, whole);
    }

    void bfloat16LearnsAndGoesOnAsIfNeverInterrupted()
    {
        NetworkTask rounded = task();
        rounded.precision = neural::Precision::BFloat16;
        const NetworkModel exact = train(plan(6));
        const NetworkModel whole = trainNetwork(rounded, plan(6), plainHooks());
        QCOMPARE(whole.precision, neural::Precision::BFloat16);
        QCOMPARE(exact.precision, neural::Precision::Float32);
        QVERIFY(whole.history.back().trainLoss < 0.8 * whole.history.front().trainLoss);
        QVERIFY(whole.weights.at("conv.weight").values != exact.weights.at("conv.weight").values);

        QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "checkpoint.safetensors";
        NetworkHooks hooks = plainHooks();
        std::stop_source stop;
        hooks.stop = stop.get_token();
        hooks.checkpoint = [&](const Checkpoint& now) {
            saveCheckpoint(file, now, "these");
            if (now.history.size() == 2)
                stop.request_stop();
        };
        QVERIFY(trainNetwork(rounded, plan(6), hooks).stopped);
        NetworkTask rest = task(); // its own precision does not count
        rest.resume = std::make_shared<Checkpoint>(loadCheckpoint(file, "these"));
        QCOMPARE(rest.resume->precision, neural::Precision::BFloat16);
        isTheSame(trainNetwork(rest, plan(6), plainHooks()), whole);
    }

    /// A failure at one moment of the third epoch: it begins again, and the end is as without.
    void aFailingCardCostsOneEpoch_data()
    {
        QTest::addColumn<bool>("whileValidating");
        QTest::newRow("learning") << false;
        QTest::newRow("validating") << true;
    }

    void aFailingCardCostsOneEpoch()
    {
        QFETCH(bool, whileValidating);
        const NetworkModel whole = train(plan(5));
        m_events.clear();
        NetworkTask failing = task();
        int epochs = 0;
        int reads = 0;
        SampleSource& source = whileValidating ? failing.validation : failing.training;
        source.read = [&, read = source.read](std::span<const std::size_t> wanted, std::uint32_t copy,
                                              std::span<std::uint8_t> pixels) {
            if (epochs == 2 && ++reads == (whileValidating ? 1 : 3))
                throw neural::DeviceFailed("conv", "the graphics card failed: error 700", "Restart.");
            return read(wanted, copy, pixels);
        };
        NetworkHooks hooks = plainHooks();
        hooks.checkpoint = [&](const Checkpoint&) { ++epochs; };
        const NetworkModel model = trainNetwork(failing, plan(5), hooks);
        QCOMPARE(model.device, std::string("cpu"));
        isTheSame(model, whole);
        int notes = 0;
        for (const TrainEvent& event : m_events) {
            if (const auto* note = std::get_if<TrainNote>(&event)) {
                ++notes;
                const QByteArray text(note->text.c_str());
                QVERIFY2(text.startsWith("The graphics card failed: error 700. Graft goes on"),
                         text.constData());
            }
        }
        QCOMPARE(notes, 1);

        epochs = 0; // and where the processor fails like that, too, it is an error
        failing.training.read = [](auto, auto, auto) -> std::vector<std::size_t> {
            throw neural::DeviceFailed("conv", "the graphics card failed: error 700", "Restart.");
        };
        QVERIFY_THROWS_EXCEPTION(neural::DeviceFailed, trainNetwork(failing, plan(5), plainHooks()));
    }

    /// Where no card computes, LibTorch refuses it as it does one that fails.
    void aCardThatFailsAtOnceIsReplaced()
    {
        try {
            neural::chooseDevice("cuda");
            QSKIP("there is a card that computes");
        } catch (const Error&) { // the case that is looked at here
        }
        const NetworkModel whole = train(plan(3));
        m_events.clear();
        NetworkTask onCard = task();
        onCard.device = "cuda:0";
        onCard.precision = neural::Precision::Float16;
        const NetworkModel model = trainNetwork(onCard, plan(3), plainHooks());
        QCOMPARE(model.device, std::string("cpu"));
        QCOMPARE(model.precision, neural::Precision::Float32);
        QVERIFY(std::holds_alternative<TrainNote>(m_events.front()));
        isTheSame(model, whole);
    }

    void endsWhenItGetsNoBetter()
    {
        Plan patient = plan(200);
        patient.patience = 3;
        const NetworkModel model = train(patient);
        QVERIFY2(model.history.size() < 200, qPrintable(QString::number(model.history.size())));
        QCOMPARE(static_cast<int>(model.history.size()), model.bestEpoch + 3);
    }

    void eachEpochSaysHowFastItWasAndHowLongItStillTakes()
    {
        NetworkTask long_ = task();
        long_.picturesAtTheEnd = 24;
        const NetworkModel model = trainNetwork(long_, plan(6), plainHooks());
        for (const EpochDone& epoch : model.history) {
            QVERIFY(epoch.picturesPerSecond > 0.0);
            QVERIFY(epoch.memoryBytes > 10'000'000); // this process alone has LibTorch in it
            QVERIFY(epoch.secondsLeft > 0.0);
            // What was learned from in an epoch's time is no more than its pictures.
            const double before = epoch.epoch > 1 ? model.history[epoch.epoch - 2].seconds : 0.0;
            QVERIFY(30.0 / epoch.picturesPerSecond <= epoch.seconds - before + 1e-6);
        }
        QVERIFY(model.history[5].secondsLeft < model.history[0].secondsLeft);
        const auto* first = std::get_if<BatchDone>(&m_events.front());
        QVERIFY(first && first->secondsLeft > 0.0);
    }

    void aPauseChangesNothingAndTakesNoTime()
    {
        const NetworkModel whole = train(plan(4));
        m_events.clear();
        PauseControl pause;
        NetworkHooks hooks;
        hooks.pause = &pause;
        std::jthread person;
        hooks.sink = [&](const TrainEvent& event) {
            m_events.push_back(event);
            const auto* epoch = std::get_if<EpochDone>(&event);
            if (epoch && epoch->epoch == 2)
                pause.pause();
            if (std::holds_alternative<TrainPaused>(event)) {
                pause.addHeld(std::chrono::seconds(1000)); // and the computer slept
                person = std::jthread([&] { pause.resume(); });
            }
        };
        Plan timed = plan(4);
        const NetworkModel held = trainNetwork(task(), timed, hooks);
        QCOMPARE(held.history.size(), 4U);
        const auto count = [&](auto isIt) { return std::ranges::count_if(m_events, isIt); };
        QCOMPARE(count([](const TrainEvent& e) { return std::holds_alternative<TrainPaused>(e); }), 1);
        QCOMPARE(count([](const TrainEvent& e) { return std::holds_alternative<TrainContinued>(e); }), 1);
        for (const auto& [name, tensor] : whole.weights)
            QVERIFY2(held.weights.at(name).values == tensor.values, name.c_str());
        QVERIFY(held.history.back().seconds < 100.0);
    }

    void whileItIsPausedItCanBeStopped()
    {
        PauseControl pause;
        std::stop_source stop;
        NetworkHooks hooks;
        hooks.pause = &pause;
        hooks.stop = stop.get_token();
        std::jthread person;
        hooks.sink = [&](const TrainEvent& event) {
            if (std::holds_alternative<EpochDone>(event))
                pause.pause();
            if (std::holds_alternative<TrainPaused>(event))
                person = std::jthread([&] { stop.request_stop(); });
        };
        const NetworkModel model = trainNetwork(task(), plan(4), hooks);
        QVERIFY(model.stopped);
        QCOMPARE(model.bestEpoch, 1); // and the best is kept
    }

    void minutesAreALimit()
    {
        Plan timed = plan(1);
        timed.minutes = 0.01;
        const NetworkModel model = train(timed);
        QVERIFY(model.history.size() > 1);
        QVERIFY2(model.history.back().seconds < 5.0,
                 qPrintable(QString::number(model.history.back().seconds)));
    }

    /// An epoch of these pictures takes many times as long as there is time.
    void aBudgetEndsWithinAnEpoch()
    {
        Drawn drawn;
        const int many = 60'000;
        const SampleSource source = pictures(many, 0, 60.0, drawn);
        std::size_t learned = 0;
        NetworkTask work = task();
        work.training = source;
        work.training.read = [&](std::span<const std::size_t> wanted, std::uint32_t copy,
                                 std::span<std::uint8_t> pixels) {
            learned += wanted.size();
            return source.read(wanted, copy, pixels);
        };
        Plan timed = plan(1);
        timed.minutes = 0.01;
        const NetworkModel model = trainNetwork(work, timed, {});
        QCOMPARE(model.history.size(), 1U);
        QCOMPARE(model.bestEpoch, 1);
        QVERIFY(model.history.back().validationLoss > 0.0); // it was measured
        QVERIFY2(learned < many / 2, qPrintable(QString::number(learned)));
    }

    /// Reading features took all of the time: what came of that is kept, after one step.
    void timeThatIsUsedUpCounts()
    {
        NetworkTask work = task();
        work.secondsBefore = 61.0;
        Plan timed = plan(1);
        timed.minutes = 1.0;
        const NetworkModel model = trainNetwork(work, timed, {});
        QCOMPARE(model.history.size(), 1U);
        QCOMPARE(model.bestEpoch, 1);
    }

    void shortMemoryDividesTheBatchAndChangesNothing()
    {
        Plan big = plan(2);
        big.batch = 30;
        const neural::MemoryMeter meter;
        const NetworkModel whole = train(big);
        const std::int64_t needed = meter.peak() - meter.before();
        m_events.clear();
        const neural::MemoryLimit limit(meter.before() + needed * 6 / 10);
        const NetworkModel divided = train(big);
        const bool told = std::ranges::any_of(m_events, [](const TrainEvent& event) {
            const auto* note = std::get_if<TrainNote>(&event);
            return note && QByteArray(note->text.c_str()).contains("not enough memory");
        });
        QVERIFY(told);
        for (const auto& [name, tensor] : whole.weights) {
            const std::vector<float>& other = divided.weights.at(name).values;
            for (std::size_t i = 0; i < other.size(); ++i)
                QVERIFY2(std::abs(other[i] - tensor.values[i]) < 1e-4, name.c_str());
        }
    }

    void picturesMayVanish()
    {
        m_training.lost = {0, 1, 2, 3, 4, 5, 6, 7};
        const NetworkModel model = train(plan(2));
        QCOMPARE(model.history.size(), 2U);
        for (std::size_t i = 0; i < 30; ++i)
            m_training.lost.push_back(i);
        QVERIFY_THROWS_EXCEPTION(Error, train(plan(2)));
    }

    /// Three good epochs, and then steps that are far too long.
    void aLossThatIsNoNumberEndsItAndTheBestIsKept()
    {
        std::shared_ptr<Checkpoint> good;
        NetworkHooks hooks = plainHooks();
        hooks.checkpoint = [&](const Checkpoint& now) { good = std::make_shared<Checkpoint>(now); };
        trainNetwork(task(), plan(3), hooks);
        m_events.clear();
        Plan wild = plan(40);
        wild.clipNorm = 0.0;
        wild.learningRate = 1e30;
        NetworkTask rest = task();
        rest.resume = good;
        const NetworkModel model = trainNetwork(rest, wild, plainHooks());
        QVERIFY(!model.stopped);
        QCOMPARE(model.history.size(), 3U); // it ended in the fourth
        QCOMPARE(model.bestEpoch, good->bestEpoch);
        QVERIFY(!model.weights.empty());
        for (const auto& [name, tensor] : model.weights) {
            QVERIFY2(tensor.values == good->best.at(name).values, name.c_str());
            QVERIFY(std::ranges::all_of(tensor.values, [](float value) { return std::isfinite(value); }));
        }
        const auto* note = std::get_if<TrainNote>(&m_events.back());
        QVERIFY(note && note->warning);
        const QByteArray text(note->text.c_str());
        QVERIFY2(text.contains("The loss became infinite"), text.constData());
        QVERIFY2(text.contains("The best epoch, " + QByteArray::number(model.bestEpoch) + ", is kept."),
                 text.constData());
        QVERIFY2(text.contains("Try a smaller learning rate, such as 3e+29."), text.constData());
    }

    void aLossThatIsNoNumberInTheFirstEpochIsAnError()
    {
        Plan wild = plan(1); // no warm-up
        wild.clipNorm = 0.0;
        wild.learningRate = 1e30;
        try {
            train(wild);
            QFAIL("it went on");
        } catch (const Error& error) {
            QVERIFY2(QByteArray(error.what()).contains("too big: the loss became infinite"), error.what());
            QVERIFY2(QByteArray(error.next().c_str()).contains("smaller learning rate"), error.what());
        }
    }

    void stopsBeforeTheFirstEpochEnds()
    {
        std::stop_source stop;
        stop.request_stop();
        NetworkHooks hooks = plainHooks();
        hooks.stop = stop.get_token();
        const NetworkModel model = trainNetwork(task(), plan(3), hooks);
        QVERIFY(model.stopped);
        QCOMPARE(model.bestEpoch, 0);
        QVERIFY(model.weights.empty());
    }

    void everyLossAndOptimizerLearns_data()
    {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<QString>("optimizer");
        for (const neural::LossSpec& loss : neural::losses()) {
            for (const neural::OptimizerSpec& optimizer : neural::optimizers())
                QTest::addRow("%s, %s", loss.id.data(), optimizer.id.data())
                    << QString::fromLatin1(loss.id.data()) << QString::fromLatin1(optimizer.id.data());
        }
    }

    void everyLossAndOptimizerLearns()
    {
        QFETCH(QString, loss);
        QFETCH(QString, optimizer);
        Plan one = plan(30);
        one.loss = loss.toStdString();
        one.optimizer = optimizer.toStdString();
        one.learningRate = optimizer == QStringLiteral("sgd") ? 0.1 : 0.02;
        const NetworkModel model = train(one);
        double best = 0.0;
        for (const EpochDone& epoch : model.history)
            best = std::max(best, epoch.validationAccuracy);
        QVERIFY2(best > 0.9, qPrintable(QString::number(best)));
    }

private:
    static void isTheSame(const NetworkModel& model, const NetworkModel& whole)
    {
        QCOMPARE(model.history.size(), whole.history.size());
        QCOMPARE(model.bestEpoch, whole.bestEpoch);
        for (const auto& [name, tensor] : whole.weights)
            QVERIFY2(model.weights.at(name).values == tensor.values, name.c_str()); // to the bit
    }

    NetworkTask task()
    {
        NetworkTask task;
        task.graph = tinyGraph();
        task.weights = network::randomWeights(task.graph, 1);
        task.training = pictures(30, 0, 60.0, m_training);
        task.validation = pictures(24, 1000, 60.0, m_validation);
        task.classes = classes;
        return task;
    }

    NetworkHooks plainHooks()
    {
        NetworkHooks hooks;
        hooks.sink = [this](const TrainEvent& event) { m_events.push_back(event); };
        return hooks;
    }

    NetworkModel train(const Plan& plan) { return trainNetwork(task(), plan, plainHooks()); }

    Drawn m_training;
    Drawn m_validation;
    std::vector<TrainEvent> m_events;
};

QTEST_APPLESS_MAIN(TestNetworkTraining)
#include "tst_network_training.moc"
