// graft-cli advise, with the real weights; skips where they are not on this computer.

#include "tests/cli/cli_process.h"
#include "tests/cli/drawn_pictures.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace Qt::StringLiterals;

class TestCliAdvise : public QObject
{
    Q_OBJECT

private slots:

    void initTestCase()
    {
        const CliResult list = cli({u"weights"_s, u"list"_s, u"--json"_s});
        if (list.json["weights"_L1][0]["state"_L1].toString() != "ready"_L1)
            QSKIP(
                "The weights of EfficientNet-Lite0 are not here: graft-cli weights fetch efficientnet-lite0");
        drawPictures(m_folder.filePath(u"shapes"_s), 16);
        m_project = m_folder.filePath(u"shapes.graft"_s);
        QCOMPARE(cli({u"import"_s, m_folder.filePath(u"shapes"_s), u"--project"_s, m_project}).code, 0);
        QVERIFY(cli({u"info"_s, m_project, u"--json"_s}).json["advice"_L1].isNull());
    }

    void jsonHoldsTheEvidence()
    {
        const CliResult result = cli({u"advise"_s, m_project, u"--no-ranking"_s, u"--json"_s});
        QVERIFY2(result.code == 0, result.err);
        const QJsonObject evidence = result.json["evidence"_L1].toObject();
        QCOMPARE(evidence["classes"_L1].toInt(), 3);
        QVERIFY(evidence["familiarity"_L1].toDouble() > 0.0);
        QCOMPARE(evidence["cuts"_L1].toArray().size(), 8);
        QCOMPARE(evidence["curve"_L1].toArray().size(), 3);
        QCOMPARE(evidence["backbones"_L1].toArray().size(), 0);
        for (const QJsonValue cut : evidence["cuts"_L1].toArray()) {
            for (const auto kind : {"linear"_L1, "svm"_L1}) {
                QCOMPARE(cut[kind]["total"_L1].toInt(), evidence["measured_on"_L1].toInt());
                QVERIFY(cut[kind]["interval"_L1][0].toDouble() <= cut[kind]["accuracy"_L1].toDouble());
            }
        }
        const QJsonArray strategies = result.json["strategies"_L1].toArray();
        QStringList ids;
        for (const QJsonValue strategy : strategies) {
            ids += strategy["id"_L1].toString();
            QVERIFY(strategy["interval"_L1][0].toDouble() < strategy["interval"_L1][1].toDouble());
            QVERIFY(strategy["seconds"_L1][0].toDouble() < strategy["seconds"_L1][1].toDouble());
        }
        QStringList known;
        for (const QJsonValue strategy : cli({u"strategies"_s, u"--json"_s}).json["strategies"_L1].toArray())
            known += strategy["id"_L1].toString();
        QCOMPARE(ids, known);
        QVERIFY(ids.contains(result.json["recommended"_L1].toString()));
        QVERIFY(!result.json["reason"_L1].toString().isEmpty());
        const QJsonValue kept = cli({u"info"_s, m_project, u"--json"_s}).json["advice"_L1];
        QCOMPARE(kept["recommended"_L1], result.json["recommended"_L1]);
        QCOMPARE(kept["reason"_L1], result.json["reason"_L1]);
    }

    void textSaysWhatToDo()
    {
        const CliResult result = cli({u"advise"_s, m_project, u"--no-ranking"_s});
        QVERIFY2(result.code == 0, result.err);
        for (const char* part : {"block0", "head", "Recommended: ", "finetune", "graft-cli train ", "% sure"})
            QVERIFY2(result.out.contains(part), result.out);
    }

    void aTrainingIsHeldAgainstIt()
    {
        QCOMPARE(cli({u"train"_s, m_project}).code, 0);
        const QJsonArray verdicts =
            cli({u"info"_s, m_project, u"--json"_s}).json["advice_verdicts"_L1].toArray();
        QCOMPARE(verdicts.size(), 1);
        const QJsonValue verdict = verdicts[0];
        QCOMPARE(verdict["strategy"_L1].toString(), u"linear"_s);
        const double test = verdict["test"_L1]["accuracy"_L1].toDouble();
        QCOMPARE(verdict["held"_L1].toBool(),
                 test >= verdict["interval"_L1][0].toDouble()
                     && test <= verdict["interval"_L1][1].toDouble());
        QVERIFY(cli({u"info"_s, m_project}).out.contains("predicted"));
    }

    void itStops()
    {
        const CliResult result =
            cliWithSignal({u"advise"_s, m_project, u"--json"_s}, "Trying the stages", SIGINT);
        QCOMPARE(result.code, 130);
        QVERIFY(result.json["stopped"_L1].toBool());
    }

    void whatCannotBeAdvised()
    {
        const CliResult none = cli({u"advise"_s, m_folder.filePath(u"nothing"_s), u"--json"_s});
        QCOMPARE(none.code, 1);
        QVERIFY(!none.json["error"_L1]["next"_L1].toString().isEmpty());
        QCOMPARE(cli({u"advise"_s, m_project, u"--seed"_s, u"-1"_s}).code, 2);
    }

private:
    QTemporaryDir m_folder;
    QString m_project;
};

QTEST_GUILESS_MAIN(TestCliAdvise)
#include "tst_cli_advise.moc"
