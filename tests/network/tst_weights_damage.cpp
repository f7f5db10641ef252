// What a damaged or a hostile file may cost: an Error, and no memory to speak of.
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/random.h"
#include "core/network/weights/pth.h"
#include "core/network/weights/weights_file.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <cstring>
#include <sys/resource.h>

using namespace graft;
using namespace graft::network;

namespace {

using Read = void (*)(const std::string& bytes);

void readLegacy(const std::string& bytes)
{
    readLegacyPth(bytes, "f");
}

void readZip(const std::string& bytes)
{
    readZipPth(bytes, "f");
}

void readSafe(const std::string& bytes)
{
    readSafetensors(bytes, "f");
}

/// The sentence of the Error; empty where none is thrown.
std::string message(Read read, const std::string& bytes)
{
    try {
        read(bytes);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

bool refused(Read read, const std::string& bytes)
{
    return !message(read, bytes).empty();
}

/// The most memory this process ever held.
qint64 peakKilobytes()
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

constexpr std::array readers {readLegacy, readZip, readSafe};

} // namespace

class TestWeightsDamage : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase()
    {
        const QDir folder(QStringLiteral(GRAFT_SOURCE_DIR "/tests/network/fixtures"));
        for (const QFileInfo& info : folder.entryInfoList({QStringLiteral("*.pth")})) {
            const std::string name = info.fileName().toStdString();
            if (name.starts_with("hostile"))
                continue;
            std::string bytes = readFile(info.filePath().toStdString());
            const Read read = bytes.starts_with("PK") ? readZip : readLegacy;
            m_files.push_back({name, read, std::move(bytes)});
        }
        const QTemporaryDir temporary;
        const auto path = std::filesystem::path(temporary.filePath(QStringLiteral("t")).toStdString());
        writeSafetensors(path, {{"w", {{2, 3}, std::vector<float>(6, 1.5F)}}, {"b", {{2}, {1.0F, 2.0F}}}},
                         {{"classes", "[1, 2]"}});
        m_files.push_back({"t.safetensors", readSafe, readFile(path)});
        QVERIFY(m_files.size() > 10);
        for (const File& file : m_files)
            QVERIFY2(!refused(file.read, file.bytes), file.name.c_str());
    }

    void everyTruncationIsRefused()
    {
        for (const File& file : m_files) {
            for (std::size_t length = 0; length < file.bytes.size(); ++length)
                QVERIFY2(refused(file.read, file.bytes.substr(0, length)),
                         (file.name + " cut at " + std::to_string(length)).c_str());
        }
    }

    void somethingBehindIsRefused()
    {
        for (const File& file : m_files) {
            if (file.read != readZip) // a zip archive may have a comment
                QVERIFY2(refused(file.read, file.bytes + std::string(8, '\0')), file.name.c_str());
        }
    }

    void mutationsCostNothing_data()
    {
        QTest::addColumn<int>("container");
        QTest::newRow("legacy") << 0;
        QTest::newRow("zip") << 1;
        QTest::newRow("safetensors") << 2;
    }

    // One to four bytes changed, where half of the new ones are telling: zero, all ones, another opcode.
    void mutationsCostNothing()
    {
        QFETCH(int, container);
        const Read read = readers.at(static_cast<std::size_t>(container));
        std::vector<const File*> files;
        for (const File& file : m_files) {
            if (file.read == read)
                files.push_back(&file);
        }
        constexpr std::uint32_t mutations = 10'000;
        constexpr std::string_view telling("\0\xff\x7f\x80(.RQbt", 10);
        const qint64 before = peakKilobytes();
        std::uint32_t refusals = 0;
        for (std::uint32_t i = 0; i < mutations; ++i) {
            Draws draws({.seed = 3, .sample = i});
            const auto below = [&](std::size_t count) {
                return static_cast<std::size_t>(draws.uniform() * static_cast<double>(count));
            };
            std::string bytes = files[i % files.size()]->bytes;
            for (std::size_t change = below(4); change < 4; ++change)
                bytes[below(bytes.size())] =
                    below(2) == 0 ? telling[below(telling.size())] : static_cast<char>(below(256));
            refusals += refused(read, bytes) ? 1 : 0;
        }
        QVERIFY(refusals > mutations / 4);
        QVERIFY(refusals < mutations); // some changes only touch numbers or names
        requireLittle(before);
    }

    // Small files that ask for much.
    void bombsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("program");
        QTest::addColumn<QByteArray>("says");
        const QByteArray tooMany("more than 200000 values");
        constexpr int many = 3'000'000;
        QTest::newRow("empty tuples") << QByteArray(many, ')') << tooMany;
        QTest::newRow("marks") << QByteArray(many, '(') << tooMany;
        QTest::newRow("nested") << ')' + QByteArray(many, '\x85') + '.' << tooMany;
        QTest::newRow("nested, less")
            << ')' + QByteArray(100'000, '\x85') + '.' << QByteArray("no state_dict");
        QByteArray doubled("]q\1"); // each list holds the one before it twice
        for (int i = 0; i < 1000; ++i)
            doubled += "](h\1h\1eq\1";
        QTest::newRow("doubling") << doubled + '.' << QByteArray("no state_dict");
        QTest::newRow("a list of itself")
            << "]q\1(" + QByteArray("h\1").repeated(50'000) + "e." << QByteArray("no state_dict");
        const QByteArray pairs = "](" + QByteArray("NN\x86").repeated(10'000) + "eq\1\x85q\2";
        QTest::newRow("one list, many dictionaries")
            << pairs + "ccollections\nOrderedDict\nq\3" + QByteArray("h\3h\2R").repeated(10'000) + '.'
            << tooMany;
        QByteArray views("ctorch._utils\n_rebuild_tensor_v2\nq\1((U\7storagectorch\nFloatStorage\n");
        views +=
            "U\1kU\3" + QByteArray("cpuM\xff\xfftQ") + QByteArray("K\0", 2) + "M\xff\xff\x85K\1\x85tq\2}q\3(";
        for (int i = 0; i < 10'000; ++i)
            views += "U\5" + QByteArray::number(10'000 + i) + "h\1h\2R";
        QTest::newRow("one storage, many tensors")
            << views + "u." << QByteArray("far more numbers than it holds");
    }

    void bombsAreRefused()
    {
        QFETCH(QByteArray, program);
        std::string bytes(pth::legacyMagic);
        bytes += "\x80\x02M\xe9\x03.N.";
        bytes += program.toStdString();
        if (program.contains("storage")) {
            const std::int64_t count = 0xffff;
            bytes
                .append("]U\1k"
                        "a.")
                .append(reinterpret_cast<const char*>(&count), sizeof count);
            bytes.append(static_cast<std::size_t>(count) * sizeof(float), '\0');
        } else {
            bytes += "].";
        }
        const qint64 before = peakKilobytes();
        QFETCH(QByteArray, says);
        const std::string said = message(readLegacy, bytes);
        QVERIFY2(said.find(says.toStdString()) != std::string::npos, said.c_str());
        requireLittle(before);
    }

    void aZipOfCountlessPartsIsRefused()
    {
        std::string directory;
        for (int i = 0; i < 300'000; ++i)
            directory += std::string("PK\1\2", 4) + std::string(42, '\0');
        const qint64 before = peakKilobytes();
        const std::string said = message(readZip, "PK\3\4" + directory);
        QVERIFY2(said.find("more than 20000 parts") != std::string::npos, said.c_str());
        requireLittle(before);
    }

private:
    struct File {
        std::string name;
        Read read;
        std::string bytes;
    };

    static void requireLittle(qint64 before)
    {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        Q_UNUSED(before); // the sanitizers keep what was freed
#else
        constexpr qint64 allowed = 80 * 1024;
        QVERIFY2(peakKilobytes() - before < allowed,
                 QByteArray::number(peakKilobytes() - before).constData());
#endif
    }

    std::vector<File> m_files;
};

QTEST_GUILESS_MAIN(TestWeightsDamage)
#include "tst_weights_damage.moc"
