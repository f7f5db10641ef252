#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/random.h"
#include "core/network/weights/weights_file.h"
#include "core/share/model_file.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <cstring>
#include <fstream>
#include <limits>

using namespace graft;
using namespace graft::share;
namespace fs = std::filesystem;

namespace {

network::Tensor tensor(std::vector<std::int64_t> shape, float first)
{
    network::Tensor result {std::move(shape), {}};
    std::int64_t count = 1;
    for (const std::int64_t extent : result.shape)
        count *= extent;
    for (std::int64_t i = 0; i < count; ++i)
        result.values.push_back(first + 0.25F * static_cast<float>(i));
    return result;
}

Model model()
{
    Model result;
    result.card.title = "Garden \"flowers\", run-3";
    result.card.classes = {"rose", "caf\xC3\xA9", "a\\b\n"};
    result.card.backbone = "efficientnet-lite0";
    result.card.cut = "last";
    result.card.preprocess = {256, 224, Interpolation::Bilinear, {0.1F, 0.2F, 0.3F}, {0.4F, 0.5F, 0.6F}};
    result.card.plan.learningRate = 0.002;
    result.card.plan.seed = 18446744073709551615U;
    result.card.validation = ConfusionMatrix(3);
    result.card.validation.add(2, 1);
    result.card.test = ConfusionMatrix(3);
    result.card.test.add(0, 0);
    result.card.trainingPictures = 280;
    result.card.dataFingerprint = sha256("data");
    result.card.weightsSha256 = sha256("weights");
    result.card.weightsLicence = "Apache-2.0";
    result.card.created = "2024-05-06T07:08:09Z";
    result.card.program = "Graft 0.1.0";
    result.weights = {{"stem.weight", tensor({2, 3, 3, 3}, -1.0F)},
                      {"graft_head.weight", tensor({3, 4}, 0.0F)},
                      {"graft_head.bias", tensor({3}, 7.0F)}};
    result.selfCheck = tensor({5, 3}, -2.0F).values;
    return result;
}

QString errorOf(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return QStringLiteral("(no error)");
}

/// A new file, not flushed: thousands are written here.
void write(const fs::path& file, const std::string& bytes)
{
    fs::remove(file);
    std::ofstream(file, std::ios::binary) << bytes;
}

/// The card of a good model with one member changed, as another writer of JSON puts it.
std::string changedCard(const fs::path& good, const QString& key, const QJsonValue& value)
{
    const auto card = network::readSafetensors(readFile(good), "good").metadata.at("graft");
    QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(card)).object();
    if (value.isUndefined())
        object.remove(key);
    else
        object.insert(key, value);
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

} // namespace

class TestModelFile : public QObject
{
    Q_OBJECT

private slots:
    void keepsEverything();
    void refusesToSave_data();
    void refusesToSave();
    void refusesACard_data();
    void refusesACard();
    void refusesOtherFiles();
    void refusesTensors_data();
    void refusesTensors();
    void mutatedBytesNeverDoHarm();
    void everyTruncationIsAnError();

private:
    fs::path file(const char* name) const { return fs::path(m_dir.path().toStdString()) / name; }

    QTemporaryDir m_dir;
};

void TestModelFile::keepsEverything()
{
    const Model wanted = model();
    saveModel(file("m.safetensors"), wanted);
    const Model found = loadModel(file("m.safetensors"));
    QCOMPARE(found.card.title, wanted.card.title);
    QCOMPARE(found.card.classes, wanted.card.classes);
    QCOMPARE(found.card.backbone, wanted.card.backbone);
    QCOMPARE(found.card.cut, wanted.card.cut);
    QCOMPARE(found.card.preprocess, wanted.card.preprocess);
    QCOMPARE(found.card.plan, wanted.card.plan);
    QVERIFY(found.card.validation == wanted.card.validation);
    QVERIFY(found.card.test == wanted.card.test);
    QCOMPARE(found.card.trainingPictures, wanted.card.trainingPictures);
    QCOMPARE(found.card.dataFingerprint, wanted.card.dataFingerprint);
    QCOMPARE(found.card.weightsSha256, wanted.card.weightsSha256);
    QCOMPARE(found.card.weightsLicence, wanted.card.weightsLicence);
    QCOMPARE(found.card.created, wanted.card.created);
    QCOMPARE(found.card.program, wanted.card.program);
    QCOMPARE(found.selfCheck, wanted.selfCheck);
    QCOMPARE(found.weights.size(), wanted.weights.size());
    for (const auto& [name, tensor] : wanted.weights) {
        QCOMPARE(found.weights.at(name).shape, tensor.shape);
        QCOMPARE(found.weights.at(name).values, tensor.values);
    }
}

