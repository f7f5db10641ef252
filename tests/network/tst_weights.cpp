#include "core/base/error.h"
#include "core/base/file.h"
#include "core/network/backbone.h"
#include "core/network/weights/catalogue.h"
#include "core/network/weights/pickle.h"
#include "core/network/weights/pth.h"
#include "core/network/weights/recognise.h"
#include "core/network/weights/weights_file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <bit>
#include <cstring>
#include <limits>
#include <numeric>
#include <set>

using namespace graft;
using namespace graft::network;

namespace {

const std::string fixtures = GRAFT_SOURCE_DIR "/tests/network/fixtures/";

/// The sentence of the error; empty where none is thrown.
template <class Work>
std::string message(Work work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

} // namespace

class TestWeights : public QObject
{
    Q_OBJECT
private slots:

    // expected.tsv is what torch.load found in the same files (make_fixtures.py).
    void findsWhatTorchFinds_data()
    {
        QTest::addColumn<QByteArray>("expected");
        QMap<QByteArray, QByteArray> byFile;
        QFile table(QString::fromStdString(fixtures + "expected.tsv"));
        QVERIFY(table.open(QIODevice::ReadOnly));
        while (!table.atEnd()) {
            const QByteArray line = table.readLine();
            const auto tab = line.indexOf('\t');
            byFile[line.first(tab)] += line.sliced(tab + 1);
        }
        QCOMPARE(byFile.size(), 16);
        for (auto it = byFile.cbegin(); it != byFile.cend(); ++it)
            QTest::newRow(it.key().constData()) << it.value();
    }

    void findsWhatTorchFinds()
    {
        QFETCH(QByteArray, expected);
        const TensorMap tensors = readWeights(fixtures + QTest::currentDataTag());
        const auto lines = expected.trimmed().split('\n');
        QCOMPARE(tensors.size(), static_cast<std::size_t>(lines.size()));
        for (const QByteArray& line : lines) {
            const auto fields = line.split('\t');
            const Tensor& tensor = tensors.at(fields[0].toStdString());
            std::vector<std::int64_t> shape;
            for (const QByteArray& extent : words(fields[1]))
                shape.push_back(extent.toLongLong());
            QCOMPARE(tensor.shape, shape);
            const auto values = fields.size() > 2 ? words(fields[2]) : QList<QByteArray>();
            QCOMPARE(tensor.values.size(), static_cast<std::size_t>(values.size()));
            for (qsizetype i = 0; i < values.size(); ++i) {
                const auto wanted = static_cast<float>(values[i].toDouble());
                // By their bits: a zero has a sign.
                QCOMPARE(std::bit_cast<std::uint32_t>(tensor.values[static_cast<std::size_t>(i)]),
                         std::bit_cast<std::uint32_t>(wanted));
            }
        }
    }

    void hostileFilesAreRefusedAndNamed_data()
    {
        QTest::addColumn<QByteArray>("wish");
        for (const char* container : {"legacy", "zip"}) {
            QTest::addRow("hostile_system_%s.pth", container) << QByteArray("'posix.system'");
            QTest::addRow("hostile_eval_%s.pth", container) << QByteArray("'__builtin__.eval'");
            QTest::addRow("hostile_nested_%s.pth", container) << QByteArray("'__builtin__.getattr'");
        }
    }

    void hostileFilesAreRefusedAndNamed()
    {
        QFETCH(QByteArray, wish);
        const std::string said = message([] { readWeights(fixtures + QTest::currentDataTag()); });
        QVERIFY2(said.find(wish.toStdString()) != std::string::npos, said.c_str());
        QVERIFY2(said.find("nothing in the file was run") != std::string::npos, said.c_str());
    }

