// Every entry of the weights catalogue, against what its own names and addresses say.

#include "core/base/error.h"
#include "core/network/backbone.h"
#include "core/network/weights/catalogue.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace graft;
using namespace graft::network;

class TestCatalogue : public QObject
{
    Q_OBJECT
private slots:

    void entry_data();
    void entry();
    void idsAreUnique();
    void recipesOfOneBackbone();
    void sizes();
    void trapsThatWereMeasured();
};

void TestCatalogue::entry_data()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < weightsCatalogue().size(); ++i)
        QTest::newRow(weightsCatalogue()[i].id.c_str()) << static_cast<int>(i);
}

void TestCatalogue::entry()
{
    QFETCH(int, index);
    const WeightsEntry& entry = weightsCatalogue()[static_cast<std::size_t>(index)];
    for (const std::string& text : {entry.title, entry.recipe, entry.licence, entry.fileName})
        QVERIFY(!text.empty());
    QVERIFY(entry.recipe.ends_with('.') && entry.terms.ends_with('.'));
    QVERIFY(entry.terms.find("non-commercial") != std::string::npos);
    QVERIFY(entry.fileName.ends_with(".pth") && entry.fileName.find('/') == std::string::npos);
    QCOMPARE(backboneOfWeights(entry.id), std::string_view(entry.backbone));
    QVERIFY(entry.bytes > 1'000'000);
    QVERIFY(entry.top1 > 0.7 && entry.top1 < 0.9);

    // The digits in an official name are the start of the file's SHA-256, by PyTorch's custom.
    const QRegularExpression hexadecimal(QStringLiteral("^[0-9a-f]{8,64}$"));
    QVERIFY(hexadecimal.match(QString::fromStdString(entry.sha256)).hasMatch());
    const std::string official = entry.member.empty() ? entry.addresses.at(0) : entry.member;
    const auto named =
        QRegularExpression(QStringLiteral("-([0-9a-f]{8,9})\\.pth$")).match(QString::fromStdString(official));
    QVERIFY(named.hasMatch());
    QVERIFY(QString::fromStdString(entry.sha256).startsWith(named.captured(1)));

    for (const std::string& address : entry.addresses)
        QVERIFY(address.starts_with("https://"));
    QCOMPARE(entry.package.empty(), entry.member.empty());
    QCOMPARE(entry.package.empty(), entry.packageBytes == 0);
    QCOMPARE(entry.packageSha256.size(), std::size_t {entry.package.empty() ? 0U : 64U});

    QVERIFY(entry.preprocess.crop < entry.preprocess.resize);
    for (std::size_t i = 0; i < 3; ++i)
        QVERIFY(entry.preprocess.mean[i] > 0.0F && entry.preprocess.std[i] > 0.0F);
    const auto all = backbones();
    const auto spec = std::ranges::find(all, std::string_view(entry.backbone), &BackboneSpec::id);
    if (spec == all.end())
        QSKIP("this backbone is not in the list of backbones");
    QCOMPARE(entry.preprocess.crop, spec->preprocess.crop);
    QCOMPARE(entry.preprocess.mean, spec->preprocess.mean); // it is part of the graph
    QCOMPARE(entry.preprocess.std, spec->preprocess.std);
    if (&entry == &weightsEntries(entry.backbone).front())
        QVERIFY(entry.preprocess == spec->preprocess);
}

void TestCatalogue::idsAreUnique()
{
    std::set<std::string> ids;
    std::set<std::string> files;
    std::set<std::string> hashes;
    for (const WeightsEntry& entry : weightsCatalogue()) {
        ids.insert(entry.id);
        files.insert(entry.fileName);
        hashes.insert(entry.sha256.substr(0, 8));
    }
    QCOMPARE(ids.size(), weightsCatalogue().size());
    QCOMPARE(files.size(), weightsCatalogue().size());
    QCOMPARE(hashes.size(), weightsCatalogue().size());
    for (const char* id : {"vgg16", "vgg19", "xception", "inception-v3", "resnet50:v1", "resnet50:v2",
                           "efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2"})
        QVERIFY2(ids.contains(id), id);
    for (const BackboneSpec& spec : backbones())
        QVERIFY(!weightsEntries(spec.id).empty());
    QCOMPARE(weightsCatalogue().front().id, std::string("efficientnet-lite0")); // the default comes first
}

void TestCatalogue::recipesOfOneBackbone()
{
    QCOMPARE(weightsEntries("resnet50").size(), std::size_t {2});
    QCOMPARE(weightsEntries("resnet50")[0].id, std::string("resnet50:v1"));
    QCOMPARE(weightsEntries("resnet50")[1].id, std::string("resnet50:v2"));
    QCOMPARE(weightsEntries("resnet50:v2").size(), std::size_t {1});
    QCOMPARE(weightsEntries("vgg16").size(), std::size_t {1});
    QVERIFY_THROWS_EXCEPTION(Error, weightsEntry("resnet50")); // one of two must be meant
    try {
        weightsEntries("resnet50:v3");
        QFAIL("there is no such recipe");
    } catch (const Error& error) {
        QVERIFY(error.next().find("resnet50:v2") != std::string::npos);
    }
    QCOMPARE(backboneOfWeights("vgg16"), std::string_view("vgg16"));
}

void TestCatalogue::sizes()
{
    const WeightsEntry& exact = weightsEntry("vgg16");
    QVERIFY(exact.hasSize(553'433'881) && !exact.hasSize(553'433'882));
    // Published as 548.05 MiB: whatever rounds to that.
    const WeightsEntry& rounded = weightsEntry("vgg19");
    constexpr double mebibyte = 1024.0 * 1024.0;
    QVERIFY(rounded.hasSize(std::llround(548.0452 * mebibyte)));
    QVERIFY(rounded.hasSize(std::llround(548.0548 * mebibyte)));
    QVERIFY(!rounded.hasSize(std::llround(548.057 * mebibyte)));
    QVERIFY(exact.hasHash("397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0"));
    QVERIFY(rounded.hasHash("dcbb9e9d8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0"));
    QVERIFY(!rounded.hasHash("dcbb9e9c8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0"));
}

void TestCatalogue::trapsThatWereMeasured()
{
    QCOMPARE(weightsEntry("resnet50:v1").preprocess.resize, 256);
    QCOMPARE(weightsEntry("resnet50:v2").preprocess.resize, 232);
    QVERIFY(weightsEntry("resnet50:v2").recipe.find("label smoothing hurts") != std::string::npos);
    const PreprocessSpec& inception = weightsEntry("inception-v3").preprocess;
    QCOMPARE(inception.mean[0], 0.5F); // torchvision's transform_input, written once
    QCOMPARE(inception.crop, 299);
    QVERIFY(weightsEntry("xception").preprocess.interpolation == Interpolation::Bicubic);
    QVERIFY(inception.interpolation == Interpolation::Bilinear);
}

QTEST_GUILESS_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
