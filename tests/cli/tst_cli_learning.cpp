// graft-cli from pictures to answers, with the real weights; skips where they are not on this computer.

#include "tests/cli/cli_process.h"
#include "tests/cli/drawn_pictures.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstring>

using namespace Qt::StringLiterals;

class TestCliLearning : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void trainTellsWhatCameOut();
    void fewPicturesAreCrossValidated();
    void runsKeepsEveryTraining();
    void evaluateCountsRight_data();
    void evaluateCountsRight();
    void classifyAnswers();
    void classifyAmongBadFiles();
    void rejectedPicturesHaveNoClass();
    void tableForASpreadsheet();
    void sortingCopies();
    void featuresAreNumpy();
    void imagenetKnowsPhotos();
    void pictureThatVanished();
    void classWithOnePicture();
    void interruptKeepsTheBest_data();
    void interruptKeepsTheBest();
    void weightsVerifyAndDoctor();

private:
    QString at(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }

    QTemporaryDir m_folder;
    QString m_pictures;
    QString m_project;
    QJsonObject m_trained;
};

namespace {

const QStringList classNames {u"disc"_s, u"square"_s, u"triangle"_s};

QByteArray contentOf(const QString& file)
{
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

/// Wilson's interval, from the formula as it is printed in his paper's form p +- z sqrt(...).
bool isWilson(const QJsonValue& score)
{
    const double n = score["total"_L1].toDouble();
    const double p = score["correct"_L1].toDouble() / n;
    const double z = 1.96;
    const double low = (2 * n * p + z * z - z * std::sqrt(z * z + 4 * n * p * (1 - p))) / (2 * (n + z * z));
    const double high = (2 * n * p + z * z + z * std::sqrt(z * z + 4 * n * p * (1 - p))) / (2 * (n + z * z));
    return std::abs(score["accuracy"_L1].toDouble() - p) < 1e-9
        && std::abs(score["interval"_L1][0].toDouble() - low) < 1e-3
        && std::abs(score["interval"_L1][1].toDouble() - high) < 1e-3;
}

} // namespace

void TestCliLearning::initTestCase()
{
    const CliResult list = cli({u"weights"_s, u"list"_s, u"--json"_s});
    if (list.json["weights"_L1][0]["state"_L1].toString() != "ready"_L1)
        QSKIP("The weights of EfficientNet-Lite0 are not here: graft-cli weights fetch efficientnet-lite0");
    m_pictures = at("shapes");
    drawPictures(m_pictures, 24);
    m_project = at("shapes.graft");
    const CliResult import = cli({u"import"_s, m_pictures, u"--project"_s, m_project});
    QVERIFY2(import.code == 0, import.err);
    const CliResult train = cli({u"train"_s, m_project, u"--json"_s});
    QVERIFY2(train.code == 0, train.err);
    QCOMPARE(train.err.count("\nepoch "), train.json["epochs"_L1].toInt()); // one line for each
    m_trained = train.json;
}

void TestCliLearning::trainTellsWhatCameOut()
{
    QCOMPARE(m_trained["run"_L1].toString(), u"run-1"_s);
    QCOMPARE(m_trained["outcome"_L1].toString(), u"finished"_s);
    QCOMPARE(m_trained["strategy"_L1].toString(), u"linear"_s);
    QCOMPARE(m_trained["backbone"_L1].toString(), u"efficientnet-lite0"_s);
    QVERIFY(m_trained["cut"_L1].isString());
    QVERIFY(m_trained["epochs"_L1].toInt() > 0);
    QVERIFY(m_trained["seconds"_L1].toDouble() > 0.0);
    QVERIFY(m_trained["images_per_second"_L1].toDouble() > 0.0);
    QVERIFY(!m_trained["device"_L1].toString().isEmpty());
    QVERIFY((QStringList {u"float32"_s, u"bfloat16"_s}).contains(m_trained["precision"_L1].toString()));
    for (const char* side : {"validation", "test"}) {
        const QJsonValue score = m_trained[QString::fromUtf8(side)];
        QVERIFY2(isWilson(score), side);
        QVERIFY(score["accuracy"_L1].toDouble() >= 0.8); // three colours are not hard
    }
    QVERIFY(m_trained["cross_validation"_L1].isNull()); // 24 pictures of each class are enough to measure on
    QVERIFY(QFileInfo::exists(m_trained["model"_L1].toString()));
}

void TestCliLearning::fewPicturesAreCrossValidated()
{
    const QString pictures = at("few");
    drawPictures(pictures, 7);
    const QString project = at("few.graft");
    const CliResult import = cli({u"import"_s, pictures, u"--project"_s, project, u"--json"_s});
    QVERIFY2(import.code == 0, import.err);
    const QStringList train {u"train"_s, project, u"--pooling"_s, u"max"_s, u"--dropout"_s, u"0.2"_s};
    const CliResult told = cli(train + QStringList {u"--json"_s});
    QVERIFY2(told.code == 0, told.err);
    QVERIFY(isWilson(told.json["cross_validation"_L1]));
    const int seen = 21 - import.json["split"_L1]["test"_L1].toInt();
    QCOMPARE(told.json["cross_validation"_L1]["total"_L1].toInt(), seen);
    QVERIFY2(told.err.contains("Checking fold 5 of 5"), told.err);
    const CliResult shown = cli(train);
    QVERIFY2(shown.out.contains("expect") && shown.out.contains("cross-validation"), shown.out);
}

void TestCliLearning::runsKeepsEveryTraining()
{
    const QJsonArray runs = cli({u"runs"_s, m_project, u"--json"_s}).json["runs"_L1].toArray();
    QVERIFY(!runs.isEmpty());
    QCOMPARE(runs[0]["id"_L1].toString(), u"run-1"_s);
    QCOMPARE(runs[0]["state"_L1].toString(), u"finished"_s);
    QCOMPARE(runs[0]["test"_L1], m_trained["test"_L1]);
    QVERIFY(cli({u"runs"_s, m_project}).out.contains("95 % interval"));
    const CliResult other = cli({u"evaluate"_s, m_project, u"--run"_s, u"run-99"_s});
    QCOMPARE(other.code, 1);
    QVERIFY2(other.err.contains("run-1"), other.err); // names what there is
}

void TestCliLearning::evaluateCountsRight_data()
{
    QTest::addColumn<QString>("on");
    QTest::newRow("test") << u"test"_s;
    QTest::newRow("validation") << u"validation"_s;
    QTest::newRow("folder") << m_pictures;
}

void TestCliLearning::evaluateCountsRight()
{
    QFETCH(QString, on);
    const CliResult result = cli({u"evaluate"_s, m_project, u"--on"_s, on, u"--json"_s});
    QVERIFY2(result.code == 0, result.err);
    const QJsonObject json = result.json;
    QCOMPARE(json["run"_L1].toString(), u"run-1"_s);
    QCOMPARE(json["on"_L1].toString(), on);
    QVERIFY(isWilson(json));
    int total = 0;
    int right = 0;
    QCOMPARE(json["confusion"_L1].toArray().size(), 3);
    for (int truth = 0; truth < 3; ++truth) {
        int row = 0;
        for (int answer = 0; answer < 3; ++answer)
            row += json["confusion"_L1][truth][answer].toInt();
        total += row;
        right += json["confusion"_L1][truth][truth].toInt();
        const QJsonValue score = json["per_class"_L1][truth];
        QCOMPARE(score["class"_L1].toString(), json["classes"_L1][truth].toString());
        QCOMPARE(score["pictures"_L1].toInt(), row);
    }
    QCOMPARE(json["total"_L1].toInt(), total);
    QCOMPARE(json["correct"_L1].toInt(), right);
    if (on == "test"_L1)
        QCOMPARE(json["correct"_L1], m_trained["test"_L1]["correct"_L1]); // the figure that training gave
    if (on == m_pictures)
        QCOMPARE(total, 72);
}

void TestCliLearning::classifyAnswers()
{
    const QString picture = m_pictures + u"/square/003.png"_s;
    for (const QString& model : {m_project, m_trained["model"_L1].toString()}) {
        const CliResult result = cli({u"classify"_s, model, picture, u"--top"_s, u"2"_s, u"--json"_s});
        QVERIFY2(result.code == 0, result.err);
        QCOMPARE(result.json["predictions"_L1].toArray().size(), 1);
        const QJsonValue answer = result.json["predictions"_L1][0];
        QCOMPARE(answer["path"_L1].toString(), picture);
        QCOMPARE(answer["class"_L1].toString(), u"square"_s);
        QCOMPARE(answer["rejected"_L1].toBool(true), false);
        QCOMPARE(answer["top"_L1].toArray().size(), 2);
        QCOMPARE(answer["top"_L1][0]["probability"_L1], answer["probability"_L1]);
        QVERIFY(answer["top"_L1][0]["probability"_L1].toDouble()
                >= answer["top"_L1][1]["probability"_L1].toDouble());
    }
    const CliResult plain = cli({u"classify"_s, m_project, picture});
    QVERIFY2(plain.out.contains("square") && plain.out.contains(" %"), plain.out);
    const CliResult none = cli({u"classify"_s, at("no-model.safetensors"), picture});
    QCOMPARE(none.code, 1);
    QVERIFY2(none.err.contains("no-model.safetensors"), none.err);
}

void TestCliLearning::classifyAmongBadFiles()
{
    const QString broken = at("broken.png");
    writeBroken(broken);
    const QString good = u"[1,2]"_s; // a name that the parser of arguments takes for a list
    QVERIFY(QDir::setCurrent(m_folder.path()));
    QVERIFY(QFile::copy(m_pictures + u"/disc/001.png"_s, good));
    const CliResult some = cli({u"classify"_s, m_project, good, broken, at("gone.jpg"), u"--json"_s});
    QCOMPARE(some.code, 0);
    QCOMPARE(some.json["predictions"_L1].toArray().size(), 1);
    const QJsonValue problems = some.json["problems"_L1];
    QCOMPARE(problems.toArray().size(), 2);
    QCOMPARE(problems[0]["path"_L1].toString(), broken);
    QCOMPARE(problems[0]["kind"_L1].toString(), u"damaged"_s);
    QCOMPARE(problems[1]["kind"_L1].toString(), u"missing"_s);
    QVERIFY2(some.err.contains("broken.png"), some.err);
    const CliResult all = cli({u"classify"_s, m_project, broken, u"--json"_s});
    QCOMPARE(all.code, 1);
    QCOMPARE(all.json["problems"_L1].toArray().size(), 1);
    QVERIFY(all.json.contains("error"_L1));
    const CliResult features = cli({u"features"_s, broken, u"--out"_s, at("none.npy"), u"--json"_s});
    QCOMPARE(features.code, 1);
    QVERIFY(!QFileInfo::exists(at("none.npy")));
}

void TestCliLearning::rejectedPicturesHaveNoClass()
{
    const CliResult result =
        cli({u"classify"_s, m_project, m_pictures + u"/disc"_s, u"--reject"_s, u"1"_s, u"--json"_s});
    QCOMPARE(result.code, 0);
    int rejected = 0;
    for (const QJsonValue& answer : result.json["predictions"_L1].toArray()) {
        const bool none = answer["probability"_L1].toDouble() < 1.0;
        QCOMPARE(answer["rejected"_L1].toBool(), none);
        QCOMPARE(answer["class"_L1].isNull(), none);
        QVERIFY(answer["top"_L1].toArray().size() == 3);
        rejected += none ? 1 : 0;
    }
    QVERIFY(rejected > 0);
}

void TestCliLearning::tableForASpreadsheet()
{
    const QString odd = at("a, \"b\".png");
    QVERIFY(QFile::copy(m_pictures + u"/disc/002.png"_s, odd));
    const CliResult result = cli({u"classify"_s, m_project, odd, u"--csv"_s, at("answers.csv"), u"--json"_s});
    QVERIFY2(result.code == 0, result.err);
    const QByteArray table = contentOf(at("answers.csv"));
    const QList<QByteArray> lines = table.split('\n');
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines[0], "path,class,probability,rejected,disc,square,triangle\r");
    const QByteArray path = '"' + odd.toUtf8().replace("\"", "\"\"") + '"';
    QVERIFY2(lines[1].startsWith(path + ",disc,"), lines[1]);
    const QList<QByteArray> fields = lines[1].mid(path.size() + 1).trimmed().split(',');
    QCOMPARE(fields.size(), 6);
    QCOMPARE(fields[2], "false");
    QVERIFY(std::abs(fields[3].toDouble() + fields[4].toDouble() + fields[5].toDouble() - 1.0) < 1e-5);
    const CliResult nowhere =
        cli({u"classify"_s, m_project, odd, u"--csv"_s, at("no/such/folder.csv"), u"--json"_s});
    QCOMPARE(nowhere.code, 1);
    QVERIFY2(nowhere.err.contains("folder.csv"), nowhere.err);
}

