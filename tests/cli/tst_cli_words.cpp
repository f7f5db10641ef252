// The words of graft-cli: help, wrong usage, lists, and what happens where stdout ends.

#include "tests/cli/cli_process.h"

#include <QProcess>
#include <QTest>

using namespace Qt::StringLiterals;

class TestCliWords : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void helpOfEveryCommand_data();
    void helpOfEveryCommand();
    void wrongUsage_data();
    void wrongUsage();
    void lists();
    void doctorSaysWhyACardIsNotUsed();
    void closedAndFullStdout();

private:
    QByteArray m_help;
};

void TestCliWords::initTestCase()
{
    const CliResult help = cli({u"--help"_s});
    QCOMPARE(help.code, 0);
    m_help = help.out;
    const CliResult nothing = cli({});
    QCOMPARE(nothing.code, 2);
    QVERIFY2(nothing.out.isEmpty(), nothing.out);
}

void TestCliWords::helpOfEveryCommand_data()
{
    QTest::addColumn<QString>("command");
    for (const char* name : {"import", "info", "train", "evaluate", "runs", "classify", "imagenet",
                             "features", "weights", "backbones", "strategies", "doctor"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

void TestCliWords::helpOfEveryCommand()
{
    QFETCH(QString, command);
    QVERIFY(m_help.contains("\n  " + command.toUtf8() + ' '));
    const CliResult result = cli({command, u"--help"_s});
    QCOMPARE(result.code, 0);
    QVERIFY2(result.err.isEmpty(), result.err);
    for (const char* word : {"--json", "--quiet", "--help", "graft-cli"})
        QVERIFY2(result.out.contains(word), word);
}

void TestCliWords::wrongUsage_data()
{
    QTest::addColumn<QString>("line");
    for (const char* line : {"teach",
                             "import",
                             "import FOLDER",
                             "import FOLDER --project P --split 70,20,20",
                             "import FOLDER --project P --split 70,30",
                             "import FOLDER --project P --split a,b,c",
                             "import FOLDER --project P --seed -1",
                             "import FOLDER --project P --colour red",
                             "train",
                             "train P --epochs 0",

                             "train P --lr fast",
                             "train P --weight-decay -1",
                             "train P --device gpu",
                             "train P --device cuda:x",
                             "train P --strategy magic",
                             "train P --backbone lenet",
                             "train P --precision half",
                             "train P --dropout 0.95",
                             "train P --pooling median",
                             "train P --clip -1",
                             "train P --patience -1",
                             "train P --batch-norm thawed",
                             "train P --kernel poly",
                             "train P --gamma -0.1",
                             "train P extra",
                             "classify P",
                             "classify P a.jpg --reject 2",
                             "classify P a.jpg --top 0",
                             "imagenet",
                             "features a.jpg",
                             "weights",
                             "weights fetch",
                             "weights fetch lenet",
                             "weights import efficientnet-lite0",
                             "weights polish"})
        QTest::newRow(line) << QString::fromUtf8(line);
}

void TestCliWords::wrongUsage()
{
    QFETCH(QString, line);
    const QStringList arguments = line.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    const CliResult result = cli(arguments + QStringList {u"--json"_s});
    QCOMPARE(result.code, 2);
    QCOMPARE(result.err.count('\n'), 1);
    QVERIFY2(result.err.contains("--help"), result.err);
    QCOMPARE(result.json["error"_L1]["message"_L1].toString(), sentenceOf(result));
}

void TestCliWords::lists()
{
    const CliResult backbones = cli({u"backbones"_s, u"--json"_s});
    QCOMPARE(backbones.code, 0);
    const QJsonValue lite = backbones.json["backbones"_L1][0];
    QCOMPARE(lite["id"_L1].toString(), u"efficientnet-lite0"_s);
    QCOMPARE(lite["input_size"_L1].toInt(), 224);
    QCOMPARE(lite["preprocess"_L1]["resize"_L1].toInt(), 256);
    QCOMPARE(lite["preprocess"_L1]["interpolation"_L1].toString(), u"bicubic"_s);
    QCOMPARE(lite["preprocess"_L1]["mean"_L1].toArray().size(), 3);
    QVERIFY(lite["stages"_L1].toArray().contains(lite["last_stage"_L1]));
    // Published: 4,652,008 parameters, about 0.4 thousand million multiply-adds.
    QCOMPARE(lite["parameters"_L1].toInt(), 4'652'008);
    QVERIFY(std::abs(lite["multiply_adds"_L1].toDouble() - 0.4e9) < 0.03e9);

    const CliResult strategies = cli({u"strategies"_s, u"--json"_s});
    QCOMPARE(strategies.json["strategies"_L1][0]["id"_L1].toString(), u"linear"_s);

    const CliResult doctor = cli({u"doctor"_s, u"--json"_s});
    QCOMPARE(doctor.code, 0);
    QStringList ids;
    for (const QJsonValue& finding : doctor.json["findings"_L1].toArray()) {
        ids << finding["id"_L1].toString();
        QVERIFY(finding["ok"_L1].isBool());
        QVERIFY(!finding["sentence"_L1].toString().isEmpty());
    }
    for (const QString& id : {u"blas"_s, u"libtorch"_s, u"gpu"_s, u"weights"_s})
        QVERIFY2(ids.contains(id), doctor.out);
    QVERIFY(cli({u"doctor"_s}).out.startsWith("Graft "));
}

/// A driver that is drawn stands in for NVIDIA's: its card cannot be used, and that deserves a look.
void TestCliWords::doctorSaysWhyACardIsNotUsed()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"LD_LIBRARY_PATH"_s, QStringLiteral(GRAFT_BINARY_DIR "/tests/neural/fake_driver"));
    environment.insert(u"GRAFT_FAKE_CUDA"_s, u"12040"_s);
    environment.insert(u"GRAFT_FAKE_CARDS"_s, u"1"_s);
    const CliResult doctor = cli({u"doctor"_s, u"--json"_s}, environment);
    QCOMPARE(doctor.code, 0);
    QMap<QString, QJsonObject> findings;
    for (const QJsonValue& finding : doctor.json["findings"_L1].toArray())
        findings.insert(finding["id"_L1].toString(), finding.toObject());
    QVERIFY2(findings[u"driver"_s]["sentence"_L1].toString().contains("serves CUDA up to 12.4"_L1),
             doctor.out);
    QVERIFY2(findings[u"driver"_s]["sentence"_L1].toString().contains("NVIDIA Drawn 0 (8.0 GB)"_L1),
             doctor.out);
    QCOMPARE(findings[u"gpu"_s]["ok"_L1], QJsonValue(false));
    const QString why = findings[u"gpu"_s]["sentence"_L1].toString();
    QVERIFY2(why.startsWith("There is a graphics card, NVIDIA Drawn 0, but "_L1), doctor.out);
}

void TestCliWords::closedAndFullStdout()
{
    const auto shell = [](const char* line) {
        QProcess process;
        process.start(
            u"bash"_s,
            {u"-c"_s,
             QString::fromUtf8(line).replace("CLI"_L1, QStringLiteral("'" GRAFT_BINARY_DIR "/graft-cli'"))});
        process.waitForFinished(60'000);
        return qMakePair(process.exitCode(), process.readAllStandardError());
    };
    const auto gone = shell("CLI backbones --json | true; exit ${PIPESTATUS[0]}");
    QCOMPARE(gone.first, 0); // a reader that has seen enough is no failure
    QVERIFY2(gone.second.isEmpty(), gone.second);
    const auto full = shell("CLI backbones --json > /dev/full");
    QCOMPARE(full.first, 1);
    QVERIFY2(full.second.contains("disk is full"), full.second);
}

QTEST_GUILESS_MAIN(TestCliWords)
#include "tst_cli_words.moc"
