// The downloader against a server over TLS whose certificate nobody has signed, as behind a company's proxy.
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/network/weights/download.h"
#include "tests/support/http_server.h"
#include "tests/support/tls_front.h"

#include <QTemporaryDir>
#include <QTest>

using namespace graft;
using namespace graft::network;
using namespace std::chrono_literals;
using tests::HttpServer;
using tests::TlsFront;
namespace fs = std::filesystem;

namespace {

const std::string body(300'000, 'w');

const DownloadPatience quick {.stall = 5s, .retries = 1, .firstPause = 1ms, .progressEvery = 5ms};

} // namespace

class TestDownloadTls : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"})
            qunsetenv(name);
        qputenv("no_proxy", "127.0.0.1");
        m_folder = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<HttpServer>(
            [](const HttpServer::Request& r) { return HttpServer::serve(r, body, "\"a\""); });
    }

    void unknownCertificateIsRefused()
    {
        const TlsFront front(m_server->address({}), {});
        const QString told = sentence(front);
        QVERIFY2(told.contains(QLatin1String("127.0.0.1:")), qPrintable(told));
        QVERIFY2(told.contains(QLatin1String("cannot prove who it is")), qPrintable(told));
        QVERIFY2(told.contains(QLatin1String("CURL_CA_BUNDLE")), qPrintable(told)); // says the way out
        requireNothingFetched();
    }

    void isTrustedThroughTheEnvironment_data()
    {
        QTest::addColumn<QByteArray>("variable");
        QTest::newRow("as curl") << QByteArray("CURL_CA_BUNDLE");
        QTest::newRow("as OpenSSL") << QByteArray("SSL_CERT_FILE");
    }

    void isTrustedThroughTheEnvironment()
    {
        QFETCH(QByteArray, variable);
        const TlsFront front(m_server->address({}), {});
        trust(front, variable);
        writeFile(file(), body.substr(0, 100'000)); // and a beginning is continued there, too
        QCOMPARE(sentence(front), QString());
        QVERIFY(readFile(file()) == body);
        QCOMPARE(m_server->bodyBytes(), std::int64_t {200'000});
    }

    void trustIsForItsOwnNameAndTime_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("seconds");
        QTest::newRow("another's name") << QByteArray("DNS:download.pytorch.org") << 3600;
        QTest::newRow("out of date") << QByteArray("IP:127.0.0.1") << -60;
    }

    void trustIsForItsOwnNameAndTime()
    {
        QFETCH(QByteArray, name);
        QFETCH(int, seconds);
        const TlsFront front(m_server->address({}), {.name = name.toStdString(), .validSeconds = seconds});
        trust(front, "CURL_CA_BUNDLE");
        const QString told = sentence(front);
        QVERIFY2(told.contains(QLatin1String("cannot prove who it is")), qPrintable(told));
        requireNothingFetched();
    }

    void absentCertificatesAreSaid()
    {
        const TlsFront front(m_server->address({}), {});
        qputenv("CURL_CA_BUNDLE", "/no/such/file.pem");
        const QString told = sentence(front);
        QVERIFY2(told.contains(QLatin1String("CURL_CA_BUNDLE")), qPrintable(told));
        requireNothingFetched();
    }

private:
    fs::path at(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }

    fs::path file() const { return at("w.pth.part"); }

    void trust(const TlsFront& front, const QByteArray& variable)
    {
        front.writeCertificate(at("trusted.pem"));
        qputenv(variable.constData(), QByteArray::fromStdString(at("trusted.pem").string()));
    }

    /// Empty where the download is complete.
    QString sentence(const TlsFront& front)
    {
        try {
            download({.addresses = {front.address()},
                      .file = file(),
                      .title = "Net, ImageNet",
                      .bytes = std::ssize(body),
                      .tolerance = 0,
                      .sha256 = sha256(body),
                      .room = 0},
                     quick, {}, {});
            return {};
        } catch (const Error& error) {
            return QString::fromUtf8(error.what());
        }
    }

    void requireNothingFetched()
    {
        QVERIFY(m_server->requests().empty());
        QVERIFY(!fs::exists(file()));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<HttpServer> m_server;
};

QTEST_GUILESS_MAIN(TestDownloadTls)
#include "tst_download_tls.moc"
