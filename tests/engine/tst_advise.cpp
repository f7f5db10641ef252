#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/advise.h"
#include "core/engine/import.h"
#include "core/engine/machine.h"
#include "core/engine/train.h"
#include "core/engine/weights.h"
#include "core/learn/advice_json.h"
#include "core/learn/advisor.h"
#include "tests/support/drawn_shapes.h"
#include "tests/support/weights.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace graft;
namespace fs = std::filesystem;

class TestAdvise : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase()
    {
        engine::initialise("tst_advise");
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
    }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_pictures = at("Shapes");
    }

    void everythingIsMeasuredAndKept()
    {
        auto project = shapes(3, 20);
        std::vector<learn::Advice> told;
        const learn::Advice advice =
            engine::advise(project, quick, [&](const learn::Advice& now) { told.push_back(now); }, {}, {});
        QCOMPARE(advice.classes, 3);
        QCOMPARE(advice.pictures, 42);
        QCOMPARE(advice.measuredOn, 42);
        QCOMPARE(advice.fewest, 14);
        QVERIFY(advice.familiarity && *advice.familiarity > 0.0 && *advice.familiarity < 1.0);
        QVERIFY(!advice.oftenSeenAs.empty());
        QCOMPARE(advice.cuts.size(), std::size_t {8}); // block0 to block6, head
        QCOMPARE(advice.cuts.back().stage, std::string("head"));
        for (const learn::CutEvidence& cut : advice.cuts) {
            QCOMPARE(cut.linear.total, 42);
            QCOMPARE(cut.svm.total, 42);
        }
        QVERIFY(advice.cuts.back().linear.accuracy() > 0.8); // colours and shapes are not hard
        QCOMPARE(advice.curve.size(), std::size_t {3});
        QCOMPARE(advice.curve.back().linear.correct, advice.cuts.back().linear.correct);
        QCOMPARE(advice.strategies.size(), std::size_t {4});
        QVERIFY(!advice.recommended.empty());
        for (const learn::Forecast& forecast : advice.strategies)
            QVERIFY(forecast.highSeconds > forecast.lowSeconds && forecast.lowSeconds > 0.0);

        // As it became known: counts, familiarity, cuts one after the other, the curve, all.
        QVERIFY(!told.front().familiarity);
        QVERIFY(!told.front().complete());
        QVERIFY(std::ranges::is_sorted(told, {}, [](const learn::Advice& now) {
            return now.cuts.size() + now.curve.size() + now.strategies.size();
        }));
        QVERIFY(told.size() > 10);

        const auto latest = engine::latestAdvice(project);
        QVERIFY(latest);
        QCOMPARE(learn::toJson(*latest), learn::toJson(advice));
        project = store::Project::open(project.folder(), store::Access::Read);
        QCOMPARE(learn::toJson(*engine::latestAdvice(project)), learn::toJson(advice));
    }

    void theSameSeedSaysTheSame()
    {
        auto project = shapes(2, 16);
        const learn::Advice first = engine::advise(project, quick, {}, {}, {});
        const learn::Advice again = engine::advise(project, quick, {}, {}, {});
        QCOMPARE(again.familiarity, first.familiarity);
        QCOMPARE(again.recommended, first.recommended);
        for (std::size_t i = 0; i < first.cuts.size(); ++i) {
            QCOMPARE(again.cuts[i].linear.correct, first.cuts[i].linear.correct);
            QCOMPARE(again.cuts[i].svm.correct, first.cuts[i].svm.correct);
        }
    }

    /// They are not there any more, and nobody notices.
    void testPicturesAreNeverLookedAt()
    {
        auto project = shapes(2, 16);
        int gone = 0;
        for (const dataset::Picture& picture : project.dataset().pictures) {
            if (picture.side == dataset::Side::Training)
                continue;
            fs::remove(picture.path);
            ++gone;
        }
        QVERIFY(gone > 5);
        QCOMPARE(engine::advise(project, quick, {}, {}, {}).measuredOn, 22);
    }

    void otherPicturesMakeItObsolete()
    {
        auto project = shapes(2, 12);
        engine::advise(project, quick, {}, {}, {});
        QVERIFY(engine::latestAdvice(project));
        tests::drawShapes(m_pictures, 2, 4, 100);
        engine::importFolder(project, m_pictures, {}, {}, {});
        QVERIFY(!engine::latestAdvice(project));
        QVERIFY(!project.advice().empty());
    }

    void aTrainingIsHeldAgainstTheForecast()
    {
        auto project = shapes(2, 24);
        engine::train(project, {}, {}); // before there was an advice
        const learn::Advice advice = engine::advise(project, quick, {}, {}, {});
        QVERIFY(engine::adviceVerdicts(project).empty());
        const auto run = engine::train(project, {}, {});
        learn::Plan other; // an advice speaks of the cut that it names
        other.cut = "block3";
        engine::train(project, other, {});
        const auto verdicts = engine::adviceVerdicts(project);
        QCOMPARE(verdicts.size(), std::size_t {1});
        QCOMPARE(verdicts[0].run, run.id);
        QCOMPARE(verdicts[0].strategy, std::string("linear"));
        QCOMPARE(learn::toJson(verdicts[0].forecast), learn::toJson(*learn::forecastOf(advice, "linear")));
        QCOMPARE(verdicts[0].test.correct, run.result.test.correct());
        QVERIFY(verdicts[0].held);

        // What was said stays with the run, whatever is advised later; and it can be wrong.
        learn::Advice changed = advice;
        changed.strategies.clear();
        project.setAdvice(learn::toJson(changed));
        QCOMPARE(engine::adviceVerdicts(project).size(), std::size_t {1});
        learn::Forecast wrong = verdicts[0].forecast;
        wrong.likely = {0.1, 0.2};
        writeFile(project.runFolder(run.id) / "advice.json", learn::toJson(wrong));
        QVERIFY(!engine::adviceVerdicts(project).at(0).held);
        writeFile(project.runFolder(run.id) / "advice.json", "{");
        QVERIFY(engine::adviceVerdicts(project).empty());
    }

    void networksAreRanked()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite1");
        auto project = shapes(2, 12);
        const auto ranked = engine::advise(project, {}, {}, {}, {}).backbones;
        QVERIFY(ranked.size() >= 2);
        QVERIFY(std::ranges::is_sorted(ranked, std::greater {}, &learn::BackboneEvidence::logMe));
        for (const learn::BackboneEvidence& backbone : ranked) {
            QVERIFY(backbone.picturesPerSecond > 0.0);
            QCOMPARE(backbone.probe.total, 16);
        }
    }

    void itStops()
    {
        auto project = shapes(2, 12);
        std::stop_source stop;
        const auto stopped = [&] {
            engine::advise(
                project, quick,
                [&](const learn::Advice& now) {
                    if (!now.cuts.empty())
                        stop.request_stop();
                },
                {}, stop.get_token());
        };
        QVERIFY_THROWS_EXCEPTION(Stopped, stopped());
        QVERIFY(project.advice().empty());
    }

    void whatCannotBeAdvised()
    {
        auto project = store::Project::create(at("Empty.graft"));
        QVERIFY_THROWS_EXCEPTION(Error, engine::advise(project, quick, {}, {}, {}));
        auto two = shapes(2, 12);
        const engine::AdviseOptions missing {
            .backbone = "vgg19", .device = "cpu", .seed = 1, .rankBackbones = false};
        if (engine::weightsStatus("vgg19", false).state == engine::WeightsState::Missing)
            QVERIFY_THROWS_EXCEPTION(engine::WeightsNeeded, engine::advise(two, missing, {}, {}, {}));
    }

    /// Real pictures: few like everyday photos, few unlike them.
    void realPictures_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("expected");
        QTest::newRow("cats and dogs") << QStringLiteral("cats_dogs") << QStringLiteral("linear");
        QTest::newRow("X-rays") << QStringLiteral("chest_xray") << QStringLiteral("svm");
    }

    void realPictures()
    {
        QFETCH(const QString, folder);
        QFETCH(const QString, expected);
        GRAFT_NEED_PICTURES("cats_dogs");
        GRAFT_NEED_PICTURES("chest_xray");
        constexpr int each = 60;
        const fs::path some = at("Some");
        for (const auto& own : fs::directory_iterator(fs::path(GRAFT_TEST_DATA) / folder.toStdString())) {
            if (!own.is_directory())
                continue;
            std::vector<fs::path> files;
            for (const auto& file : fs::directory_iterator(own))
                files.push_back(file);
            std::ranges::sort(files);
            files.resize(std::min<std::size_t>(each, files.size()));
            fs::create_directories(some / own.path().filename());
            for (const fs::path& file : files)
                fs::copy_file(file, some / own.path().filename() / file.filename());
        }
        auto project = store::Project::create(at("Some.graft"));
        engine::importFolder(project, some, {}, {}, {});
        const learn::Advice advice = engine::advise(project, quick, {}, {}, {});
        QVERIFY2(QString::fromStdString(advice.recommended) == expected, advice.reason.c_str());
        QVERIFY(expected == u"linear" ? *advice.familiarity > 0.3 : *advice.familiarity < 0.2);
    }

private:
    fs::path at(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }

    store::Project shapes(int classes, int perClass)
    {
        tests::drawShapes(m_pictures, classes, perClass);
        auto project = store::Project::create(at("Shapes.graft"));
        engine::importFolder(project, m_pictures, {}, {}, {});
        return project;
    }

    inline static const engine::AdviseOptions quick {
        .backbone = "efficientnet-lite0", .device = "cpu", .seed = 1, .rankBackbones = false};
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_pictures;
};

QTEST_GUILESS_MAIN(TestAdvise)
#include "tst_advise.moc"