void TestCliLearning::sortingCopies()
{
    // Two pictures with one name, and an unrelated file that has it too.
    const QString from = at("to sort");
    QDir().mkpath(from + u"/a"_s);
    QDir().mkpath(from + u"/b"_s);
    QVERIFY(QFile::copy(m_pictures + u"/disc/004.png"_s, from + u"/a/x.png"_s));
    QVERIFY(QFile::copy(m_pictures + u"/disc/005.png"_s, from + u"/b/x.png"_s));
    QDir().mkpath(at("sorted/disc"));
    writeBroken(at("sorted/disc/x.png"));
    const QByteArray before = contentOf(at("sorted/disc/x.png"));
    const QStringList arguments {u"classify"_s, m_project, from, u"--sort-into"_s, at("sorted"), u"--json"_s};
    const CliResult first = cli(arguments);
    QVERIFY2(first.code == 0, first.err);
    QCOMPARE(first.json["copied"_L1].toInt(), 2);
    QCOMPARE(contentOf(at("sorted/disc/x.png")), before); // never written over
    QCOMPARE(contentOf(at("sorted/disc/x (2).png")), contentOf(from + u"/a/x.png"_s));
    QCOMPARE(contentOf(at("sorted/disc/x (3).png")), contentOf(from + u"/b/x.png"_s));
    const CliResult again = cli(arguments);
    QCOMPARE(again.json["copied"_L1].toInt(), 0);
    QCOMPARE(QDir(at("sorted/disc")).entryList(QDir::Files).size(), 3);
    QVERIFY(QFileInfo::exists(from + u"/a/x.png"_s)); // copied, not moved
    const CliResult none = cli(arguments + QStringList {u"--reject"_s, u"1"_s});
    QCOMPARE(none.code, 0);
    QCOMPARE(QDir(at("sorted/none of these")).entryList(QDir::Files).size(), none.json["copied"_L1].toInt());
}

