// A training that is stopped or killed goes on as if it had never been interrupted.

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/random.h"
#include "core/engine/cross_validation.h"
#include "core/engine/import.h"
#include "core/engine/machine.h"
#include "core/engine/train.h"
#include "core/neural/training_probe.h"
#include "core/share/model_file.h"
#include "tests/support/drawn_shapes.h"
#include "tests/support/weights.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace graft;
namespace fs = std::filesystem;

class TestResume : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase()
    {
        engine::initialise("tst_resume");
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        m_pictures = at("Shapes");
        tests::drawShapes(m_pictures, 2, engine::enoughPictures); // fewer would be learned in folds besides
        auto project = imported("whole");
        m_whole = engine::train(project, plan(), {});
        QCOMPARE(m_whole.state, store::RunState::Finished);
        m_expected = share::loadModel(project.modelFile(m_whole.id)).weights;
        QVERIFY(!fs::exists(project.runFolder(m_whole.id) / "checkpoint.safetensors"));
    }

    void stoppedBetweenEpochs()
    {
        auto project = imported("stopped");
        std::stop_source stop;
        auto run = engine::train(project, plan(),
                                 {.sink =
                                      [&](const TrainEvent& e) {
                                          if (const auto* epoch = std::get_if<EpochDone>(&e);
                                              epoch && epoch->epoch == 2)
                                              stop.request_stop();
                                      },
                                  .stop = stop.get_token()});
        QCOMPARE(run.state, store::RunState::Stopped);
        QCOMPARE(run.result.epochs, 2);
        run = engine::resume(project, run.id, {});
        isTheWholeRun(project, run);
        QCOMPARE(project.runs().size(), std::size_t {1});
        QVERIFY_THROWS_EXCEPTION(Error, engine::resume(project, run.id, {})); // finished
    }

    /// The real program, once at each moment that matters, one after the other on the same training.
    /// tests/bench/kill_and_resume.py kills at random ones.
    void killed()
    {
        {
            auto project = imported("killed");
        }
        const fs::path run = at("killed.graft") / "runs" / "run-1";
        const auto begun = [&] { return fileHolds(run / "events.jsonl", "\"train_started\""); };
        const auto anEpochIsKept = [&] { return fs::exists(run / "checkpoint.safetensors"); };
        const auto writing = [&] { return anEpochIsKept() && aCheckpointIsBeingWritten(run); };
        const auto lastEpoch = [&] { return fileHolds(run / "events.jsonl", "\"epoch\":3,\"epochs\":4"); };
        const double epoch = m_whole.result.history.back().seconds / plan().epochs;
        Draws draws({.seed = 20, .sample = 0, .copy = 0, .op = 0});
        killAt(begun, "before the first epoch ended");
        killAt(anEpochIsKept, "in the middle", draws.uniform(0.0, 0.5 * epoch));
        killAt(writing, "while a checkpoint was written");
        killAt(lastEpoch, "in the last epoch");
        auto project = store::Project::open(at("killed.graft"), store::Access::Write);
        QCOMPARE(project.runs().size(), std::size_t {1});
        store::RunRecord record = project.run("1");
        QCOMPARE(record.state, store::RunState::Failed);
        record = engine::resume(project, record.id, {});
        isTheWholeRun(project, record);
    }

    /// The plan says "auto" in between: what the training began with counts.
    void bfloat16GoesOnInBfloat16()
    {
        if (neural::shortNumbersOf("cpu") != neural::Precision::BFloat16)
            QSKIP("this processor has no instructions for bfloat16, and takes minutes without");
        learn::Plan rounded = plan();
        rounded.precision = "bfloat16";
        rounded.strategy = "scratch";
        rounded.inputSize = 64;
        rounded.epochs = 2;
        auto whole = imported("whole in bfloat16");
        const auto expected = engine::train(whole, rounded, {});
        QCOMPARE(expected.problem, std::string());
        QCOMPARE(expected.result.precision, std::string("bfloat16"));
        auto project = imported("stopped in bfloat16");
        std::stop_source stop;
        auto run = engine::train(project, rounded,
                                 {.sink =
                                      [&](const TrainEvent& e) {
                                          if (std::holds_alternative<EpochDone>(e))
                                              stop.request_stop();
                                      },
                                  .stop = stop.get_token()});
        QCOMPARE(run.result.epochs, 1);
        run.plan.precision = "auto";
        project.updateRun(run);
        run = engine::resume(project, run.id, {});
        QCOMPARE(run.problem, std::string());
        QCOMPARE(run.result.precision, std::string("bfloat16"));
        QCOMPARE(run.result.test, expected.result.test);
        const auto weights = share::loadModel(project.modelFile(run.id)).weights;
        for (const auto& [name, tensor] : share::loadModel(whole.modelFile(expected.id)).weights)
            QVERIFY2(weights.at(name).values == tensor.values, name.c_str()); // to the bit
    }

    void aDamagedCheckpointIsASentence()
    {
        auto project = imported("damaged");
        std::stop_source stop;
        auto run = engine::train(project, plan(),
                                 {.sink =
                                      [&](const TrainEvent& e) {
                                          if (std::holds_alternative<EpochDone>(e))
                                              stop.request_stop();
                                      },
                                  .stop = stop.get_token()});
        const fs::path file = project.runFolder(run.id) / "checkpoint.safetensors";
        const std::string whole = readFile(file);
        writeFile(file, whole.substr(0, whole.size() / 2));
        run = engine::resume(project, run.id, {});
        QCOMPARE(run.state, store::RunState::Failed);
        QVERIFY2(run.problem.find("checkpoint.safetensors") != std::string::npos, run.problem.c_str());
        writeFile(file, whole);
        tests::drawShapes(m_pictures, 2, engine::enoughPictures + 1);
        engine::importFolder(project, m_pictures, {}, {}, {});
        run = engine::resume(project, run.id, {});
        QCOMPARE(run.state, store::RunState::Failed);
        QVERIFY2(run.problem.find("other pictures") != std::string::npos, run.problem.c_str());
    }

