// graft-cli as a person or a script runs it: words, exit codes, JSON and sentences, without any weights.

#include "tests/cli/cli_process.h"
#include "tests/cli/drawn_pictures.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

class TestCli : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void importTellsWhatItRead();
    void splitAndSeedDecideTheSides();
    void labelsFromElsewhere_data();
    void labelsFromElsewhere();
    void importThatCannotWork_data();
    void importThatCannotWork();
    void importTwiceKeepsTheSides();
    void folderWithoutRights();
    void namesOfAnyBytes();
    void infoAndRuns();
    void oneClassCannotBeTrained();
    void projectThatIsNone_data();
    void projectThatIsNone();
    void projectHeldByAnother();
    void weightsThatAreMissing();
    void weightsThatAreDamaged();
    void weightsThatAreNone();

private:
    QString at(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }

    QString importDrawn(const char* name) const;

    QTemporaryDir m_folder;
    QString m_pictures;
};

namespace {

int countOf(const QJsonObject& json, const QString& className)
{
    for (const QJsonValue& one : json["classes"_L1].toArray()) {
        if (one["name"_L1].toString() == className)
            return one["count"_L1].toInt();
    }
    return -1;
}

void write(const QString& file, const QByteArray& content)
{
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly));
    QCOMPARE(out.write(content), content.size());
}

} // namespace

void TestCli::initTestCase()
{
    QVERIFY(m_folder.isValid());
    m_pictures = at("shapes");
    drawPictures(m_pictures, 24);
    writeBroken(m_pictures + u"/disc/broken.png"_s);
}

QString TestCli::importDrawn(const char* name) const
{
    const QString project = at(name);
    const CliResult result = cli({u"import"_s, m_pictures, u"--project"_s, project});
    if (result.code != 0)
        qFatal("import: %s", result.err.constData());
    return project;
}

void TestCli::importTellsWhatItRead()
{
    const CliResult result = cli({u"import"_s, m_pictures, u"--project"_s, at("told.graft"), u"--json"_s});
    QVERIFY2(result.code == 0, result.err);
    const QJsonObject json = result.json;
    QCOMPARE(json["pictures"_L1].toInt(), 72);
    QCOMPARE(json["classes"_L1].toArray().size(), 3);
    for (const char* name : {"disc", "square", "triangle"})
        QCOMPARE(countOf(json, QString::fromUtf8(name)), 24);
    const QJsonValue split = json["split"_L1];
    const int training = split["training"_L1].toInt();
    QCOMPARE(training + split["validation"_L1].toInt() + split["test"_L1].toInt(), 72);
    QVERIFY(training >= 48 && training <= 54); // 70 % of 72 is 50.4, rounded within classes and groups
    QCOMPARE(json["stopped"_L1].toBool(true), false);
    QCOMPARE(json["project"_L1].toString(), at("told.graft"));
    int skipped = 0;
    for (const QJsonValue& problem : json["problems"_L1].toArray()) {
        if (!problem["skipped"_L1].toBool())
            continue;
        ++skipped;
        QCOMPARE(problem["path"_L1].toString(), m_pictures + u"/disc/broken.png"_s);
        QCOMPARE(problem["kind"_L1].toString(), u"damaged"_s);
        QVERIFY(!problem["reason"_L1].toString().isEmpty());
    }
    QCOMPARE(skipped, 1);

    const CliResult plain = cli({u"import"_s, m_pictures, u"--project"_s, at("plain.graft")});
    QCOMPARE(plain.code, 0);
    QVERIFY2(plain.out.contains("72 pictures in 3 classes"), plain.out);
    QVERIFY2(plain.out.contains("broken.png"), plain.out);
    QVERIFY2(plain.err.contains("73 of 73"), plain.err); // progress, as lines
    QVERIFY2(!plain.err.contains('\r') && !plain.err.contains('\033'), plain.err);
    const CliResult quiet = cli({u"import"_s, m_pictures, u"--project"_s, at("quiet.graft"), u"--quiet"_s});
    QCOMPARE(quiet.code, 0);
    QVERIFY2(quiet.err.isEmpty(), quiet.err);
}

void TestCli::splitAndSeedDecideTheSides()
{
    const CliResult result = cli({u"import"_s, m_pictures, u"--project"_s, at("split.graft"), u"--split"_s,
                                  u"50,25,25"_s, u"--seed"_s, u"7"_s, u"--json"_s});
    QVERIFY2(result.code == 0, result.err);
    const QJsonValue split = result.json["split"_L1];
    QVERIFY(std::abs(split["training"_L1].toInt() - 36) <= 3);
    QVERIFY(std::abs(split["test"_L1].toInt() - 18) <= 3);
    const CliResult info = cli({u"info"_s, at("split.graft"), u"--json"_s});
    QCOMPARE(info.json["split"_L1]["percent"_L1].toArray(), QJsonArray({50, 25, 25}));
    QCOMPARE(info.json["split"_L1]["seed"_L1].toInt(), 7);
}