void TestCliLearning::featuresAreNumpy()
{
    const QString one = m_pictures + u"/disc/006.png"_s;
    const QString two = m_pictures + u"/square/006.png"_s;
    const QString out = at("features.npy");
    const CliResult result = cli({u"features"_s, two, at("gone.png"), one, u"--out"_s, out, u"--json"_s});
    QVERIFY2(result.code == 0, result.err);
    QCOMPARE(result.json["rows"_L1].toInt(), 2);
    QCOMPARE(result.json["channels"_L1].toInt(), 1280);
    QCOMPARE(result.json["out"_L1].toString(), out);
    QCOMPARE(result.json["problems"_L1].toArray().size(), 1);
    QVERIFY(result.json["pictures_per_second"_L1].toDouble() > 0.0);
    const QByteArray bytes = contentOf(out);
    QVERIFY(bytes.startsWith("\x93NUMPY\x01"));
    const int header = static_cast<uchar>(bytes[8]) + 256 * static_cast<uchar>(bytes[9]);
    QCOMPARE((10 + header) % 64, 0);
    const QByteArray words = bytes.mid(10, header);
    QVERIFY2(words.contains("'descr': '<f4'") && words.contains("'fortran_order': False")
                 && words.contains("(2, 1280)"),
             words);
    QCOMPARE(bytes.size(), 10 + header + 2 * 1280 * 4);
    // Rows are in the order of the arguments, and a row does not depend on its neighbours.
    const CliResult alone = cli({u"features"_s, one, u"--out"_s, at("alone.npy"), u"--json"_s});
    QCOMPARE(alone.code, 0);
    const QByteArray single = contentOf(at("alone.npy"));
    float largest = 0.0F;
    for (int i = 0; i < 1280; ++i) {
        float here = 0.0F;
        float there = 0.0F;
        std::memcpy(&here, bytes.constData() + bytes.size() - 4 * (1280 - i), 4);
        std::memcpy(&there, single.constData() + single.size() - 4 * (1280 - i), 4);
        largest = std::max(largest, std::abs(here - there));
    }
    QVERIFY(largest < 1e-3F);
    const CliResult early =
        cli({u"features"_s, one, u"--cut"_s, u"no such stage"_s, u"--out"_s, at("cut.npy")});
    QCOMPARE(early.code, 1);
    QVERIFY2(early.err.contains("no such stage"), early.err);
}

