// graft-cli gets weights from a server of the test's own: killed, stopped, two at once, and from a folder.
// The bytes are those of the real file; skips where that is not on this computer.

#include "tests/cli/cli_process.h"
#include "tests/support/http_server.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

using namespace Qt::StringLiterals;
using graft::tests::HttpServer;

namespace {

constexpr std::size_t beginning = 6'000'000; // bytes that arrive before the server holds
constexpr int patience = 60'000; // ms, on a busy computer
const QString id = u"efficientnet-lite0"_s;

} // namespace

class TestCliWeights : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase()
    {
        const CliResult list = cli({u"weights"_s, u"verify"_s, id, u"--json"_s});
        const QJsonValue lite = list.json["weights"_L1][0];
        if (lite["state"_L1].toString() != "ready"_L1)
            QSKIP("needs the weights of EfficientNet-Lite0: packaging/setup.sh fetches them");
        m_official = lite["file"_L1].toString();
        QFile file(m_official);
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_body = file.readAll().toStdString();
    }

    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void killedInTheMiddleGoesOn();
    void stoppedByCtrlC();
    void twoAtOnceFetchOnce();
    void offlineIsOneSentence();
    void wrongFileLeavesNothing();
    void folderIsSearched();
    void folderWithoutWeights();

private:
    QString at(const QString& name) const { return m_folder->filePath(name); }

    QString partial() const { return at(u"graft/weights/efficientnet-lite0.pth.part"_s); }

    QProcessEnvironment mirroredBy(const QString& address) const
    {
        QProcessEnvironment environment = withDataFolder(m_folder->path());
        for (const QString& name : {u"http_proxy"_s, u"all_proxy"_s, u"ALL_PROXY"_s})
            environment.remove(name);
        environment.insert(u"GRAFT_WEIGHTS_MIRROR"_s, address);
        return environment;
    }

    QProcessEnvironment mirroredBy(const HttpServer& server) const
    {
        return mirroredBy(QString::fromStdString(server.address({})));
    }

    std::unique_ptr<QProcess> startFetch(const HttpServer& server) const
    {
        auto process = std::make_unique<QProcess>();
        process->setProcessEnvironment(mirroredBy(server));
        process->start(QStringLiteral(GRAFT_BINARY_DIR "/graft-cli"),
                       {u"weights"_s, u"fetch"_s, id, u"--json"_s});
        return process;
    }

    /// Gives the first request the beginning, and then nothing until it is released.
    HttpServer::Handler holdingTheFirst() const
    {
        return [this](const HttpServer::Request& request) {
            auto answer = HttpServer::serve(request, m_body, "\"a\"");
            if (request.number == 1)
                answer.holdAfter = beginning;
            return answer;
        };
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_official;
    std::string m_body;
};

void TestCliWeights::killedInTheMiddleGoesOn()
{
    const HttpServer server(holdingTheFirst());
    const auto first = startFetch(server);
    QTRY_COMPARE_WITH_TIMEOUT(QFileInfo(partial()).size(), qint64 {beginning}, patience);
    first->kill();
    QVERIFY(first->waitForFinished(patience));
    QCOMPARE(QFileInfo(partial()).size(), qint64 {beginning});
    const CliResult list = cli({u"weights"_s, u"list"_s, u"--json"_s}, mirroredBy(server));
    QCOMPARE(list.json["weights"_L1][0]["partial"_L1].toInteger(), qint64 {beginning});

    const CliResult second = cli({u"weights"_s, u"fetch"_s, id, u"--json"_s}, mirroredBy(server));
    QVERIFY2(second.code == 0, second.err);
    QCOMPARE(second.json["state"_L1].toString(), u"ready"_s);
    QCOMPARE(server.requests().at(1).headers.at("range"), "bytes=" + std::to_string(beginning) + "-");
    QCOMPARE(server.bodyBytes(), static_cast<std::int64_t>(m_body.size())); // no byte twice
    QVERIFY(server.requests().at(0).target == "/efficientnet-lite0.pth");
    QVERIFY(!QFileInfo::exists(partial()));
    QVERIFY(!QFileInfo::exists(partial() + ".from"_L1));
}

void TestCliWeights::stoppedByCtrlC()
{
    const HttpServer server(holdingTheFirst());
    const auto process = startFetch(server);
    QTRY_COMPARE_WITH_TIMEOUT(QFileInfo(partial()).size(), qint64 {beginning}, patience);
    kill(static_cast<pid_t>(process->processId()), SIGINT);
    QVERIFY(process->waitForFinished(patience));
    QCOMPARE(process->exitCode(), 130);
    const QByteArray out = process->readAllStandardOutput();
    QVERIFY2(out.contains("\"stopped\"") && out.contains("6000000"), out);
    QCOMPARE(QFileInfo(partial()).size(), qint64 {beginning});
}