void TestCli::labelsFromElsewhere_data()
{
    QTest::addColumn<QString>("labels");
    QTest::addColumn<int>("code");
    QTest::addColumn<QStringList>("classes");
    QTest::newRow("auto") << u"auto"_s << 1 << QStringList();
    QTest::newRow("prefix") << u"prefix"_s << 0 << QStringList {u"disc"_s, u"square"_s};
    QTest::newRow("one") << u"one"_s << 0 << QStringList {u"flat"_s};
    QTest::newRow("csv") << u"CSV"_s << 0 << QStringList {u"edgy"_s, u"round"_s};
    QTest::newRow("no such csv") << u"nowhere.csv"_s << 1 << QStringList();
}

void TestCli::labelsFromElsewhere()
{
    QFETCH(QString, labels);
    QFETCH(int, code);
    QFETCH(QStringList, classes);
    const QString flat = at("flat");
    QDir().mkpath(flat);
    for (int i = 0; i < 4; ++i) {
        drawPicture(u"%1/disc.%2.png"_s.arg(flat).arg(i), 0, i);
        drawPicture(u"%1/square.%2.png"_s.arg(flat).arg(i), 1, i);
    }
    QByteArray table = "file,label\n";
    for (int i = 0; i < 4; ++i)
        table += u"disc.%1.png,round\nsquare.%1.png,edgy\n"_s.arg(i).toUtf8();
    write(at("labels.csv"), table);
    if (labels == "CSV"_L1)
        labels = at("labels.csv");
    const QString project = m_folder.filePath(QLatin1String(QTest::currentDataTag()) + u".graft"_s);
    const CliResult result =
        cli({u"import"_s, flat, u"--project"_s, project, u"--labels"_s, labels, u"--json"_s});
    QVERIFY2(result.code == code, result.err);
    QStringList found;
    for (const QJsonValue& one : result.json["classes"_L1].toArray())
        found << one["name"_L1].toString();
    QCOMPARE(found, classes);
}

void TestCli::importThatCannotWork_data()
{
    QTest::addColumn<QString>("folder");
    QTest::newRow("missing") << at("nowhere");
    QTest::newRow("empty") << at("empty");
    QTest::newRow("no pictures") << at("texts");
    QTest::newRow("a file") << at("shapes/disc/000.png");
}

void TestCli::importThatCannotWork()
{
    QFETCH(QString, folder);
    QDir().mkpath(at("empty"));
    QDir().mkpath(at("texts/notes"));
    write(at("texts/notes/readme.txt"), "no picture");
    const QString project = at("never.graft");
    const CliResult plain = cli({u"import"_s, folder, u"--project"_s, project});
    QCOMPARE(plain.code, 1);
    QVERIFY2(plain.out.isEmpty(), plain.out);
    QVERIFY2(sentenceOf(plain).contains(QFileInfo(folder).fileName()), plain.err);
    QVERIFY(!QFileInfo::exists(project)); // nothing is left behind
    const CliResult json = cli({u"import"_s, folder, u"--project"_s, project, u"--json"_s});
    QCOMPARE(json.code, 1);
    QCOMPARE(json.json["error"_L1]["message"_L1].toString(), sentenceOf(json));
}

void TestCli::importTwiceKeepsTheSides()
{
    const QString project = importDrawn("twice.graft");
    const QJsonObject before = cli({u"info"_s, project, u"--json"_s}).json;
    importDrawn("twice.graft");
    const QJsonObject after = cli({u"info"_s, project, u"--json"_s}).json;
    QCOMPARE(after["classes"_L1], before["classes"_L1]);
    // An import that fails leaves a project that was there as it was.
    QCOMPARE(cli({u"import"_s, at("nowhere"), u"--project"_s, project}).code, 1);
    QCOMPARE(cli({u"info"_s, project, u"--json"_s}).json, before);
}