void TestCliLearning::imagenetKnowsPhotos()
{
    const QDir photos(QStringLiteral(GRAFT_TEST_DATA "/imagenet_sample200"));
    const QStringList names = photos.entryList({u"*.JPEG"_s}, QDir::Files, QDir::Name).mid(0, 12);
    if (names.isEmpty())
        QSKIP("The sample of ImageNet is not here");
    QStringList arguments {u"imagenet"_s, u"--top"_s, u"3"_s, u"--json"_s};
    for (const QString& name : names)
        arguments << photos.filePath(name);
    const CliResult result = cli(arguments);
    QVERIFY2(result.code == 0, result.err);
    int right = 0;
    for (int i = 0; i < names.size(); ++i) {
        const QJsonValue top = result.json["predictions"_L1][i]["top"_L1];
        QCOMPARE(top.toArray().size(), 3);
        QVERIFY(top[0]["index"_L1].toInt() >= 0 && top[0]["index"_L1].toInt() < 1000);
        QString truth = names[i].section(u'_', 1).section(u'.', 0, 0); // n01440764_tench.JPEG
        right +=
            top[0]["label"_L1].toString().startsWith(truth.replace(u'_', u' '), Qt::CaseInsensitive) ? 1 : 0;
    }
    QVERIFY2(right >= 7, qPrintable(QString::number(right)));
}

