#include "core/network/weights/catalogue.h"
#include "tests/support/fake_weights.h"
#include "tests/support/http_server.h"
#include "ui/jobs/weights_jobs.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace graft;
using namespace graft::ui;

using Work = WeightsItem::Work;

class TestWeightsJobs : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".?")));
        m_fake = std::make_unique<test::FakeWeights>();
        m_jobs = std::make_unique<WeightsJobs>(m_fake->source());
        QTRY_COMPARE(m_jobs->items().size(), 8);
    }

    void cleanup()
    {
        m_jobs.reset();
        m_fake.reset();
    }

    void aDownloadMakesItReady()
    {
        m_jobs->download(QStringLiteral("vgg19"));
        QVERIFY(item("vgg19").work == Work::Queued);
        QTRY_VERIFY(item("vgg19").isUsable());
        QVERIFY(item("vgg19").work == Work::None);
        QVERIFY(!m_jobs->downloading());
    }

    void noInternetIsSaidAndTriedAgain()
    {
        m_jobs->download(QStringLiteral("inception-v3"));
        QTRY_VERIFY(!item("inception-v3").failure.isEmpty());
        QVERIFY(item("inception-v3").failure.contains(QStringLiteral("no internet")));
        QTRY_COMPARE(item("inception-v3").status.partial, 12'000'000);
        m_jobs->download(QStringLiteral("inception-v3"));
        QVERIFY(item("inception-v3").failure.isEmpty());
        QTRY_VERIFY(!item("inception-v3").failure.isEmpty());
    }

    void downloadsWaitForEachOther()
    {
        m_jobs->download(QStringLiteral("vgg16"));
        m_jobs->download(QStringLiteral("vgg19"));
        QTRY_VERIFY(item("vgg16").work == Work::Downloading);
        QCOMPARE(item("vgg16").progress.done, 61'000'000);
        QVERIFY(item("vgg19").work == Work::Queued);
        QCOMPARE(m_jobs->downloads(), 2);
        QCOMPARE(m_jobs->downloading()->status.id, std::string("vgg16"));

        m_jobs->cancel(QStringLiteral("vgg16"));
        QTRY_VERIFY(item("vgg19").isUsable()); // the next one has its turn
        QVERIFY(item("vgg16").work == Work::None);
        QVERIFY(item("vgg16").failure.isEmpty()); // being stopped is no failure
        QCOMPARE(item("vgg16").status.partial, 61'000'000);
    }

    void whatWaitsCanBeCancelled()
    {
        m_jobs->download(QStringLiteral("vgg16"));
        m_jobs->download(QStringLiteral("vgg19"));
        m_jobs->cancelAll();
        QTRY_COMPARE(m_jobs->downloads(), 0);
        QVERIFY(!item("vgg19").isUsable());
    }

    void anImportDoesNotWaitForADownload()
    {
        QSignalSpy imported(m_jobs.get(), &WeightsJobs::imported);
        m_jobs->download(QStringLiteral("vgg16"));
        QTRY_VERIFY(item("vgg16").work == Work::Downloading);
        m_jobs->import(QStringLiteral("/media/stick"));
        QVERIFY(m_jobs->isImporting());
        QTRY_COMPARE(imported.size(), 1);
        QVERIFY(!m_jobs->isImporting());
        QTRY_VERIFY(item("vgg19").isUsable());
        QVERIFY(item("vgg16").work == Work::Downloading); // listing again does not forget it
    }

    void mayBeDeletedWhileItDownloads()
    {
        m_jobs->download(QStringLiteral("vgg16"));
        QTRY_VERIFY(item("vgg16").work == Work::Downloading);
        m_jobs.reset();
        QCoreApplication::processEvents();
    }

    /// The real engine against a server that hangs: what came is kept, and known to the next program.
    void aRealDownloadKeepsWhatCame()
    {
        constexpr std::size_t held = 3'000'000; // bytes
        const QTemporaryDir home;
        qputenv("XDG_DATA_HOME", home.path().toUtf8());
        const network::WeightsEntry& entry = network::weightsCatalogue().front();
        const auto length = static_cast<std::size_t>(entry.bytes); // a mirror has no wheels
        tests::HttpServer server([&](const tests::HttpServer::Request& request) {
            auto answer = tests::HttpServer::serve(request, std::string(length, 'x'), "one");
            answer.holdAfter = held;
            return answer;
        });
        qputenv("GRAFT_WEIGHTS_MIRROR", server.address("/weights").c_str());
        const QString id = QString::fromStdString(entry.id);
        {
            WeightsJobs jobs;
            QTRY_VERIFY(!jobs.items().isEmpty());
            jobs.download(id);
            QTRY_COMPARE(jobs.items().first().progress.done, std::int64_t(held));
            QVERIFY(jobs.items().first().work == Work::Downloading);
            QCOMPARE(jobs.items().first().progress.total, std::int64_t(length));
            jobs.cancel(id);
            QTRY_COMPARE(jobs.downloads(), 0);
            QVERIFY(jobs.items().first().failure.isEmpty());
        }
        const WeightsJobs later;
        QTRY_VERIFY(!later.items().isEmpty());
        QCOMPARE(later.items().first().status.partial, std::int64_t(held));
        server.release();
        qunsetenv("GRAFT_WEIGHTS_MIRROR");
        qunsetenv("XDG_DATA_HOME");
    }

private:
    const WeightsItem& item(const char* id) const
    {
        for (const WeightsItem& item : m_jobs->items()) {
            if (item.status.id == id)
                return item;
        }
        qFatal("there is no %s", id);
    }

    std::unique_ptr<test::FakeWeights> m_fake;
    std::unique_ptr<WeightsJobs> m_jobs;
};

QTEST_GUILESS_MAIN(TestWeightsJobs)
#include "tst_weights_jobs.moc"
