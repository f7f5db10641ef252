#include "core/base/file.h"
#include "core/engine/feature_cache.h"

#include <QTemporaryDir>
#include <QTest>

using namespace graft;
using engine::FeatureCache;

class TestFeatureCache : public QObject
{
    Q_OBJECT
private slots:

    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void findsWhatWasAddedBefore()
    {
        write(3);
        FeatureCache cache(folder(), "way", 2);
        QVERIFY(cache.find(key(7)).empty());
        for (int i = 0; i < 3; ++i)
            QVERIFY(holds(cache, i));
        QVERIFY(FeatureCache(folder(), "another way", 2).find(key(0)).empty());
    }

    void aTornRecordIsLeftOut_data()
    {
        QTest::addColumn<int>("cut");
        for (int cut : {1, 8, 40, 79})
            QTest::addRow("%d bytes", cut) << cut;
    }

    void aTornRecordIsLeftOut()
    {
        QFETCH(int, cut);
        write(3);
        std::filesystem::resize_file(file(),
                                     std::filesystem::file_size(file()) - static_cast<std::uintmax_t>(cut));
        {
            FeatureCache cache(folder(), "way", 2);
            QVERIFY(holds(cache, 0) && holds(cache, 1));
            QVERIFY(cache.find(key(2)).empty());
            cache.add(key(2), row(2)); // and what comes after the tear is found again
        }
        QVERIFY(holds(FeatureCache(folder(), "way", 2), 2));
    }

    void aChangedRecordIsLeftOut()
    {
        write(3);
        std::string bytes = readFile(file());
        bytes[bytes.size() / 2] ^= 1; // inside the second of three records
        writeFile(file(), bytes);
        FeatureCache cache(folder(), "way", 2);
        QVERIFY(holds(cache, 0) && holds(cache, 2));
        QVERIFY(cache.find(key(1)).empty());
    }

    void somethingElseInItsPlaceIsNoHarm()
    {
        write(1);
        writeFile(file(), "not a cache at all");
        FeatureCache cache(folder(), "way", 2);
        QVERIFY(cache.find(key(0)).empty());
        cache.add(key(0), row(0));
        QVERIFY(holds(FeatureCache(folder(), "way", 2), 0));
    }

private:
    std::filesystem::path folder() const { return m_folder->path().toStdString(); }

    std::filesystem::path file() const { return std::filesystem::directory_iterator(folder())->path(); }

    static std::string key(int i) { return sha256(std::to_string(i)); }

    static std::vector<float> row(int i) { return {static_cast<float>(i), 0.5F}; }

    static bool holds(const FeatureCache& cache, int i)
    {
        const auto found = cache.find(key(i));
        return std::vector(found.begin(), found.end()) == row(i);
    }

    void write(int rows) const
    {
        FeatureCache cache(folder(), "way", 2);
        for (int i = 0; i < rows; ++i)
            cache.add(key(i), row(i));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestFeatureCache)
#include "tst_feature_cache.moc"