void TestCliLearning::pictureThatVanished()
{
    const QString pictures = at("vanishing");
    drawPictures(pictures, 10);
    const QString project = at("vanishing.graft");
    QCOMPARE(cli({u"import"_s, pictures, u"--project"_s, project}).code, 0);
    QVERIFY(QFile::remove(pictures + u"/disc/000.png"_s));
    QVERIFY(QFile::remove(pictures + u"/square/003.png"_s));
    const CliResult train = cli({u"train"_s, project, u"--json"_s});
    QVERIFY2(train.code == 0, train.err);
    QVERIFY2(train.err.contains("000.png") && train.err.contains("003.png"), train.err);
    QCOMPARE(train.json["outcome"_L1].toString(), u"finished"_s);
}

void TestCliLearning::classWithOnePicture()
{
    const QString pictures = at("lonely");
    drawPictures(pictures, 8);
    QDir().mkpath(pictures + u"/unique"_s);
    QVERIFY(QFile::copy(m_pictures + u"/triangle/010.png"_s, pictures + u"/unique/only.png"_s));
    const QString project = at("lonely.graft");
    const CliResult import = cli({u"import"_s, pictures, u"--project"_s, project, u"--json"_s});
    QCOMPARE(import.code, 0);
    QCOMPARE(import.json["pictures"_L1].toInt(), 25);
    bool advised = false;
    for (const QJsonValue& advice : import.json["advice"_L1].toArray())
        advised |= advice["class"_L1].toString() == "unique"_L1;
    QVERIFY(advised);
    QCOMPARE(cli({u"train"_s, project, u"--quiet"_s}).code, 0);
}

void TestCliLearning::interruptKeepsTheBest_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
}

void TestCliLearning::interruptKeepsTheBest()
{
    QFETCH(int, number);
    const CliResult result =
        cliWithSignal({u"train"_s, m_project, u"--epochs"_s, u"1000"_s, u"--batch"_s, u"1"_s, u"--json"_s},
                      "\nepoch 2 of", number);
    QVERIFY2(result.code == 130, result.err.right(500));
    QCOMPARE(result.json["outcome"_L1].toString(), u"stopped"_s);
    const int epochs = result.json["epochs"_L1].toInt();
    QVERIFY(epochs >= 2 && epochs < 1000);
    QVERIFY(isWilson(result.json["test"_L1]));
    const QString run = result.json["run"_L1].toString();
    QCOMPARE(cli({u"classify"_s, m_project, m_pictures + u"/disc"_s, u"--run"_s, run}).code, 0);
}

void TestCliLearning::weightsVerifyAndDoctor()
{
    const CliResult verify = cli({u"weights"_s, u"verify"_s, u"efficientnet-lite0"_s, u"--json"_s});
    QCOMPARE(verify.code, 0);
    QCOMPARE(verify.json["weights"_L1][0]["state"_L1].toString(), u"ready"_s);
    // Importing the official file into an empty data folder makes it ready there.
    const QString file = verify.json["weights"_L1][0]["file"_L1].toString();
    const CliResult import = cli({u"weights"_s, u"import"_s, u"efficientnet-lite0"_s, file, u"--json"_s},
                                 withDataFolder(at("other home")));
    QVERIFY2(import.code == 0, import.err);
    QCOMPARE(import.json["state"_L1].toString(), u"ready"_s);
    QVERIFY(import.json["file"_L1].toString().startsWith(at("other home")));
}

QTEST_GUILESS_MAIN(TestCliLearning)
#include "tst_cli_learning.moc"