private:
    static learn::Plan plan()
    {
        learn::Plan plan;
        plan.strategy = "finetune";
        plan.recipe = "gentle_photo";
        plan.epochs = 4;
        plan.batch = 8;
        plan.patience = 0;
        return plan;
    }

    fs::path at(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }

    store::Project imported(const char* name)
    {
        auto project = store::Project::create(at(std::string(name) + ".graft"));
        engine::ImportOptions options;
        options.split = dataset::SplitOptions {.seed = 1, .percent = {40, 30, 30}}; // two batches an epoch
        engine::importFolder(project, m_pictures, options, {}, {});
        return project;
    }

    static bool fileHolds(const fs::path& file, std::string_view text)
    {
        return fs::exists(file) && readFile(file).find(text) != std::string::npos;
    }

    /// It is written beside the one before, and then takes its name.
    static bool aCheckpointIsBeingWritten(const fs::path& run)
    {
        std::error_code goneAgain;
        for (const auto& entry : fs::directory_iterator(run, goneAgain)) {
            if (entry.path().filename().string().starts_with("checkpoint.safetensors."))
                return true;
        }
        return false;
    }

    /// Begins the training, or goes on with it, and kills the program `later` seconds after `moment` has
    /// come.
    void killAt(const std::function<bool()>& moment, const char* name, double later = 0.0)
    {
        QStringList arguments {QStringLiteral("train"), QString::fromStdString(at("killed.graft").string()),
                               QStringLiteral("--quiet")};
        if (fs::exists(at("killed.graft") / "runs" / "run-1"))
            arguments << QStringLiteral("--resume") << QStringLiteral("1");
        else
            arguments << QStringLiteral("--strategy") << QStringLiteral("finetune")
                      << QStringLiteral("--recipe") << QStringLiteral("gentle_photo")
                      << QStringLiteral("--epochs") << QStringLiteral("4") << QStringLiteral("--batch")
                      << QStringLiteral("8") << QStringLiteral("--patience") << QStringLiteral("0");
        QProcess process;
        process.start(QStringLiteral(GRAFT_BINARY_DIR "/graft-cli"), arguments);
        QVERIFY(process.waitForStarted());
        while (process.state() == QProcess::Running && !moment())
            process.waitForFinished(1);
        process.waitForFinished(static_cast<int>(1000.0 * later));
        QVERIFY2(process.state() == QProcess::Running, name); // else it was over before
        process.kill();
        process.waitForFinished();
    }

    void isTheWholeRun(const store::Project& project, const store::RunRecord& run)
    {
        QCOMPARE(run.problem, std::string());
        QCOMPARE(run.state, store::RunState::Finished);
        QCOMPARE(run.result.epochs, m_whole.result.epochs);
        QCOMPARE(run.result.bestEpoch, m_whole.result.bestEpoch);
        QCOMPARE(run.result.test, m_whole.result.test);
        const network::TensorMap weights = share::loadModel(project.modelFile(run.id)).weights;
        QCOMPARE(weights.size(), m_expected.size());
        for (const auto& [name, tensor] : m_expected)
            QVERIFY2(weights.at(name).values == tensor.values, name.c_str()); // to the bit
    }

    QTemporaryDir m_folder;
    fs::path m_pictures;
    store::RunRecord m_whole;
    network::TensorMap m_expected;
};

QTEST_GUILESS_MAIN(TestResume)
#include "tst_resume.moc"
