// The downloader against a server of the test's own that drops, stalls, lies and sends what nobody asked for.

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/network/weights/download.h"
#include "tests/support/http_server.h"

#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace graft;
using namespace graft::network;
using namespace std::chrono_literals;
using tests::HttpServer;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t length = 300'000;
constexpr std::size_t third = 100'000;

/// Bytes that repeat nowhere nearby, so that a piece in the wrong place shows.
std::string makeBody(std::uint32_t seed)
{
    std::string body(length, '\0');
    for (char& byte : body) {
        seed = seed * 1664525U + 1013904223U;
        byte = static_cast<char>(seed >> 24U);
    }
    return body;
}

std::string hashOf(const std::string& bytes)
{
    return QCryptographicHash::hash(QByteArray::fromStdString(bytes), QCryptographicHash::Sha256)
        .toHex()
        .toStdString();
}

const std::string body = makeBody(1);
const std::string other = makeBody(2);

constexpr auto soon = 10s; // on a busy computer, and long before any patience here ends
const DownloadPatience quick {.stall = 300ms, .retries = 3, .firstPause = 1ms, .progressEvery = 5ms};

} // namespace

class TestDownload : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_told.clear();
        qunsetenv("http_proxy");
    }

    void wholeThroughARedirect();
    void continuesWhatIsThere();
    void dropsAreContinued();
    void stallsAreContinued();
    void refusedRangeBeginsAgain();
    void changedVersionBeginsAgain();
    void damagedBeginningBeginsAgain();
    void endedBeforeItsCheck();
    void tooLongBeginningIsDropped();
    void lengthThatIsALie();
    void otherLengthLeavesTheBeginning_data();
    void otherLengthLeavesTheBeginning();
    void endlessBodyIsCutOff();
    void wrongFileIsThrownAway();
    void faultsAreRetried();
    void nextAddress();
    void noSuchFile();
    void unsafeRedirect();
    void offline();
    void stop();
    void stopWhilePausing();
    void proxyFromTheEnvironment();
    void diskFullAndNoRights();
    void onlyFirstDigitsKnown();
    void secondWaitsForTheFirst();

private:
    fs::path file() const { return fs::path(m_folder->path().toStdString()) / "w.pth.part"; }

    DownloadRequest request(std::vector<std::string> addresses) const
    {
        return {.addresses = std::move(addresses),
                .file = file(),
                .title = "Net, ImageNet",
                .bytes = static_cast<std::int64_t>(length),
                .tolerance = 0,
                .sha256 = hashOf(body),
                .room = 0};
    }

    DownloadRequest request(const HttpServer& server) const
    {
        return request(std::vector {server.address()});
    }

    void fetch(const DownloadRequest& wanted, const std::stop_token& token = {})
    {
        download(
            wanted, quick, [this](const DownloadProgress& p) { m_told.push_back(p); }, token);
    }

    QString sentence(const DownloadRequest& wanted)
    {
        try {
            fetch(wanted);
        } catch (const Error& error) {
            return QString::fromUtf8(error.what());
        }
        return {};
    }

    /// A beginning, and the version it is of.
    void begin(const std::string& bytes, const std::string& version = {})
    {
        writeFile(file(), bytes);
        if (!version.empty())
            writeFile(file().string() + ".from", version);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::vector<DownloadProgress> m_told;
};

void TestDownload::wholeThroughARedirect()
{
    const HttpServer server([](const HttpServer::Request& r) {
        if (r.number == 1)
            return HttpServer::Answer {.status = 302, .headers = {"Location: /moved"}, .body = "Moved"};
        return HttpServer::serve(r, body, "\"a\"");
    });
    fetch(request(server));
    QVERIFY(readFile(file()) == body);
    QCOMPARE(server.requests().at(1).target, std::string("/moved"));
    QVERIFY(!m_told.empty());
    QCOMPARE(m_told.back().done, std::int64_t {length});
    QCOMPARE(m_told.back().total, std::int64_t {length});
    QVERIFY(m_told.back().bytesPerSecond > 0.0 && m_told.back().secondsLeft == 0.0);
}

