// graft-cli augment, ops and copies, and training from augmented copies.

#include "tests/cli/cli_process.h"
#include "tests/cli/drawn_pictures.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

class TestCliAugment : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void opsDescribeEveryNumber();
    void augmentWritesWhatItSays();
    void theSeedDecides();
    void aRecipeFromAFile();
    void whatCannotBeUsedIsASentence_data();
    void whatCannotBeUsedIsASentence();
    void copiesAreMeasuredAndLearnedFrom();

private:
    QString at(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }

    CliResult augment(const QString& recipe, const QString& out, const QStringList& more = {}) const
    {
        return cli(QStringList {u"augment"_s, m_pictures, u"--recipe"_s, recipe, u"--copies"_s, u"2"_s,
                                u"--out"_s, out, u"--json"_s}
                   + more);
    }

    QTemporaryDir m_folder;
    QString m_pictures;
};

namespace {

QByteArray contentOf(const QString& file)
{
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

void write(const QString& file, const QByteArray& content)
{
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(content);
}

} // namespace

void TestCliAugment::initTestCase()
{
    m_pictures = at("shapes");
    drawPictures(m_pictures, 14);
}

void TestCliAugment::opsDescribeEveryNumber()
{
    const CliResult result = cli({u"ops"_s, u"--json"_s});
    QCOMPARE(result.code, 0);
    const QJsonArray ops = result.json["ops"_L1].toArray();
    QVERIFY(ops.size() >= 35);
    for (const QJsonValue op : ops) {
        for (const char* key : {"id", "title", "sentence", "group"})
            QVERIFY2(!op[QString::fromUtf8(key)].toString().isEmpty(), key);
        for (const QJsonValue parameter : op["parameters"_L1].toArray()) {
            QVERIFY(parameter["low"_L1].toDouble() <= parameter["initial"_L1].toDouble());
            QVERIFY(parameter["initial"_L1].toDouble() <= parameter["high"_L1].toDouble());
        }
    }
    QStringList presets;
    for (const QJsonValue preset : result.json["presets"_L1].toArray())
        presets.append(preset["id"_L1].toString());
    QCOMPARE(presets,
             (QStringList {u"none"_s, u"gentle_photo"_s, u"strong_photo"_s, u"document"_s, u"digits"_s,
                           u"top_view"_s}));
    QVERIFY(cli({u"ops"_s}).out.contains("flip_horizontal"));
}

void TestCliAugment::augmentWritesWhatItSays()
{
    const CliResult result =
        augment(u"strong_photo"_s, at("copies"), {u"--sheet"_s, at("sheet.png"), u"--quiet"_s});
    QVERIFY2(result.code == 0, result.err);
    const QJsonArray copies = result.json["copies"_L1].toArray();
    QCOMPARE(copies.size(), 3 * 14 * 2);
    for (const QJsonValue copy : copies) {
        QCOMPARE(QImage(copy["path"_L1].toString()).size(), QSize(224, 224));
        QVERIFY(QFile::exists(copy["source"_L1].toString()));
        QVERIFY(!copy["ops"_L1].toArray().isEmpty());
    }
    QVERIFY(QFile::exists(at("copies/disc")));
    QVERIFY(!QImage(result.json["sheet"_L1].toString()).isNull());
    QCOMPARE(augment(u"strong_photo"_s, at("copies")).json["there_already"_L1].toInt(), 3 * 14 * 2);
}

void TestCliAugment::theSeedDecides()
{
    const auto first = [this](const QString& out, const QString& seed) {
        const CliResult result = augment(u"gentle_photo"_s, out, {u"--seed"_s, seed});
        return contentOf(result.json["copies"_L1][0]["path"_L1].toString());
    };
    const QByteArray one = first(at("seed1"), u"1"_s);
    QVERIFY(!one.isEmpty());
    QCOMPARE(first(at("seed1 again"), u"1"_s), one);
    QVERIFY(first(at("seed2"), u"2"_s) != one);
}

void TestCliAugment::aRecipeFromAFile()
{
    write(at("flip.json"), "{\"version\": 1, \"steps\": [{\"op\": \"flip_horizontal\"}]}");
    write(at("none.json"), "{\"version\": 1, \"steps\": []}");
    const auto picture = [this](const char* recipe, const char* out) {
        return QImage(augment(at(recipe), at(out)).json["copies"_L1][0]["path"_L1].toString());
    };
    const QImage plain = picture("none.json", "plain");
    QVERIFY(!plain.isNull());
    QCOMPARE(picture("flip.json", "flipped"), plain.mirrored(true, false));
}

void TestCliAugment::whatCannotBeUsedIsASentence_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("no JSON") << QByteArray("rotate a bit") << QByteArray("recipe");
    QTest::newRow("out of range") << QByteArray(
        "{\"version\": 1, \"steps\": [{\"op\": \"rotate\", \"settings\": {\"limit\": 999}}]}")
                                  << QByteArray("limit");
    QTest::newRow("unknown op") << QByteArray("{\"version\": 1, \"steps\": [{\"op\": \"shake\"}]}")
                                << QByteArray("shake");
    QTest::newRow("newer") << QByteArray("{\"version\": 99, \"steps\": []}") << QByteArray("newer");
}

void TestCliAugment::whatCannotBeUsedIsASentence()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QByteArray, says);
    write(at("bad.json"), content);
    const CliResult result = augment(at("bad.json"), at("never"));
    QCOMPARE(result.code, 1);
    QVERIFY2(result.err.contains("bad.json") && result.err.contains(says), result.err);
    QVERIFY2(!result.err.contains(".."), result.err);
    QVERIFY(!QFile::exists(at("never")));
}

void TestCliAugment::copiesAreMeasuredAndLearnedFrom()
{
    if (cli({u"weights"_s, u"list"_s, u"--json"_s}).json["weights"_L1][0]["state"_L1].toString()
        != "ready"_L1)
        QSKIP("The weights of EfficientNet-Lite0 are not here: graft-cli weights fetch efficientnet-lite0");
    const QString project = at("shapes.graft");
    QCOMPARE(cli({u"import"_s, m_pictures, u"--project"_s, project}).code, 0);
    const CliResult costs = cli({u"copies"_s, project, u"--json"_s, u"--minutes"_s, u"2"_s});
    QVERIFY2(costs.code == 0, costs.err);
    QVERIFY(costs.json["most"_L1].toInt() > 0);
    QVERIFY(costs.json["seconds_per_copy"_L1].toDouble() > 0.0);
    const CliResult train =
        cli({u"train"_s, project, u"--recipe"_s, u"gentle_photo"_s, u"--copies"_s, u"2"_s, u"--json"_s});
    QVERIFY2(train.code == 0, train.err);
    const CliResult plain = cli({u"evaluate"_s, project, u"--json"_s});
    const CliResult averaged = cli({u"evaluate"_s, project, u"--tta"_s, u"4"_s, u"--json"_s});
    QVERIFY2(averaged.code == 0, averaged.err);
    QCOMPARE(averaged.json["total"_L1], plain.json["total"_L1]);
    QVERIFY(averaged.json["accuracy"_L1].toDouble() >= 0.8);
    QCOMPARE(cli({u"train"_s, project, u"--epochs"_s, u"1"_s}).code, 0);
    const CliResult without = cli({u"evaluate"_s, project, u"--tta"_s, u"4"_s});
    QCOMPARE(without.code, 1);
    QVERIFY2(without.err.contains("without augmentation"), without.err);
}

QTEST_GUILESS_MAIN(TestCliAugment)
#include "tst_cli_augment.moc"
