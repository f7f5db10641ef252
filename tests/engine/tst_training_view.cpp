#include "core/base/file.h"
#include "core/engine/cached_features.h"
#include "core/engine/import.h"
#include "core/engine/machine.h"
#include "core/engine/training_pictures.h"
#include "core/imaging/resize.h"
#include "core/network/cut.h"
#include "tests/support/drawn_shapes.h"
#include "tests/support/weights.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace graft;
using namespace graft::engine;

namespace fs = std::filesystem;
using dataset::Side;

// What the preview shows is what training sees: TrainingView makes the preview's tiles; these tests ask the
// ways that lead to training for the same picture and the same number.
class TestTrainingView : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_pictures = fs::path(m_folder->path().toStdString()) / "Shapes";
        tests::drawShapes(m_pictures, 2, 12);
        m_file = m_pictures / "disc" / "disc-3.png";
        m_view = std::make_shared<TrainingView>(PreprocessSpec {}, augment::preset("strong_photo").recipe, 5);
    }

    void copyZeroIsThePictureAsItIs()
    {
        Image expected {224, 224, std::vector<std::uint8_t>(m_view->bytes())};
        imaging::preprocess(imaging::decodeFile(m_file), PreprocessSpec {}, expected.rgb);
        QCOMPARE(m_view->copy(m_view->read(m_file), 0), expected);
    }

    void copiesDifferAndStayTheSame()
    {
        const TrainingPicture picture = m_view->read(m_file);
        const TrainingView again(PreprocessSpec {}, augment::preset("strong_photo").recipe, 5);
        const TrainingView otherSeed(PreprocessSpec {}, augment::preset("strong_photo").recipe, 6);
        for (std::uint32_t copy = 1; copy <= 6; ++copy) {
            const Image tile = m_view->copy(picture, copy);
            QCOMPARE(again.copy(again.read(m_file), copy), tile);
            QVERIFY(tile != m_view->copy(picture, copy - 1));
            QVERIFY(tile != otherSeed.copy(picture, copy));
            QVERIFY(!m_view->describe(picture, copy).empty());
        }
        QVERIFY(m_view->describe(picture, 0).empty());
    }

    void theSameContentIsAugmentedAlikeWhateverItsName()
    {
        fs::copy_file(m_file, m_pictures / "twin.png");
        QCOMPARE(m_view->copy(m_view->read(m_pictures / "twin.png"), 4),
                 m_view->copy(m_view->read(m_file), 4));
        const TrainingPicture other = m_view->read(m_pictures / "disc" / "disc-4.png");
        QVERIFY(other.key != m_view->read(m_file).key);
    }

    /// finetune and scratch.
    void epochsSeeTheTiles_data()
    {
        QTest::addColumn<qlonglong>("memory"); // with room for all, some and none of the pictures
        QTest::newRow("all kept") << (qlonglong {1} << 30);
        QTest::newRow("some kept") << qlonglong {2'000'000};
        QTest::newRow("none kept") << qlonglong {0};
    }

    void epochsSeeTheTiles()
    {
        QFETCH(const qlonglong, memory);
        const dataset::Dataset data = imported().dataset();
        std::vector<const dataset::Picture*> pictures;
        for (const dataset::Picture& picture : data.pictures)
            pictures.push_back(&picture);
        const SampleSource source = trainingPictures(pictures, m_view, memory, {});
        QCOMPARE(source.count(), static_cast<int>(pictures.size()));
        const std::vector<std::size_t> wanted {7, 2, 19};
        for (const std::uint32_t epoch : {1U, 2U, 1U}) { // from the disk, then from memory
            std::vector<std::uint8_t> pixels(wanted.size() * source.bytes);
            QCOMPARE(source.read(wanted, epoch, pixels), wanted);
            for (std::size_t i = 0; i < wanted.size(); ++i) {
                const Image tile = m_view->copy(m_view->read(pictures[wanted[i]]->path), epoch);
                QVERIFY(
                    std::ranges::equal(std::span(pixels).subspan(i * source.bytes, source.bytes), tile.rgb));
            }
        }
    }

    void aPictureThatVanishedIsToldOnceAndLeftOut()
    {
        const dataset::Dataset data = imported().dataset();
        std::vector<const dataset::Picture*> pictures;
        for (const dataset::Picture& picture : data.pictures)
            pictures.push_back(&picture);
        fs::remove(pictures[2]->path);
        std::vector<fs::path> told;
        const SampleSource source =
            trainingPictures(pictures, m_view, 0, [&](const PictureProblem& p) { told.push_back(p.path); });
        const std::vector<std::size_t> wanted {7, 2, 9};
        std::vector<std::uint8_t> pixels(wanted.size() * source.bytes);
        for (int i = 0; i < 2; ++i) {
            QCOMPARE(source.read(wanted, 1, pixels), (std::vector<std::size_t> {7, 9}));
            const Image second = m_view->copy(m_view->read(pictures[9]->path), 1);
            QVERIFY(std::ranges::equal(std::span(pixels).subspan(source.bytes, source.bytes), second.rgb));
        }
        QCOMPARE(told, std::vector<fs::path> {pictures[2]->path});
    }

    /// linear and svm.
    void cachedFeaturesAreThoseOfTheTiles()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        const Trunk trunk = loadTrunk("efficientnet-lite0");
        const auto view = std::make_shared<TrainingView>(trunk.preprocess, m_view->recipe(), 5);
        const store::Project project = imported();
        const dataset::Dataset data = project.dataset();
        const FeatureMaker maker {
            .cacheFolder = project.cacheFolder(),
            .weightsSha256 = trunk.weightsSha256,
            .preprocess = trunk.preprocess,
            .channels = [&](const std::string& s) { return network::featureChannels(trunk.graph, s); },
            .trunk = [&]() -> const Trunk& { return trunk; }};
        constexpr int copies = 3;
        const FeatureWishes wishes {.stages = {"block3", "head"},
                                    .precision = "float32",
                                    .device = "cpu",
                                    .sides = {true, true, true},
                                    .view = view.get(),
                                    .copies = copies};
        const auto sets = cachedFeatures(data, maker, wishes, {}, {});
        QCOMPARE(sets.size(), std::size_t {2});
        neural::Interpreter network = answering(trunk.graph, trunk.weights, "cpu");
        for (std::size_t stage = 0; stage < sets.size(); ++stage) {
            const FeatureSet& set = sets[stage];
            const auto& learned = set.sides[static_cast<int>(Side::Training)];
            const auto trained =
                static_cast<int>(std::ranges::count(data.pictures, Side::Training, &dataset::Picture::side));
            QCOMPARE(learned.rows(), trained * (1 + copies));
            QCOMPARE(std::ranges::count(learned.augmented, true), trained * copies);
            const auto channels = static_cast<std::size_t>(learned.channels);
            for (const std::size_t row : {std::size_t {0}, static_cast<std::size_t>(trained),
                                          static_cast<std::size_t>(trained + 4)}) {
                const auto copy = row < static_cast<std::size_t>(trained)
                    ? 0U
                    : static_cast<std::uint32_t>(1 + (row - static_cast<std::size_t>(trained)) % copies);
                const dataset::Picture& picture = *set.pictures[static_cast<int>(Side::Training)][row];
                QCOMPARE(learned.groups[row], std::int64_t {picture.group});
                const Image tile = view->copy(view->read(picture.path), copy);
                const auto expected = network.pooled({tile.rgb, 1}, wishes.stages[stage]);
                for (std::size_t c = 0; c < channels; ++c)
                    QVERIFY(std::abs(learned.values[row * channels + c] - expected[c]) < 1e-3F);
            }
            for (const Side side : {Side::Validation, Side::Test}) {
                const auto& measured = set.sides[static_cast<int>(side)];
                QCOMPARE(std::ranges::count(measured.augmented, true), 0);
                QCOMPARE(measured.rows(), std::ranges::count(data.pictures, side, &dataset::Picture::side));
            }
        }
        // The second time all of it comes from the cache, and another recipe does not.
        QCOMPARE(cachedFeatures(data, maker, wishes, {}, {}).front().computed, std::int64_t {0});
        const TrainingView gentle(trunk.preprocess, augment::preset("gentle_photo").recipe, 5);
        FeatureWishes other = wishes;
        other.view = &gentle;
        QVERIFY(cachedFeatures(data, maker, other, {}, {}).front().computed > 0);
    }

private:
    store::Project imported()
    {
        auto project = store::Project::create(m_pictures.string() + ".graft");
        importFolder(project, m_pictures, {}, {}, {});
        return project;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_pictures;
    fs::path m_file;
    std::shared_ptr<const TrainingView> m_view;
};

QTEST_GUILESS_MAIN(TestTrainingView)
#include "tst_training_view.moc"
