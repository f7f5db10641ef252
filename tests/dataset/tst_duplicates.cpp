// Near duplicates: what must be found, and what must not be thrown together.
#include "core/base/file.h"
#include "core/base/parallel.h"
#include "core/dataset/duplicates.h"
#include "core/dataset/scan.h"
#include "core/imaging/decode.h"
#include "core/imaging/inspect.h"
#include "core/imaging/resize.h"
#include "tests/support/processor_clock.h"

#include <QTest>

#include <map>
#include <random>

using namespace graft;
using namespace graft::dataset;

namespace fs = std::filesystem;

namespace {

using Signature = std::vector<std::uint8_t>;

/// A photo-like picture: a few broad waves that `seed` decides.
Image draw(unsigned seed, int width = 160, int height = 120)
{
    std::mt19937 random(seed);
    std::array<double, 8> waves {};
    for (double& wave : waves)
        wave = 1.0 + static_cast<double>(random() % 1000) / 250.0;
    Image image {width, height, {}};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double u = 3.0 * x / width;
            const double v = 3.0 * y / height;
            const double value = std::sin(waves[0] * u + waves[1]) + std::sin(waves[2] * v + waves[3])
                + std::sin(waves[4] * u + waves[5] * v) + std::cos(waves[6] * u - waves[7] * v);
            for (int c = 0; c < 3; ++c)
                image.rgb.push_back(static_cast<std::uint8_t>(128.0 + 28.0 * value));
        }
    }
    return image;
}

struct Collection {
    Dataset dataset;
    std::vector<Signature> signatures;

    void add(const Image& image, int label = 0)
    {
        Picture picture;
        picture.path = "/p/" + std::to_string(dataset.pictures.size()) + ".jpg";
        picture.label = label;
        picture.sha256 = std::to_string(dataset.pictures.size());
        picture.perceptualHash = imaging::perceptualHash(image);
        dataset.pictures.push_back(picture);
        signatures.push_back(imaging::signature(image));
    }

    int group(std::size_t i) const { return dataset.pictures[i].group; }
};

Collection twoClasses()
{
    Collection collection;
    collection.dataset.classes = {"cat", "dog"};
    return collection;
}

Image brighter(Image image)
{
    for (auto& value : image.rgb)
        value = static_cast<std::uint8_t>(std::min(255, value * 11 / 10 + 4));
    return image;
}

/// Sizes of the groups, the largest first.
std::vector<int> groupSizes(const Dataset& dataset)
{
    std::map<int, int> sizes;
    for (const auto& picture : dataset.pictures)
        ++sizes[picture.group];
    std::vector<int> sorted;
    for (const auto& [group, size] : sizes)
        sorted.push_back(size);
    std::ranges::sort(sorted, std::ranges::greater());
    return sorted;
}

} // namespace

class TstDuplicates : public QObject
{
    Q_OBJECT

private slots:

    void initTestCase() { imaging::initialise(); }

    void scaledAndBrightenedPicturesAreFound()
    {
        Collection collection = twoClasses();
        const Image first = draw(1);
        collection.add(first);
        collection.add(imaging::resize(first, 80, 60, Interpolation::Bicubic));
        collection.add(imaging::resize(first, 227, 227, Interpolation::Bilinear));
        collection.add(brighter(first));
        collection.add(draw(2));
        collection.add(draw(3), 1);
        collection.add(brighter(draw(3)), 0); // across classes
        groupDuplicates(collection.dataset, collection.signatures);
        for (const std::size_t i : {1U, 2U, 3U})
            QCOMPARE(collection.group(i), collection.group(0));
        QVERIFY(collection.group(4) != collection.group(0));
        QCOMPARE(collection.group(6), collection.group(5));
        QCOMPARE(groupSizes(collection.dataset), (std::vector<int> {4, 2, 1}));
        for (const auto& problem : collection.dataset.problems) {
            QVERIFY(problem.kind == ProblemKind::NearDuplicate && !problem.skipped);
            QVERIFY(!problem.others.empty());
        }
        QCOMPARE(collection.dataset.problems.size(), std::size_t {4});
    }

