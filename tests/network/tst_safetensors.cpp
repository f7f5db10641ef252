#include "core/base/error.h"
#include "core/base/file.h"
#include "core/network/weights/weights_file.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cstring>
#include <limits>

using namespace graft;
using namespace graft::network;

class TestSafetensors : public QObject
{
    Q_OBJECT
private slots:

    // Headers are written with ' for ": easier to read, and moc stumbles over raw strings.
    void readsWhatIsWhole()
    {
        const auto file =
            read("{'__metadata__':{'by':'us \\u00e4'},'w':{'dtype':'F32','shape':[2,1],"
                 "'data_offsets':[0,8]}, 'n' : {'dtype':'I64','shape':[],'data_offsets':[8,16]}} ");
        QCOMPARE(file.tensors.size(), std::size_t {1});
        QCOMPARE(file.tensors.at("w").shape, (std::vector<std::int64_t> {2, 1}));
        QCOMPARE(file.tensors.at("w").values, (std::vector<float> {0.0F, 0.0F}));
        QCOMPARE(file.metadata, (std::map<std::string, std::string> {{"by", "us \xc3\xa4"}}));
    }

    void readsTheOtherFloats_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("number");
        QTest::newRow("half") << QByteArray("F16") << QByteArray("\x00\xc1", 2);
        QTest::newRow("bfloat16") << QByteArray("BF16") << QByteArray("\x20\xc0", 2);
        QTest::newRow("float") << QByteArray("F32") << QByteArray("\x00\x00\x20\xc0", 4);
        QTest::newRow("double") << QByteArray("F64") << QByteArray("\x00\x00\x00\x00\x00\x00\x04\xc0", 8);
    }

    void readsTheOtherFloats() // each of them is -2.5
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, number);
        const QByteArray size = QByteArray::number(number.size());
        const auto file =
            read("{'w':{'dtype':'" + type + "','shape':[1],'data_offsets':[0," + size + "]}}", 0, number);
        QCOMPARE(file.tensors.at("w").values, std::vector<float> {-2.5F});
    }

    void refusesWhatIsNot_data()
    {
        QTest::addColumn<QByteArray>("header");
        const auto entry = [](const char* fields) {
            return QByteArray("{'w':{'dtype':'F32',") + fields + "}}";
        };
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("open string") << QByteArray("{'w\\");
        QTest::newRow("open object") << QByteArray("{'w':{'dtype':'F32'");
        QTest::newRow("past the end") << entry("'shape':[5],'data_offsets':[0,20]");
        QTest::newRow("backwards") << entry("'shape':[1],'data_offsets':[8,4]");
        QTest::newRow("shape overflows") << entry("'shape':[4294967296,4294967296,4],'data_offsets':[0,16]");
        QTest::newRow("number overflows") << entry("'shape':[99999999999999999999999],'data_offsets':[0,16]");
        QTest::newRow("offset overflows") << entry("'shape':[4],'data_offsets':[0,18446744073709551615]");
        QTest::newRow("shape and data differ") << entry("'shape':[3],'data_offsets':[0,16]");
        QTest::newRow("negative") << entry("'shape':[-1],'data_offsets':[0,4]");
        QTest::newRow("fraction") << entry("'shape':[4.0],'data_offsets':[0,16]");
        QTest::newRow("no offsets") << entry("'shape':[1]");
        QTest::newRow("three offsets") << entry("'shape':[4],'data_offsets':[0,8,16]");
        QTest::newRow("something follows") << entry("'shape':[4],'data_offsets':[0,16]") + "x";
        QTest::newRow("a gap before") << entry("'shape':[3],'data_offsets':[4,16]");
        QTest::newRow("a gap behind") << entry("'shape':[3],'data_offsets':[0,12]");
        QTest::newRow("overlap") << QByteArray("{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16]},"
                                               "'b':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}}");
        QTest::newRow("twice") << QByteArray("{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
                                             "'a':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}}");
        QTest::newRow("unknown type")
            << QByteArray("{'w':{'dtype':'F8_E4M3','shape':[16],'data_offsets':[0,16]}}");
        QTest::newRow("no type") << QByteArray("{'w':{'shape':[4],'data_offsets':[0,16]}}");
        QTest::newRow("a number as type")
            << QByteArray("{'w':{'dtype':4,'shape':[4],'data_offsets':[0,16]}}");
        QTest::newRow("unknown field") << entry("'kind':'x','shape':[4],'data_offsets':[0,16]");
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("nested") << entry("'shape':[[4]],'data_offsets':[0,16]");
        QTest::newRow("metadata of numbers") << QByteArray("{'__metadata__':{'a':1}}");
        QTest::newRow("metadata as text") << QByteArray("{'__metadata__':'x'}");
        QTest::newRow("not UTF-8") << QByteArray(
            "{'\xff':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}}");
        QTest::newRow("deep") << QByteArray("{'w':") + QByteArray(100'000, '[');
    }

    void refusesWhatIsNot()
    {
        QFETCH(QByteArray, header);
        QVERIFY_THROWS_EXCEPTION(Error, read(header));
        QVERIFY_THROWS_EXCEPTION(Error, read(header, 1U << 30U));
        QVERIFY_THROWS_EXCEPTION(Error, read(header, std::numeric_limits<std::uint64_t>::max() / 2));
    }

    void writesWhatItReads()
    {
        const TensorMap tensors {{"_blocks.0.weight", {{2, 3}, {1.0F, -0.0F, 1e-45F, 3e38F, 0.1F, -7.0F}}},
                                 {"a \"quoted\" \xc3\xa4", {{}, {42.0F}}},
                                 {"none", {{0, 3}, {}}}};
        const std::map<std::string, std::string> metadata {{"classes", "[\"\xe2\x82\xac\"]"}, {"empty", ""}};
        writeSafetensors(path(), tensors, metadata);
        const std::string bytes = readFile(path());
        const auto back = readSafetensors(bytes, "f");
        QCOMPARE(back.metadata, metadata);
        QCOMPARE(back.tensors.size(), tensors.size());
        for (const auto& [name, tensor] : tensors) {
            QCOMPARE(back.tensors.at(name).shape, tensor.shape);
            const auto& values = back.tensors.at(name).values;
            QCOMPARE(values.size(), tensor.values.size());
            QVERIFY(values.empty()
                    || std::memcmp(values.data(), tensor.values.data(), values.size() * sizeof(float)) == 0);
        }
        QCOMPARE(readWeights(path()).size(), tensors.size());

        // Another reader of JSON agrees about the layout.
        std::uint64_t length = 0;
        std::memcpy(&length, bytes.data(), sizeof length);
        QCOMPARE(length % 8, std::uint64_t {0});
        QCOMPARE(bytes.size(), sizeof length + length + 7 * sizeof(float));
        const auto header =
            QJsonDocument::fromJson(QByteArray(bytes.data() + sizeof length, static_cast<qsizetype>(length)))
                .object();
        const auto first = header.value(QStringLiteral("_blocks.0.weight")).toObject().toVariantMap();
        QCOMPARE(first.value(QStringLiteral("dtype")).toString(), QStringLiteral("F32"));
        QCOMPARE(first.value(QStringLiteral("data_offsets")).toList(), (QVariantList {0, 24}));
    }

    void textOfAnyBytesIsWritten()
    {
        writeSafetensors(path(), {{"w", {{1}, {1.0F}}}}, {{"class", "caf\xe9"}});
        QCOMPARE(readSafetensors(readFile(path()), "f").metadata.at("class"), std::string("caf\xef\xbf\xbd"));
    }

    void whatDoesNotFitIsNotWritten()
    {
        QVERIFY_THROWS_EXCEPTION(Error, writeSafetensors(path(), {{"w", {{3}, {1.0F}}}}, {}));
        QVERIFY(!std::filesystem::exists(path()));
        QVERIFY_THROWS_EXCEPTION(Error, writeSafetensors(path() / "no/folder", {}, {}));
    }

    void cleanup() { std::filesystem::remove(path()); }

private:
    std::filesystem::path path() const
    {
        return m_folder.filePath(QStringLiteral("t.safetensors")).toStdString();
    }

    /// Reads a file of this header and these numbers.
    static SafetensorsFile read(QByteArray header, std::uint64_t extraLength = 0,
                                const QByteArray& numbers = QByteArray(16, '\0'))
    {
        header.replace('\'', '"');
        const std::uint64_t length = static_cast<std::uint64_t>(header.size()) + extraLength;
        std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
        bytes += header.toStdString() + numbers.toStdString();
        return readSafetensors(bytes, "f");
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