void TestModelFile::refusesToSave_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("class without an output") << 0;
    QTest::newRow("one class") << 1;
    QTest::newRow("no classifier") << 2;
    QTest::newRow("self-check too short") << 3;
    QTest::newRow("a weight that is no number") << 4;
    QTest::newRow("deviation of 0") << 5;
    QTest::newRow("matrix of other classes") << 6;
}

void TestModelFile::refusesToSave()
{
    QFETCH(int, kind);
    Model bad = model();
    if (kind == 0)
        bad.card.classes.emplace_back("extra");
    else if (kind == 1)
        bad.card.classes = {"rose"};
    else if (kind == 2)
        bad.weights.erase("graft_head.weight");
    else if (kind == 3)
        bad.selfCheck.pop_back();
    else if (kind == 4)
        bad.weights["stem.weight"].values[5] = std::numeric_limits<float>::quiet_NaN();
    else if (kind == 5)
        bad.card.preprocess.std[1] = 0.0F;
    else
        bad.card.test = ConfusionMatrix(2);
    QVERIFY(errorOf([&] { saveModel(file("bad.safetensors"), bad); }).contains(u"was not written"));
    QVERIFY(!fs::exists(file("bad.safetensors")));
}

void TestModelFile::refusesACard_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QByteArray>("value"); // a list with the value, or none: the key is removed
    QTest::addColumn<QString>("sentence");
    QTest::newRow("no format") << "format" << QByteArray("[]") << "without a proper 'format'";
    QTest::newRow("newer format") << "format" << QByteArray("[2]") << "newer Graft";
    QTest::newRow("negative format") << "format" << QByteArray("[-1]") << "without a proper 'format'";
    QTest::newRow("no classes") << "classes" << QByteArray("[]") << "'classes'";
    QTest::newRow("classes that are numbers") << "classes" << QByteArray("[[1, 2, 3]]") << "'classes'";
    QTest::newRow("a class too many")
        << "classes" << QByteArray("[[\"a\", \"b\", \"c\", \"d\"]]") << "its classifier has another number";
    QTest::newRow("no class at all") << "classes" << QByteArray("[[]]") << "names 0 classes";
    QTest::newRow("no preprocessing") << "preprocess" << QByteArray("[]") << "'preprocess'";
    QTest::newRow("preprocessing is a list") << "preprocess" << QByteArray("[[]]") << "'preprocess'";
    QTest::newRow("plan of nonsense")
        << "plan" << QByteArray("[{\"epochs\": \"many\"}]") << "damaged model card";
    QTest::newRow("uneven matrix") << "test" << QByteArray("[[[1, 2]]]") << "damaged model card";
    QTest::newRow("matrix of other classes")
        << "test" << QByteArray("[[[1]]]") << "another number of classes";
    QTest::newRow("title is a number") << "title" << QByteArray("[1]") << "'title'";
}

