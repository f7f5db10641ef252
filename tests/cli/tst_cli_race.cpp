// graft-cli race, from random weights where that is enough, so that it needs no download.

#include "tests/cli/cli_process.h"
#include "tests/cli/drawn_pictures.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;

class TestCliRace : public QObject
{
    Q_OBJECT

private slots:

    void initTestCase()
    {
        drawPictures(m_folder.filePath(u"shapes"_s), 26);
        m_project = m_folder.filePath(u"shapes.graft"_s);
        QCOMPARE(cli({u"import"_s, m_folder.filePath(u"shapes"_s), u"--project"_s, m_project}).code, 0);
    }

    /// Linear has no weights here and fails; scratch needs none.
    void jsonHoldsTheTable()
    {
        const CliResult result =
            cli(fromScratch({u"--strategies"_s, u"linear,scratch"_s, u"--minutes"_s, u"0.05"_s, u"--json"_s}),
                withDataFolder(m_folder.path()));
        QVERIFY2(result.code == 0, result.err);
        QCOMPARE(result.json["outcome"_L1].toString(), u"finished"_s);
        QCOMPARE(result.json["minutes"_L1].toDouble(), 0.05);
        const QJsonArray racers = result.json["racers"_L1].toArray();
        QCOMPARE(racers.size(), 2);
        QCOMPARE(racers[0]["strategy"_L1].toString(), u"linear"_s);
        QCOMPARE(racers[0]["state"_L1].toString(), u"failed"_s);
        QVERIFY(racers[0]["problem"_L1].toString().contains("weights"_L1));
        QVERIFY(racers[0]["run"_L1].isNull());
        QVERIFY(racers[0]["test"_L1].isNull());
        QCOMPARE(racers[1]["state"_L1].toString(), u"done"_s);
        QVERIFY(racers[1]["problem"_L1].isNull());
        QVERIFY(racers[1]["test"_L1]["total"_L1].toInt() > 0);
        QVERIFY(racers[1]["validation"_L1]["interval"_L1][0].toDouble()
                <= racers[1]["validation"_L1]["accuracy"_L1].toDouble());
        QVERIFY(racers[1]["seconds"_L1].toDouble() > 0.0);
        QVERIFY(result.json["winner"_L1].isNull());
        QCOMPARE(result.json["recommended"_L1].toString(), u"scratch"_s);
        QVERIFY(!result.json["sentence"_L1].toString().isEmpty());
        // It is a run like any other.
        const QJsonArray runs = cli({u"runs"_s, m_project, u"--json"_s}).json["runs"_L1].toArray();
        const QJsonValue last = runs.last();
        QCOMPARE(last["id"_L1], racers[1]["run"_L1]);
        QCOMPARE(last["test"_L1], racers[1]["test"_L1]);
    }

    void textIsATableAndASentence()
    {
        const CliResult result =
            cli(fromScratch({u"--strategies"_s, u"scratch"_s, u"--minutes"_s, u"0.02"_s}));
        QVERIFY2(result.code == 0, QByteArray::number(result.code) + " " + result.out + result.err);
        for (const char* part :
             {"From scratch", "done", "run-", "95 % interval", "Only training all layers has"})
            QVERIFY2(result.out.contains(part), result.out);
        QVERIFY2(result.err.contains("epoch 1"), result.err);
    }

    void aStopKeepsWhatIsThere()
    {
        const CliResult result = cliWithSignal(
            fromScratch({u"--strategies"_s, u"scratch,linear"_s, u"--minutes"_s, u"30"_s, u"--json"_s}),
            "\nepoch 1 ", SIGINT);
        QVERIFY2(result.code == 130, result.err);
        QCOMPARE(result.json["outcome"_L1].toString(), u"stopped"_s);
        QCOMPARE(result.json["racers"_L1][0]["state"_L1].toString(), u"stopped"_s);
        QVERIFY(result.json["racers"_L1][0]["test"_L1]["total"_L1].toInt() > 0);
        QCOMPARE(result.json["racers"_L1][1]["state"_L1].toString(), u"waiting"_s);
        QCOMPARE(result.json["recommended"_L1].toString(), u"scratch"_s);
    }

    void whatCannotBeRaced()
    {
        const CliResult noWeights =
            cli({u"race"_s, m_project, u"--strategies"_s, u"linear,svm"_s, u"--json"_s},
                withDataFolder(m_folder.path()));
        QCOMPARE(noWeights.code, 1);
        QVERIFY(!noWeights.json["error"_L1]["next"_L1].toString().isEmpty());
        QCOMPARE(cli({u"race"_s, m_project, u"--strategies"_s, u"guessing"_s}).code, 2);
        QCOMPARE(cli({u"race"_s, m_project, u"--minutes"_s, u"0"_s}).code, 2);
    }

private:
    QStringList fromScratch(const QStringList& more) const
    {
        return QStringList {u"race"_s, m_project, u"--init"_s, u"random"_s, u"--input-size"_s, u"64"_s}
        + more;
    }

    QTemporaryDir m_folder;
    QString m_project;
};

QTEST_GUILESS_MAIN(TestCliRace)
#include "tst_cli_race.moc"