void TestCliWeights::twoAtOnceFetchOnce()
{
    HttpServer server(holdingTheFirst());
    const auto first = startFetch(server);
    QTRY_COMPARE_WITH_TIMEOUT(QFileInfo(partial()).size(), qint64 {beginning}, patience);
    const auto second = startFetch(server);
    QByteArray told;
    QTRY_VERIFY_WITH_TIMEOUT(
        (told += second->readAllStandardError()).contains("Another window is fetching it, 6.0 of"), patience);
    server.release();
    for (QProcess* process : {first.get(), second.get()}) {
        QVERIFY(process->state() == QProcess::NotRunning || process->waitForFinished(patience));
        QCOMPARE(process->exitCode(), 0);
        QVERIFY(process->readAllStandardOutput().contains("\"ready\""));
    }
    QCOMPARE(server.requests().size(), std::size_t {1});
}

void TestCliWeights::offlineIsOneSentence()
{
    const CliResult result =
        cli({u"weights"_s, u"fetch"_s, id, u"--json"_s}, mirroredBy(u"http://127.0.0.1:1"_s));
    QCOMPARE(result.code, 1);
    QVERIFY2(sentenceOf(result).endsWith("import the file from a USB stick."_L1), result.err);
    QCOMPARE(cli({u"weights"_s, u"fetch"_s, id}, mirroredBy(u"school"_s)).code, 1);
}

void TestCliWeights::wrongFileLeavesNothing()
{
    std::string wrong = m_body;
    wrong[wrong.size() / 2] = static_cast<char>(wrong[wrong.size() / 2] ^ 1);
    const HttpServer server(
        [&](const HttpServer::Request& request) { return HttpServer::serve(request, wrong, "\"a\""); });
    const CliResult result = cli({u"weights"_s, u"fetch"_s, id, u"--json"_s}, mirroredBy(server));
    QCOMPARE(result.code, 1);
    QVERIFY2(sentenceOf(result).contains("57934424"_L1), result.err);
    QVERIFY(!QFileInfo::exists(partial()));
    QVERIFY(!QFileInfo::exists(at(u"graft/weights/efficientnet-lite0.pth"_s)));
}

void TestCliWeights::folderIsSearched()
{
    const QDir stick(at(u"stick"_s));
    QVERIFY(stick.mkpath(u"a/b"_s));
    QVERIFY(QFile::copy(m_official, stick.filePath(u"a/b/no such name.data"_s)));
    QVERIFY(QFile::link(stick.path(), stick.filePath(u"a/loop"_s)));
    QFile damaged(stick.filePath(u"almost.pth"_s)); // as long as the official one
    QVERIFY(damaged.open(QIODevice::WriteOnly));
    damaged.write(QByteArray(static_cast<qsizetype>(m_body.size()), 'x'));
    damaged.close();
    const CliResult result =
        cli({u"weights"_s, u"import"_s, stick.path(), u"--json"_s}, withDataFolder(m_folder->path()));
    QVERIFY2(result.code == 0, result.err);
    QCOMPARE(result.json["looked"_L1].toInt(), 2);
    QCOMPARE(result.json["weights"_L1].toArray().size(), 1);
    QCOMPARE(result.json["weights"_L1][0]["id"_L1].toString(), id);
    QCOMPARE(result.json["weights"_L1][0]["state"_L1].toString(), u"ready"_s);
    QCOMPARE(result.json["problems"_L1].toArray().size(), 1);
    QVERIFY(result.json["problems"_L1][0]["path"_L1].toString().endsWith("almost.pth"_L1));
    QFile stored(at(u"graft/weights/efficientnet-lite0.pth"_s));
    QVERIFY(stored.open(QIODevice::ReadOnly));
    QVERIFY(stored.readAll().toStdString() == m_body);
}

void TestCliWeights::folderWithoutWeights()
{
    const CliResult result =
        cli({u"weights"_s, u"import"_s, m_folder->path(), u"--json"_s}, withDataFolder(m_folder->path()));
    QCOMPARE(result.code, 1);
    QVERIFY2(sentenceOf(result).contains("no weight file that Graft knows"_L1), result.err);
}

QTEST_GUILESS_MAIN(TestCliWeights)
#include "tst_cli_weights.moc"