void TestModelFile::refusesACard()
{
    QFETCH(QString, key);
    QFETCH(QByteArray, value);
    QFETCH(QString, sentence);
    Model good = model();
    good.card.plan.seed = 1; // Qt's JSON knows no whole numbers above 2^63
    saveModel(file("m.safetensors"), good);
    auto content = network::readSafetensors(readFile(file("m.safetensors")), "m");
    content.metadata["graft"] =
        changedCard(file("m.safetensors"), key, QJsonDocument::fromJson(value).array().at(0));
    network::writeSafetensors(file("bad.safetensors"), content.tensors, content.metadata);
    const QString error = errorOf([&] { loadModel(file("bad.safetensors")); });
    QVERIFY2(error.contains(sentence), qPrintable(error));
    QVERIFY2(error.contains(u"bad.safetensors"), qPrintable(error));
}

void TestModelFile::refusesOtherFiles()
{
    network::writeSafetensors(file("weights.safetensors"), model().weights, {});
    QVERIFY(errorOf([&] { loadModel(file("weights.safetensors")); }).contains(u"is no model of Graft"));
    network::writeSafetensors(file("text.safetensors"), model().weights, {{"graft", "no card"}});
    QVERIFY(
        errorOf([&] { loadModel(file("text.safetensors")); }).contains(u"model card that cannot be read"));
    writeFile(file("picture.jpg"), std::string("\xFF\xD8\xFF\xE0") + std::string(100, 'x'));
    QVERIFY_THROWS_EXCEPTION(Error, loadModel(file("picture.jpg")));
    writeFile(file("empty"), "");
    QVERIFY_THROWS_EXCEPTION(Error, loadModel(file("empty")));
    QVERIFY_THROWS_EXCEPTION(Error, loadModel(file("missing")));
    QVERIFY_THROWS_EXCEPTION(Error, loadModel(m_dir.path().toStdString()));
}

void TestModelFile::refusesTensors_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("rows");
    QTest::newRow("no bias") << "graft_head.bias" << 0;
    QTest::newRow("bias of another number") << "graft_head.bias" << 4;
    QTest::newRow("no self-check") << "graft.self_check" << 0;
    QTest::newRow("self-check of another number") << "graft.self_check" << 14;
    QTest::newRow("flat weight") << "graft_head.weight" << 12;
}

void TestModelFile::refusesTensors()
{
    QFETCH(QString, name);
    QFETCH(int, rows);
    saveModel(file("m.safetensors"), model());
    auto content = network::readSafetensors(readFile(file("m.safetensors")), "m");
    content.tensors.erase(name.toStdString());
    if (rows > 0)
        content.tensors[name.toStdString()] = tensor({rows}, 0.0F);
    network::writeSafetensors(file("bad.safetensors"), content.tensors, content.metadata);
    QVERIFY_THROWS_EXCEPTION(Error, loadModel(file("bad.safetensors")));
}

// One byte changed, at a few thousand places: a model that passes the checks, or an Error; nothing else.
void TestModelFile::mutatedBytesNeverDoHarm()
{
    saveModel(file("m.safetensors"), model());
    const std::string good = readFile(file("m.safetensors"));
    std::uint64_t header = 0;
    std::memcpy(&header, good.data(), sizeof header);
    int refused = 0;
    for (std::uint32_t i = 0; i < 3000; ++i) {
        Draws draws({1, i, 0, 0});
        std::string bad = good;
        bad[static_cast<std::size_t>(draws.uniform() * static_cast<double>(8 + header))] =
            static_cast<char>(draws.uniform(0.0, 256.0));
        write(file("mutated.safetensors"), bad);
        try {
            const Model found = loadModel(file("mutated.safetensors"));
            QVERIFY(found.card.classes.size() >= 2);
        } catch (const Error&) {
            ++refused;
        }
    }
    QVERIFY2(refused > 500, qPrintable(QString::number(refused)));
}

void TestModelFile::everyTruncationIsAnError()
{
    saveModel(file("m.safetensors"), model());
    const std::string good = readFile(file("m.safetensors"));
    for (std::size_t size = 0; size < good.size(); size += 7) {
        write(file("cut.safetensors"), good.substr(0, size));
        QVERIFY_THROWS_EXCEPTION(Error, loadModel(file("cut.safetensors")));
    }
}

QTEST_APPLESS_MAIN(TestModelFile)
#include "tst_model_file.moc"