void TestDownload::continuesWhatIsThere()
{
    const HttpServer server([](const HttpServer::Request& r) { return HttpServer::serve(r, body, "\"a\""); });
    begin(body.substr(0, third), "\"a\"");
    fetch(request(server));
    QVERIFY(readFile(file()) == body);
    QCOMPARE(server.bodyBytes(), std::int64_t {length - third});
    QCOMPARE(server.requests().at(0).headers.at("range"), std::string("bytes=100000-"));
    QCOMPARE(server.requests().at(0).headers.at("if-range"), std::string("\"a\""));
    QVERIFY(m_told.front().done == std::int64_t {third});
}

void TestDownload::dropsAreContinued()
{
    const HttpServer server([](const HttpServer::Request& r) {
        auto answer = HttpServer::serve(r, body, "\"a\"");
        answer.dropAfter = 20'000; // more drops than retries: each brings something new
        return answer;
    });
    fetch(request(server));
    QVERIFY(readFile(file()) == body);
    QCOMPARE(server.bodyBytes(), std::int64_t {length}); // no byte twice
    QCOMPARE(server.requests().size(), length / 20'000);
}

void TestDownload::stallsAreContinued()
{
    const HttpServer server([](const HttpServer::Request& r) {
        auto answer = HttpServer::serve(r, body, "\"a\"");
        if (r.number == 1)
            answer.holdAfter = third;
        return answer;
    });
    fetch(request(server));
    QVERIFY(readFile(file()) == body);
    QCOMPARE(server.bodyBytes(), std::int64_t {length});
    const HttpServer silent([](const HttpServer::Request& r) {
        auto answer = HttpServer::serve(r, body, "\"a\"");
        answer.holdAfter = 0;
        return answer;
    });
    discardDownload(file());
    auto wanted = request(silent);
    const QString told = sentence(wanted);
    QVERIFY2(told.contains(QLatin1String("nothing came from 127.0.0.1")), qPrintable(told));
    QCOMPARE(silent.requests().size(), std::size_t {4});
}

void TestDownload::refusedRangeBeginsAgain()
{
    const HttpServer server([](const HttpServer::Request&) { return HttpServer::Answer {.body = body}; });
    begin(other.substr(0, third));
    fetch(request(server));
    QVERIFY(readFile(file()) == body);
    const HttpServer strict([](const HttpServer::Request& r) {
        return r.headers.contains("range") ? HttpServer::Answer {.status = 416}
                                           : HttpServer::Answer {.body = body};
    });
    begin(body.substr(0, third));
    fetch(request(strict));
    QVERIFY(readFile(file()) == body);
    QCOMPARE(strict.requests().size(), std::size_t {2});
}

void TestDownload::changedVersionBeginsAgain()
{
    const HttpServer server([](const HttpServer::Request& r) {
        auto answer = HttpServer::serve(r, r.number == 1 ? other : body, r.number == 1 ? "\"a\"" : "\"b\"");
        if (r.number == 1)
            answer.dropAfter = third;
        return answer;
    });
    fetch(request(server));
    QVERIFY(readFile(file()) == body);
    QCOMPARE(server.requests().at(1).headers.at("if-range"), std::string("\"a\""));
    QCOMPARE(server.requests().size(), std::size_t {2});
}

void TestDownload::damagedBeginningBeginsAgain()
{
    const HttpServer server([](const HttpServer::Request& r) { return HttpServer::serve(r, body, {}); });
    begin(other.substr(0, third)); // no version is known, so that only the hash can tell
    fetch(request(server));
    QVERIFY(readFile(file()) == body);
    QCOMPARE(server.bodyBytes(), std::int64_t {2 * length - third});
}

void TestDownload::endedBeforeItsCheck()
{
    const HttpServer server([](const HttpServer::Request& r) { return HttpServer::serve(r, body, "\"a\""); });
    begin(body, "\"a\"");
    fetch(request(server));
    QVERIFY(server.requests().empty());
    begin(other, "\"a\""); // as long, and wrong
    fetch(request(server));
    QVERIFY(readFile(file()) == body);
}

void TestDownload::tooLongBeginningIsDropped()
{
    const HttpServer server([](const HttpServer::Request& r) { return HttpServer::serve(r, body, "\"a\""); });
    begin(body + "more", "\"a\"");
    fetch(request(server));
    QVERIFY(readFile(file()) == body);
}

void TestDownload::lengthThatIsALie()
{
    const HttpServer server([](const HttpServer::Request& r) {
        auto answer = HttpServer::serve(r, body.substr(0, third), {});
        if (answer.status == 206) // it says that more is to come, and nothing comes
            answer = HttpServer::Answer {
                .status = 206, .headers = {"Content-Range: bytes 100000-299999/300000"}, .claim = 200'000};
        else if (answer.status == 200)
            answer.claim = length;
        else
            answer.status = 503;
        return answer;
    });
    const QString told = sentence(request(server));
    QVERIFY2(told.startsWith(QLatin1String("Stopped at 0 of 0 MB")), qPrintable(told));
    QCOMPARE(fs::file_size(file()), std::uintmax_t {third}); // kept
    QCOMPARE(server.requests().size(), std::size_t {4}); // the first, and three that brought nothing
}

void TestDownload::otherLengthLeavesTheBeginning_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<QByteArray>("type");
    QTest::newRow("shorter") << 5'000 << QByteArray("application/zip");
    QTest::newRow("longer") << 300'001 << QByteArray("application/zip");
    QTest::newRow("login page") << int {length} << QByteArray("text/html; charset=utf-8");
}

void TestDownload::otherLengthLeavesTheBeginning()
{
    QFETCH(int, size);
    QFETCH(QByteArray, type);
    const HttpServer server([&](const HttpServer::Request&) {
        return HttpServer::Answer {.headers = {"Content-Type: " + type.toStdString()},
                                   .body = std::string(static_cast<std::size_t>(size), 'x')};
    });
    begin(body.substr(0, third), "\"a\"");
    const QString told = sentence(request(server));
    QVERIFY2(told.contains(QLatin1String("login page")), qPrintable(told));
    QVERIFY2(told.contains(QStringLiteral("%1 bytes and not 300000").arg(size)), qPrintable(told));
    QVERIFY(readFile(file()) == body.substr(0, third));
    QCOMPARE(server.requests().size(), std::size_t {1});
}

void TestDownload::endlessBodyIsCutOff()
{
    const HttpServer server([](const HttpServer::Request&) {
        return HttpServer::Answer {.body = body + body + body, .withoutLength = true};
    });
    const QString told = sentence(request(server));
    QVERIFY2(told.contains(QLatin1String("something else than the expected file")), qPrintable(told));
    QVERIFY(fs::file_size(file()) <= length);
}

void TestDownload::wrongFileIsThrownAway()
{
    const HttpServer server(
        [](const HttpServer::Request& r) { return HttpServer::serve(r, other, "\"a\""); });
    const QString told = sentence(request(server));
    QVERIFY2(told.contains(QString::fromStdString(hashOf(body).substr(0, 8))), qPrintable(told));
    QVERIFY2(told.contains(QString::fromStdString(hashOf(other).substr(0, 8))), qPrintable(told));
    QVERIFY(!fs::exists(file()));
    begin(other.substr(0, third), "\"a\""); // also where a beginning made it try twice
    QVERIFY(!sentence(request(server)).isEmpty());
    QVERIFY(!fs::exists(file()));
    QCOMPARE(server.requests().size(), std::size_t {3});
}

void TestDownload::faultsAreRetried()
{
    const HttpServer server([](const HttpServer::Request& r) {
        if (r.number <= 2)
            return HttpServer::Answer {.status = 500, .body = "Oh"};
        return HttpServer::serve(r, body, "\"a\"");
    });
    fetch(request(server));
    QVERIFY(readFile(file()) == body);
    const HttpServer broken([](const HttpServer::Request&) { return HttpServer::Answer {.status = 503}; });
    const QString told = (discardDownload(file()), sentence(request(broken)));
    QVERIFY2(told.contains(QLatin1String("(HTTP 503)")), qPrintable(told));
    QCOMPARE(broken.requests().size(), std::size_t {4});
}

void TestDownload::nextAddress()
{
    const HttpServer server([](const HttpServer::Request& r) {
        if (r.target == "/gone")
            return HttpServer::Answer {.status = 404, .body = "Gone"};
        return HttpServer::serve(r, r.target == "/wrong" ? other : body, "\"a\"");
    });
    fetch(request({server.address("/gone"), server.address("/wrong"), server.address("/right")}));
    QVERIFY(readFile(file()) == body);
    QCOMPARE(server.requests().size(), std::size_t {3});
}

void TestDownload::noSuchFile()
{
    const HttpServer server([](const HttpServer::Request&) { return HttpServer::Answer {.status = 404}; });
    const QString told = sentence(request(server));
    QVERIFY2(told.contains(QLatin1String("does not give the file (HTTP 404)")), qPrintable(told));
    QCOMPARE(server.requests().size(), std::size_t {1}); // asking again would not help
}

void TestDownload::unsafeRedirect()
{
    const HttpServer server([](const HttpServer::Request&) {
        return HttpServer::Answer {.status = 302, .headers = {"Location: file:///etc/hostname"}};
    });
    const QString told = sentence(request(server));
    QVERIFY2(told.contains(QLatin1String("an address that is not safe")), qPrintable(told));
    QVERIFY(!fs::exists(file()));
}

void TestDownload::offline()
{
    auto wanted = request({"https://127.0.0.1:1/file"});
    QCOMPARE(
        sentence(wanted),
        QStringLiteral("Net, ImageNet: could not be fetched: no internet. Try again later, or import the "
                       "file from a USB stick."));
    wanted.bytes = 98'000'000;
    begin("");
    fs::resize_file(file(), 12'000'000);
    QCOMPARE(
        sentence(wanted),
        QStringLiteral("Stopped at 12 of 98 MB: no internet. Try again, it continues there, or import the "
                       "file from a USB stick."));
    QCOMPARE(fs::file_size(file()), std::uintmax_t {12'000'000});
}

void TestDownload::stop()
{
    const HttpServer server([](const HttpServer::Request& r) {
        auto answer = HttpServer::serve(r, body, "\"a\"");
        answer.holdAfter = third;
        return answer;
    });
    DownloadPatience patient = quick;
    patient.stall = 60s;
    std::stop_source source;
    std::chrono::steady_clock::time_point asked;
    const DownloadSink stopAtThird = [&](const DownloadProgress& progress) {
        if (progress.done == std::int64_t {third} && !source.stop_requested()) {
            asked = std::chrono::steady_clock::now();
            source.request_stop();
        }
    };
    QVERIFY_THROWS_EXCEPTION(Stopped, download(request(server), patient, stopAtThird, source.get_token()));
    QVERIFY(std::chrono::steady_clock::now() - asked < soon);
    QVERIFY(readFile(file()) == body.substr(0, third));
    const HttpServer good([](const HttpServer::Request& r) { return HttpServer::serve(r, body, "\"a\""); });
    fetch(request(good));
    QCOMPARE(good.bodyBytes(), std::int64_t {length - third});

    // From another thread, while no byte moves and the stall time is far away.
    discardDownload(file());
    std::stop_source second;
    const std::jthread stopper([&] {
        while (server.requests().size() < 2)
            std::this_thread::yield();
        asked = std::chrono::steady_clock::now();
        second.request_stop();
    });
    QVERIFY_THROWS_EXCEPTION(Stopped, download(request(server), patient, {}, second.get_token()));
    QVERIFY(std::chrono::steady_clock::now() - asked < soon);
}

void TestDownload::stopWhilePausing()
{
    std::stop_source source;
    const HttpServer server([](const HttpServer::Request&) { return HttpServer::Answer {.status = 500}; });
    DownloadPatience slow = quick;
    slow.firstPause = 60s;
    const std::jthread stopper([&] {
        while (server.requests().empty())
            std::this_thread::yield();
        source.request_stop();
    });
    const auto start = std::chrono::steady_clock::now();
    QVERIFY_THROWS_EXCEPTION(Stopped, download(request(server), slow, {}, source.get_token()));
    QVERIFY(std::chrono::steady_clock::now() - start < soon);
}

void TestDownload::proxyFromTheEnvironment()
{
    const HttpServer server([](const HttpServer::Request& r) { return HttpServer::serve(r, body, "\"a\""); });
    qputenv("http_proxy", QByteArray::fromStdString(server.address({})));
    fetch(request({"http://weights.invalid/net.pth"}));
    QVERIFY(readFile(file()) == body);
    QCOMPARE(server.requests().at(0).target, std::string("http://weights.invalid/net.pth"));
}

void TestDownload::diskFullAndNoRights()
{
    const HttpServer server([](const HttpServer::Request& r) { return HttpServer::serve(r, body, "\"a\""); });
    auto wanted = request(server);
    wanted.room = std::int64_t {1} << 60U;
    QString told = sentence(wanted);
    QVERIFY2(told.contains(QLatin1String("MB are free there")), qPrintable(told));
    QVERIFY(server.requests().empty()); // told before anything is fetched
    fs::create_symlink("/dev/full", file());
    told = sentence(request(server));
    QVERIFY2(told.contains(QLatin1String("the disk is full")), qPrintable(told));
    QCOMPARE(server.requests().size(), std::size_t {1});
    fs::remove(file());
    wanted = request(server);
    wanted.file = "/sys/w.pth.part"; // where not even root can make a file
    told = sentence(wanted);
    QVERIFY2(told.startsWith(QLatin1String("/sys/w.pth.part: could not be written")), qPrintable(told));
}

void TestDownload::onlyFirstDigitsKnown()
{
    const HttpServer server([](const HttpServer::Request& r) { return HttpServer::serve(r, body, "\"a\""); });
    auto wanted = request(server);
    wanted.sha256 = wanted.sha256.substr(0, 8);
    wanted.bytes = length + 900;
    wanted.tolerance = 1'000;
    begin(body, "\"a\""); // complete, though the catalogue cannot say so
    fetch(wanted);
    QVERIFY(server.requests().empty());
    begin(body.substr(0, length - 10), "\"a\"");
    fetch(wanted);
    QVERIFY(readFile(file()) == body);
    QCOMPARE(server.bodyBytes(), std::int64_t {10});
    wanted.sha256 = hashOf(other).substr(0, 8);
    QVERIFY(!sentence(wanted).isEmpty());
    QVERIFY(!fs::exists(file()));
}

void TestDownload::secondWaitsForTheFirst()
{
    begin(body.substr(0, third));
    auto first = std::make_unique<DownloadLock>(file(), length, quick, DownloadSink(), std::stop_token());
    std::stop_source impatient;
    const DownloadSink stopAtOnce = [&](const DownloadProgress&) { impatient.request_stop(); };
    QVERIFY_THROWS_EXCEPTION(Stopped, DownloadLock(file(), length, quick, stopAtOnce, impatient.get_token()));
    std::vector<DownloadProgress> told;
    std::atomic<bool> waits = false;
    std::atomic<bool> has = false;
    std::jthread waiter([&] {
        const DownloadSink sink = [&](const DownloadProgress& progress) {
            told.push_back(progress);
            waits = true;
            waits.notify_all();
        };
        const DownloadLock second(file(), length, quick, sink, {});
        has = true;
    });
    waits.wait(false);
    QVERIFY(!has);
    first.reset();
    waiter.join();
    QVERIFY(has);
    QVERIFY(told.front().waiting);
    QCOMPARE(told.front().done, std::int64_t {third});
    QCOMPARE(told.front().total, std::int64_t {length});
}

QTEST_GUILESS_MAIN(TestDownload)
#include "tst_download.moc"