void TestCli::folderWithoutRights()
{
    const QString folder = at("locked");
    drawPictures(folder, 4);
    const QByteArray closed = (folder + u"/disc"_s).toLocal8Bit();
    QCOMPARE(chmod(closed.constData(), 0), 0);
    QStringList arguments {u"import"_s, folder, u"--project"_s, at("open/rights.graft"), u"--json"_s};
    QDir().mkpath(at("open"));
    QProcess process;
    if (geteuid() == 0) { // root may read everything: be somebody else
        const QString setpriv = QStandardPaths::findExecutable(u"setpriv"_s);
        if (setpriv.isEmpty())
            QSKIP("setpriv is needed to be somebody who has no rights");
        chmod(m_folder.path().toLocal8Bit().constData(), 0755);
        chmod(at("open").toLocal8Bit().constData(), 0777);
        QProcess able;
        able.start(setpriv,
                   {u"--reuid=65534"_s, u"--regid=65534"_s, u"--clear-groups"_s, u"test"_s, u"-x"_s,
                    QStringLiteral(GRAFT_BINARY_DIR "/graft-cli")});
        if (!able.waitForFinished(60'000) || able.exitCode() != 0)
            QSKIP("another user cannot run the program where it was built");
        process.start(setpriv,
                      QStringList {u"--reuid=65534"_s, u"--regid=65534"_s, u"--clear-groups"_s,
                                   QStringLiteral(GRAFT_BINARY_DIR "/graft-cli")}
                          + arguments);
    } else {
        process.start(QStringLiteral(GRAFT_BINARY_DIR "/graft-cli"), arguments);
    }
    QVERIFY(process.waitForFinished(60'000));
    chmod(closed.constData(), 0755);
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
    const QJsonObject json = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
    QCOMPARE(json["pictures"_L1].toInt(), 8);
    bool told = false;
    for (const QJsonValue& problem : json["problems"_L1].toArray())
        told |= problem["kind"_L1].toString() == "folder_unreadable"_L1
            && problem["path"_L1].toString().endsWith(u"locked/disc"_s);
    QVERIFY(told);
}

void TestCli::namesOfAnyBytes()
{
    const QString folder = at("names");
    drawPictures(folder, 4);
    const QByteArray odd = (folder + u"/disc/"_s).toLocal8Bit() + "\xff\x1b[31m.png";
    const int descriptor = open(odd.constData(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    QVERIFY(descriptor >= 0);
    close(descriptor);
    const CliResult json = cli({u"import"_s, folder, u"--project"_s, at("names.graft"), u"--json"_s});
    const CliResult plain = cli({u"import"_s, folder, u"--project"_s, at("names2.graft")});
    QCOMPARE(unlink(odd.constData()), 0); // Qt could not remove the folder with it
    QCOMPARE(json.code, 0);
    QVERIFY(!json.json.isEmpty());
    QVERIFY2(!plain.out.contains('\033'), plain.out); // a file name must not command the terminal
    QVERIFY2(plain.out.contains("?[31m.png"), plain.out);
}

void TestCli::infoAndRuns()
{
    const QString project = importDrawn("Shapes at home.graft");
    const CliResult info = cli({u"info"_s, project, u"--json"_s});
    QCOMPARE(info.code, 0);
    QCOMPARE(info.json["name"_L1].toString(), u"Shapes at home"_s);
    QCOMPARE(info.json["folder"_L1].toString(), m_pictures);
    QCOMPARE(info.json["pictures"_L1].toInt(), 72);
    const QJsonValue disc = info.json["classes"_L1][0];
    QCOMPARE(disc["count"_L1].toInt(),
             disc["training"_L1].toInt() + disc["validation"_L1].toInt() + disc["test"_L1].toInt());
    QVERIFY(info.json["problems"_L1].toInt() >= 1);
    QCOMPARE(info.json["runs"_L1].toArray().size(), 0);
    const CliResult runs = cli({u"runs"_s, project, u"--json"_s});
    QCOMPARE(runs.code, 0);
    QVERIFY(runs.json["runs"_L1].isArray());
    QVERIFY(cli({u"runs"_s, project}).out.contains("No training yet"));
    const CliResult none = cli({u"evaluate"_s, project});
    QCOMPARE(none.code, 1);
    QVERIFY2(none.err.contains("no trained model"), none.err);
}

void TestCli::oneClassCannotBeTrained()
{
    const QString folder = at("single");
    QDir().mkpath(folder + u"/disc"_s);
    for (int i = 0; i < 6; ++i)
        drawPicture(u"%1/disc/%2.png"_s.arg(folder).arg(i), 0, i);
    const QString project = at("single.graft");
    QCOMPARE(cli({u"import"_s, folder, u"--project"_s, project}).code, 0);
    const CliResult result = cli({u"train"_s, project, u"--json"_s});
    QCOMPARE(result.code, 1);
    QVERIFY2(sentenceOf(result).contains(u"only one class"_s), result.err);
    QCOMPARE(cli({u"runs"_s, project, u"--json"_s}).json["runs"_L1].toArray().size(), 0);
}

void TestCli::projectThatIsNone_data()
{
    QTest::addColumn<QString>("command");
    for (const char* name : {"info", "runs", "train", "evaluate"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

void TestCli::projectThatIsNone()
{
    QFETCH(QString, command);
    const CliResult missing = cli({command, at("absent.graft"), u"--json"_s});
    QCOMPARE(missing.code, 1);
    QVERIFY2(sentenceOf(missing).contains(u"absent.graft"_s), missing.err);
    QVERIFY(!QFileInfo::exists(at("absent.graft")));
    const QString damaged = at("damaged.graft");
    QDir().mkpath(damaged);
    write(damaged + u"/project.sqlite"_s, QByteArray(8192, 'x'));
    const CliResult result = cli({command, damaged, u"--json"_s});
    QCOMPARE(result.code, 1);
    QCOMPARE(result.err.count('\n'), 1);
    QVERIFY2(sentenceOf(result).contains(u"damaged"_s), result.err);
    QFile kept(damaged + u"/project.sqlite"_s);
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QCOMPARE(kept.readAll(), QByteArray(8192, 'x')); // whatever it was, it is not made worse
}

void TestCli::projectHeldByAnother()
{
    const QString project = importDrawn("held.graft");
    const int lock =
        open((project + u"/lock"_s).toLocal8Bit().constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    QVERIFY(lock >= 0);
    QCOMPARE(flock(lock, LOCK_EX | LOCK_NB), 0);
    for (const QStringList& arguments : {QStringList {u"train"_s, project},
                                         QStringList {u"import"_s, m_pictures, u"--project"_s, project}}) {
        const CliResult result = cli(arguments);
        QCOMPARE(result.code, 1);
        QVERIFY2(sentenceOf(result).contains(u"held.graft"_s), result.err);
    }
    QCOMPARE(cli({u"info"_s, project}).code, 0); // looking is allowed
    close(lock);
    QCOMPARE(cli({u"import"_s, m_pictures, u"--project"_s, project}).code, 0);
}

void TestCli::weightsThatAreMissing()
{
    const QProcessEnvironment bare = withDataFolder(at("bare"));
    const CliResult list = cli({u"weights"_s, u"list"_s, u"--json"_s}, bare);
    QCOMPARE(list.code, 0);
    const QJsonValue lite = list.json["weights"_L1][0];
    QCOMPARE(lite["state"_L1].toString(), u"missing"_s);
    QCOMPARE(lite["sha256"_L1].toString(),
             u"579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"_s);
    QCOMPARE(cli({u"weights"_s, u"verify"_s, u"efficientnet-lite0"_s}, bare).code, 1);
    for (const QStringList& arguments : {QStringList {u"imagenet"_s, m_pictures},
                                         QStringList {u"features"_s, m_pictures, u"--out"_s, at("never.npy")},
                                         QStringList {u"train"_s, importDrawn("bare.graft")}}) {
        const CliResult result = cli(arguments, bare);
        QCOMPARE(result.code, 1);
        QVERIFY2(sentenceOf(result).contains(u"weights"_s), result.err);
    }
    QVERIFY(!QFileInfo::exists(at("never.npy")));
    // What can never be written is told before anything is computed.
    for (const QString& out : {at("no folder/out.npy"), m_pictures, u"/dev/null"_s}) {
        const CliResult result = cli({u"features"_s, m_pictures, u"--out"_s, out}, bare);
        QCOMPARE(result.code, 1);
        QVERIFY2(sentenceOf(result).startsWith(out), result.err);
    }
}

void TestCli::weightsThatAreDamaged()
{
    const QProcessEnvironment own = withDataFolder(at("own"));
    QDir().mkpath(at("own/graft/weights"));
    const QString file = at("own/graft/weights/efficientnet-lite0.pth");
    write(file, QByteArray(1000, '\x80'));
    const CliResult list = cli({u"weights"_s, u"list"_s, u"--json"_s}, own);
    QCOMPARE(list.json["weights"_L1][0]["state"_L1].toString(), u"damaged"_s);
    const CliResult verify = cli({u"weights"_s, u"verify"_s, u"--json"_s}, own);
    QCOMPARE(verify.code, 1);
    QVERIFY(verify.json.contains("error"_L1));
    QCOMPARE(verify.json["weights"_L1].toArray().size(), list.json["weights"_L1].toArray().size());
    const CliResult train = cli({u"train"_s, importDrawn("own.graft"), u"--json"_s}, own);
    QCOMPARE(train.code, 1);
    QVERIFY2(sentenceOf(train).contains(u"efficientnet-lite0"_s), train.err);
}

void TestCli::weightsThatAreNone()
{
    const QProcessEnvironment bare = withDataFolder(at("bare2"));
    write(at("some.pth"), QByteArray("PK\x03\x04 no weights"));
    const CliResult result = cli(
        {u"weights"_s, u"import"_s, u"efficientnet-lite0"_s, at("some.pth"), u"--unofficial"_s, u"--json"_s},
        bare);
    QCOMPARE(result.code, 1);
    QVERIFY2(sentenceOf(result).contains(u"some.pth"_s), result.err);
    QCOMPARE(cli({u"weights"_s, u"list"_s, u"--json"_s}, bare).json["weights"_L1][0]["state"_L1].toString(),
             u"missing"_s);
}

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