    void emptyFramesAreNotThrownTogether()
    {
        Collection collection = twoClasses();
        std::mt19937 random(5);
        for (int i = 0; i < 50; ++i) {
            Image dark {40, 30, std::vector<std::uint8_t>(40 * 30 * 3, 12)};
            for (auto& value : dark.rgb)
                value = static_cast<std::uint8_t>(value + random() % 3);
            collection.add(dark);
        }
        groupDuplicates(collection.dataset, collection.signatures);
        QCOMPARE(groupSizes(collection.dataset).front(), 1);
        QVERIFY(!looksNearlySame(Signature(1024, 7), Signature(1024, 7)));
        QVERIFY(!looksNearlySame({}, {}));
        QVERIFY(!looksNearlySame(Signature(4, 7), Signature(5, 7)));
    }

    /// Against all pairs, one by one.
    void theIndexMissesNothing()
    {
        Collection collection = twoClasses();
        std::mt19937_64 random(11);
        for (int i = 0; i < 600; ++i) {
            collection.add(draw(77)); // one look for all: the hashes decide
            auto& hash = collection.dataset.pictures.back().perceptualHash;
            hash = random();
            if (i % 3 == 1) {
                hash = collection.dataset.pictures[static_cast<std::size_t>(i) - 1].perceptualHash;
                for (int bit = 0; bit < i % 12; ++bit)
                    hash ^= std::uint64_t {1} << (random() % 64);
            }
        }
        groupDuplicates(collection.dataset, collection.signatures);
        const auto& pictures = collection.dataset.pictures;
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (std::popcount(pictures[i].perceptualHash ^ pictures[j].perceptualHash) <= 7)
                    QCOMPARE(pictures[i].group, pictures[j].group);
            }
        }
        QVERIFY(groupSizes(collection.dataset).front() <= 3);
    }

    void aHundredThousandPictures()
    {
        Collection collection = twoClasses();
        std::mt19937_64 random(3);
        const Signature look = imaging::signature(draw(5));
        for (std::size_t i = 0; i < 100'000; ++i) {
            Picture picture;
            picture.sha256 = std::to_string(i);
            picture.perceptualHash =
                i % 1000 == 1 ? collection.dataset.pictures[i - 1].perceptualHash ^ 5U : random();
            collection.dataset.pictures.push_back(picture);
        }
        collection.signatures.assign(100'000, look);
        const tests::ProcessorClock clock;
        groupDuplicates(collection.dataset, std::move(collection.signatures));
        // All pairs, one by one, would take minutes.
        const double took = clock.milliseconds();
        QVERIFY2(took < 20'000.0, qPrintable(QString::number(took)));
        const auto sizes = groupSizes(collection.dataset);
        // A few more of five thousand million pairs may be near each other by chance.
        QVERIFY(sizes[99] == 2 && sizes[105] == 1);
    }

    void realFolders_data()
    {
        QTest::addColumn<int>("pictures");
        QTest::addColumn<int>("largest");
        QTest::newRow("cats_dogs") << 400 << 1;
        QTest::newRow("flowers") << 500 << 2;
        QTest::newRow("chest_xray") << 300 << 2;
        QTest::newRow("mnist") << 1000 << 3;
    }

    void realFolders()
    {
        QFETCH(int, pictures);
        QFETCH(int, largest);
        const fs::path folder = fs::path(GRAFT_TEST_DATA) / QTest::currentDataTag();
        if (!fs::exists(folder))
            QSKIP("These pictures are not on this computer.");
        const auto inspect = [](const fs::path& file) {
            const std::string bytes = imaging::readPicture(file);
            const Image image = imaging::decode(bytes, file.filename().string());
            return Inspection {image.width, image.height, sha256(bytes), imaging::perceptualHash(image),
                               imaging::signature(image)};
        };
        const ScanResult result = scan(folder, {LabelSource::Auto, {}, usableProcessors()}, inspect, {}, {});
        QCOMPARE(static_cast<int>(result.dataset.pictures.size()), pictures);
        QVERIFY2(groupSizes(result.dataset).front() <= largest, "unlike pictures were thrown together");
    }
};

QTEST_GUILESS_MAIN(TstDuplicates)
#include "tst_duplicates.moc"
