// A training that is stopped or killed goes on as if it had never been interrupted.

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/random.h"
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
        m_pictures = fs::path(m_folder.path().toStdString()) / "Shapes";
        tests::drawShapes(m_pictures, 2, 14);
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

    /// In the middle of reading, of a step, of writing a checkpoint: wherever it was.
    void killed()
    {
        {
            auto project = imported("killed");
        }
        const QString folder = m_folder.filePath(QStringLiteral("killed.graft"));
        Draws draws({.seed = 20, .sample = 0, .copy = 0, .op = 0});
        constexpr int kills = 4;
        int killed = 0;
        for (int i = 0; i < kills; ++i) {
            QProcess process;
            QStringList arguments {QStringLiteral("train"), folder, QStringLiteral("--quiet")};
            if (i == 0)
                arguments << QStringLiteral("--strategy") << QStringLiteral("finetune")
                          << QStringLiteral("--recipe") << QStringLiteral("gentle_photo")
                          << QStringLiteral("--epochs") << QStringLiteral("4") << QStringLiteral("--batch")
                          << QStringLiteral("8") << QStringLiteral("--patience") << QStringLiteral("0");
            else
                arguments << QStringLiteral("--resume") << QStringLiteral("1");
            process.start(QStringLiteral(GRAFT_BINARY_DIR "/graft-cli"), arguments);
            QVERIFY(process.waitForStarted());
            process.waitForFinished(static_cast<int>(draws.uniform(1500, 4500)));
            if (process.state() == QProcess::NotRunning)
                break; // it was faster
            process.kill();
            process.waitForFinished();
            ++killed;
        }
        QVERIFY(killed > 0);
        auto project = store::Project::open(m_folder.filePath(QStringLiteral("killed.graft")).toStdString(),
                                            store::Access::Write);
        QCOMPARE(project.runs().size(), std::size_t {1});
        store::RunRecord run = project.run("1");
        if (run.state != store::RunState::Finished)
            run = engine::resume(project, run.id, {});
        isTheWholeRun(project, run);
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
        tests::drawShapes(m_pictures, 2, 15); // one more of each
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

    store::Project imported(const char* name)
    {
        auto project =
            store::Project::create(m_folder.path().toStdString() + "/" + std::string(name) + ".graft");
        engine::importFolder(project, m_pictures, {}, {}, {});
        return project;
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