    // Written out, since no pickler of Python makes them.
    void picklesOutsideTheRulesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("program");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, QByteArray program, const char* says) {
            QTest::newRow(name) << program << QByteArray(says);
        };
        row("call of a number", "K\x01)R.", "a call of something");
        row("call of a tensor", someTensor() + ")R.", "a call of something");
        row("call of a storage type", "ctorch\nFloatStorage\n)R.", "a call of something");
        row("BUILD on a dict of a number",
            "}K\x01"
            "b.",
            "an object to be set up");
        row("BUILD on a function", "ccollections\nOrderedDict\n}b.", "an object to be set up");
        row("old INST", "(cos\nsystem\nios\nsystem\n.", "'os.system'");
        row("INST", "(ios\nsystem\n.", "opcode 0x69");
        row("OBJ", "(K\x01o.", "opcode 0x6f");
        row("NEWOBJ_EX", ")}\x92.", "opcode 0x92");
        row("STACK_GLOBAL", "U\x02osU\x06system\x93.", "opcode 0x93");
        row("EXT1", "\x82\x01.", "opcode 0x82");
        row("PERSID as text", "Pstorage\n.", "opcode 0x50");
        row("protocol 4", "\x80\x04N.", "protocol 4");
        row("a module", "(U\x06moduleNNNtQ.", "a stored 'module'");
        row("unprintable name", "co\x01s\n\xff\n.", "'o?s.?'");
        row("nothing", "", "it ends");
        row("no result", ".", "a value is missing");
        row("a mark as result", "(.", "a value is missing");
        row("no mark", "K\x01t.", "no beginning");
        row("memo unknown", "h\x05.", "not named");
        row("memo of nothing", "q\x01.", "a value is missing");
        row("endless text", "X\xff\xff\xff\xffhello", "in the middle of a value");
        row("endless name", "ctorch", "in the middle of a name");
        row("huge number", "\x8a\x09\1\1\1\1\1\1\1\1\1.", "too large");
        row("key without value", "}(K\x01u.", "no value");
        row("append to a dict",
            "}K\x01"
            "a.",
            "no list");
        row("no state_dict", "K\x01.", "no state_dict");
        row("no tensors", "}.", "no tensors");
        row("twice", "}(U\1n" + someTensor() + "U\1n" + someTensor() + "u.", "twice");
    }

    void picklesOutsideTheRulesAreRefused()
    {
        QFETCH(QByteArray, program);
        QFETCH(QByteArray, says);
        const std::string said = message([&] { read(program); });
        QVERIFY2(said.find(says.toStdString()) != std::string::npos, said.c_str());
    }

    // A storage of four numbers; offset, shape, strides as pickles.
    void viewsOutsideTheirStorageAreRefused_data()
    {
        QTest::addColumn<QByteArray>("offset");
        QTest::addColumn<QByteArray>("shape");
        QTest::addColumn<QByteArray>("strides");
        QTest::addColumn<bool>("fits");
        const auto b = [](const char* bytes, qsizetype size) { return QByteArray(bytes, size); };
        const QByteArray zero = b("K\0", 2);
        const QByteArray huge = b("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f", 10);
        const QByteArray minusOne("J\xff\xff\xff\xff");
        QTest::newRow("fits") << zero << QByteArray("K\4\x85") << QByteArray("K\1\x85") << true;
        QTest::newRow("transposed") << zero << QByteArray("K\2K\2\x86") << QByteArray("K\1K\2\x86") << true;
        QTest::newRow("last") << QByteArray("K\3") << QByteArray("K\1\x85") << QByteArray(huge + "\x85")
                              << true;
        QTest::newRow("too long") << zero << QByteArray("K\5\x85") << QByteArray("K\1\x85") << false;
        QTest::newRow("from too late")
            << QByteArray("K\1") << QByteArray("K\4\x85") << QByteArray("K\1\x85") << false;
        QTest::newRow("steps too wide") << zero << QByteArray("K\3\x85") << QByteArray("K\2\x85") << false;
        QTest::newRow("wide together")
            << zero << QByteArray("K\2K\2\x86") << QByteArray("K\2K\2\x86") << false;
        QTest::newRow("stride overflows")
            << zero << QByteArray("K\3\x85") << QByteArray(huge + "\x85") << false;
        QTest::newRow("shape overflows")
            << zero << QByteArray(huge + huge + "\x86") << QByteArray("K\1K\1\x86") << false;
        QTest::newRow("offset overflows") << huge << QByteArray("K\2\x85") << QByteArray("K\1\x85") << false;
        QTest::newRow("offset negative")
            << minusOne << QByteArray("K\2\x85") << QByteArray("K\1\x85") << false;
        QTest::newRow("shape negative")
            << zero << QByteArray(minusOne + "\x85") << QByteArray("K\1\x85") << false;
        QTest::newRow("stride negative")
            << QByteArray("K\3") << QByteArray("K\2\x85") << QByteArray(minusOne + "\x85") << false;
        QTest::newRow("repeated without end")
            << zero << QByteArray(huge + "\x85") << QByteArray(zero + "\x85") << false;
        QTest::newRow("strides missing")
            << zero << QByteArray("K\2K\2\x86") << QByteArray("K\1\x85") << false;
        QTest::newRow("shape of text") << zero << QByteArray("U\1x\x85") << QByteArray("K\1\x85") << false;
    }

    void viewsOutsideTheirStorageAreRefused()
    {
        QFETCH(QByteArray, offset);
        QFETCH(QByteArray, shape);
        QFETCH(QByteArray, strides);
        QFETCH(bool, fits);
        const QByteArray program = "}U\1w" + tensor(offset, shape, strides) + "s.";
        if (fits)
            QVERIFY(!read(program).at("w").values.empty());
        else
            QVERIFY_THROWS_EXCEPTION(Error, read(program));
    }

    void bigEndianIsRefused()
    {
        std::string file = legacy("N.");
        const std::string flag = "little_endian\x88";
        file[file.find(flag) + flag.size() - 1] = '\x89';
        const std::string said = message([&] { readLegacyPth(file, "f"); });
        QVERIFY2(said.find("big-endian") != std::string::npos, said.c_str());
    }

    void theLabelsAreImageNets()
    {
        const auto labels = imagenetLabels();
        QCOMPARE(labels.size(), std::size_t {1000});
        QCOMPARE(labels[0], std::string("tench, Tinca tinca"));
        QCOMPARE(labels[281], std::string("tabby, tabby cat"));
        QCOMPARE(labels[999], std::string("toilet tissue, toilet paper, bathroom tissue"));
    }

    // Figures read with torch.load and summed in double there.
    void theOfficialFileIsRead()
    {
        const WeightsEntry& entry = weightsEntry("efficientnet-lite0");
        const auto file = userDataFolder() / "weights" / entry.fileName;
        if (!std::filesystem::exists(file))
            QSKIP("The weights of EfficientNet-Lite0 are not here: 'graft-cli weights fetch' gets them.");
        QCOMPARE(static_cast<qint64>(std::filesystem::file_size(file)), qint64 {entry.bytes});
        QCOMPARE(sha256OfFile(file), entry.sha256);
        QCOMPARE(entriesOf(readFile(file)), std::size_t {296});
        const TensorMap weights = readWeights(file, backbone(entry.id));
        QCOMPARE(weights.size(), std::size_t {296 - 49}); // 49 counters
        const auto check = [&](const char* name, float first, float last, double sum) {
            const auto& values = weights.at(name).values;
            QCOMPARE(values.front(), first);
            QCOMPARE(values.back(), last);
            QVERIFY(std::abs(std::accumulate(values.begin(), values.end(), 0.0) - sum)
                    < 1e-9 * std::abs(sum) + 1e-12);
        };
        check("_conv_stem.weight", -1.1103360652923584F, 2.2351741790771484e-08F, -26.811376610887237);
        check("_blocks.5._depthwise_conv.weight", -0.26096612215042114F, 0.06884223222732544F,
              95.10330242477357);
        check("_bn1.running_var", 9.722968101501465F, 11.04356861114502F, 13721.746045589447);
        check("_fc.bias", 0.032053910195827484F, 0.03138429671525955F, -0.04981697298353538);
    }

    void aFileOfAnotherNetworkIsNamed()
    {
        const std::string said =
            message([] { readWeights(fixtures + "plain_zip.pth", backbone("efficientnet-lite0")); });
        QVERIFY2(said.ends_with(
                     "plain_zip.pth: the tensor '_conv_stem.weight' is missing; these are not the weights "
                     "of EfficientNet-Lite0. Choose the file of EfficientNet-Lite0."),
                 said.c_str());
    }

    // fixtures/relatives.tsv: names and shapes of torchvision's and timm's own networks (make_relatives.py).
    void otherNetworksAreRecognised_data()
    {
        QTest::addColumn<QByteArray>("title");
        QTest::addColumn<QByteArray>("tensors");
        QFile table(QString::fromStdString(fixtures + "relatives.tsv"));
        QVERIFY(table.open(QIODevice::ReadOnly));
        int rows = 0;
        for (; !table.atEnd(); ++rows) {
            const auto fields = table.readLine().trimmed().split('\t');
            QCOMPARE(fields.size(), 3);
            QTest::newRow(fields[0].constData()) << fields[1] << fields[2];
        }
        QVERIFY(rows > 35);
    }

    void otherNetworksAreRecognised()
    {
        QFETCH(QByteArray, title);
        QFETCH(QByteArray, tensors);
        TensorMap weights;
        for (const QByteArray& entry : words(tensors)) {
            const auto parts = entry.split(':');
            for (const QByteArray& extent : parts.at(1).split('x'))
                weights[parts.at(0).toStdString()].shape.push_back(extent.toLongLong());
        }
        QCOMPARE(std::string(recogniseNetwork(weights)), title == "-" ? std::string() : title.toStdString());
    }

    void aFileOfAKnownNetworkIsNamed()
    {
        const TensorMap resnet {{"layer1.0.conv2.weight", {{64, 64, 3, 3}, std::vector<float>(36'864)}},
                                {"layer3.22.conv3.weight", {{1024, 256, 1, 1}, std::vector<float>(262'144)}}};
        QCOMPARE(message([&] { weightsFor(backbone("vgg16"), resnet, "f.pth"); }),
                 std::string("f.pth: this is a ResNet-101 file; VGG16 weights are needed. Choose the file of "
                             "VGG16."));
        const TensorMap xception = zeros(backbone("xception").build({}));
        QVERIFY(message([&] {
                    weightsFor(backbone("resnet50"), xception, "f");
                }).find("this is an Xception file; ResNet50 weights are needed")
                != std::string::npos);
    }

    void otherClassesAreNamed()
    {
        const BackboneSpec& spec = backbone("resnet50");
        const TensorMap weights = zeros(spec.build({.classes = 10}));
        QCOMPARE(message([&] { weightsFor(spec, weights, "f.pth"); }),
                 std::string("f.pth: this is a ResNet50 that was trained on for 10 classes of its own; the "
                             "weights for ImageNet's 1000 classes are needed. Choose the original file of "
                             "ResNet50."));
    }

    // As timm 0.6.13 names the tensors of the same network.
    void namesOfOthersAreOurs_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("ours");
        const auto row = [](const char* theirs, const char* id, const char* ours) {
            QTest::newRow(theirs) << QByteArray(id) << QByteArray(ours);
        };
        row("conv_stem.weight", "efficientnet-lite0", "_conv_stem.weight");
        row("bn1.running_mean", "efficientnet-lite0", "_bn0.running_mean");
        row("blocks.0.0.conv_pw.weight", "efficientnet-lite0", "_blocks.0._project_conv.weight");
        row("blocks.0.0.bn2.bias", "efficientnet-lite1", "_blocks.0._bn2.bias");
        row("blocks.2.1.conv_pw.weight", "efficientnet-lite0", "_blocks.4._expand_conv.weight");
        row("blocks.6.0.bn3.bias", "efficientnet-lite0", "_blocks.15._bn2.bias");
        row("blocks.6.0.conv_pwl.weight", "efficientnet-lite2", "_blocks.20._project_conv.weight");
        row("blocks.9.0.bn3.bias", "efficientnet-lite0", "blocks.9.0.bn3.bias");
        row("blocks.1.99.bn3.bias", "efficientnet-lite0", "blocks.1.99.bn3.bias");
        row("blocks.", "efficientnet-lite0", "blocks.");
        row("blocks.1.", "efficientnet-lite0", "blocks.1.");
        row("blocks.1.-1.bn3.bias", "efficientnet-lite0", "blocks.1.-1.bn3.bias");
        row("classifier.bias", "efficientnet-lite0", "_fc.bias");
        row("pre_logits.fc1.weight", "vgg16", "classifier.0.weight");
        row("head.fc.bias", "vgg19", "classifier.6.bias");
        row("last_linear.bias", "xception", "fc.bias");
        row("layer1.0.conv1.weight", "resnet50", "layer1.0.conv1.weight");
    }

    void namesOfOthersAreOurs()
    {
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, ours);
        QCOMPARE(backbone(id.toStdString()).officialName(QTest::currentDataTag()), ours.toStdString());
    }

    void convolutionsThatAreLinearLayersFit()
    {
        TensorMap vgg = zeros(backbone("vgg16").build({}));
        vgg.at("classifier.0.weight").values.front() = 0.5F;
        for (const auto& [ours, theirs] :
             {std::pair("classifier.0.", "pre_logits.fc1."), std::pair("classifier.3.", "pre_logits.fc2."),
              std::pair("classifier.6.", "head.fc.")}) {
            for (const char* role : {"weight", "bias"}) {
                auto node = vgg.extract(std::string(ours) + role);
                node.key() = std::string(theirs) + role;
                vgg.insert(std::move(node));
            }
        }
        vgg.at("pre_logits.fc1.weight").shape = {4096, 512, 7, 7};
        vgg.at("pre_logits.fc2.weight").shape = {4096, 4096, 1, 1};
        const TensorMap read = weightsFor(backbone("vgg16"), std::move(vgg), "f");
        QCOMPARE(read.at("classifier.0.weight").shape, (std::vector<std::int64_t> {4096, 25'088}));
        QCOMPARE(read.at("classifier.0.weight").values.front(), 0.5F);
    }

    void theAuxiliaryHeadMayBeThere()
    {
        const BackboneSpec& spec = backbone("inception-v3");
        const TensorMap with = zeros(spec.build({.inputSize = 299, .auxiliary = true}));
        const TensorMap without = weightsFor(spec, with, "f");
        QVERIFY(!without.contains("AuxLogits.fc.weight"));
        QCOMPARE(weightsFor(spec, without, "f").size(), without.size());
        QCOMPARE(weightsFor(spec, with, "f", Auxiliary::Keep).size(), with.size());
        QVERIFY_THROWS_EXCEPTION(Error, weightsFor(spec, without, "f", Auxiliary::Keep));
        TensorMap strange = with;
        strange["AuxLogits.other"] = {{1}, {0.0F}};
        QVERIFY_THROWS_EXCEPTION(Error, weightsFor(spec, strange, "f"));
    }

    void otherFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("<html><body>404</body></html>");
        QTest::newRow("short") << QByteArray("PK");
        QTest::newRow("zip's beginning") << QByteArray("PK\3\4 and no more");
        QTest::newRow("legacy's beginning") << QByteArray(pth::legacyMagic.data(), pth::legacyMagic.size());
    }

    void otherFilesAreRefused()
    {
        QFETCH(QByteArray, content);
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.filePath(QStringLiteral("w.pth")).toStdString());
        writeFile(file, std::string_view(content.constData(), static_cast<std::size_t>(content.size())));
        QVERIFY_THROWS_EXCEPTION(Error, readWeights(file));
        QVERIFY_THROWS_EXCEPTION(Error, readWeights(file.parent_path() / "absent.pth"));
        QVERIFY_THROWS_EXCEPTION(Error, readWeights(file.parent_path()));
    }

private:
    static QList<QByteArray> words(const QByteArray& text)
    {
        return text.isEmpty() ? QList<QByteArray>() : text.split(' ');
    }

    /// The pickle of a tensor in a storage 'k' of four numbers.
    static QByteArray tensor(const QByteArray& offset, const QByteArray& shape, const QByteArray& strides)
    {
        return "ctorch._utils\n_rebuild_tensor_v2\n((U\x07storagectorch\nFloatStorage\nU\x01kU\x03"
               "cpuK\x04tQ"
            + offset + shape + strides + "\x89)tR";
    }

    static QByteArray someTensor() { return tensor(QByteArray("K\0", 2), "K\2\x85", "K\1\x85"); }

    /// A legacy file around one pickled object and the storage that tensor() uses.
    static std::string legacy(const QByteArray& program)
    {
        std::string file(pth::legacyMagic);
        file += "\x80\x02M\xe9\x03.\x80\x02}U\x0dlittle_endian\x88s.";
        file += program.toStdString();
        if (!program.contains("torch._utils\n"))
            return file + "].";
        file += "]U\x01k"
                "a.";
        const std::int64_t count = 4;
        const std::array<float, 4> numbers {1.0F, 2.0F, 3.0F, 4.0F};
        file.append(reinterpret_cast<const char*>(&count), sizeof count);
        return file.append(reinterpret_cast<const char*>(numbers.data()), sizeof numbers);
    }

    static TensorMap zeros(const Graph& graph)
    {
        TensorMap weights;
        for (const Parameter& parameter : parameters(graph))
            weights[parameter.name] = {parameter.shape,
                                       std::vector<float>(static_cast<std::size_t>(parameter.count()))};
        return weights;
    }

    static TensorMap read(const QByteArray& program) { return readLegacyPth(legacy(program), "f"); }

    /// How many entries the state_dict has, counters included.
    static std::size_t entriesOf(std::string_view bytes)
    {
        bytes.remove_prefix(pth::legacyMagic.size());
        for (int before = 0; before < 2; ++before) // version, machine
            bytes.remove_prefix(pickle::parse(bytes, "f").length);
        return pickle::parse(bytes, "f").rootAs<pickle::Dict>()->items.size();
    }
};

QTEST_GUILESS_MAIN(TestWeights)
#include "tst_weights.moc"
