#include "core/base/error.h"
#include "core/engine/copy_costs.h"
#include "core/engine/import.h"
#include "core/engine/machine.h"
#include "core/engine/train.h"
#include "tests/support/drawn_shapes.h"
#include "tests/support/weights.h"

#include <QTemporaryDir>
#include <QTest>

using namespace graft;
using namespace graft::engine;

namespace fs = std::filesystem;

class TestCopyCosts : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_pictures = fs::path(m_folder->path().toStdString()) / "Shapes";
        tests::drawShapes(m_pictures, 2, 20);
    }

    void theLargestNumberThatFits_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<qlonglong>("memory");
        QTest::addColumn<qlonglong>("disk");
        const qlonglong plenty = 1LL << 50;
        QTest::newRow("time") << 60.0 << plenty << plenty;
        QTest::newRow("memory") << 1e9 << 40'000'000LL << plenty;
        QTest::newRow("disk") << 1e9 << plenty << 9'000'000LL;
        QTest::newRow("nothing") << 0.0 << plenty << plenty;
        QTest::newRow("everything") << 1e9 << plenty << plenty;
    }

    void theLargestNumberThatFits()
    {
        QFETCH(const double, seconds);
        QFETCH(const qlonglong, memory);
        QFETCH(const qlonglong, disk);
        const CopyCosts costs {.trainingPictures = 70,
                               .secondsPerPicture = 0.004,
                               .secondsPerCopy = 0.02,
                               .secondsPerRow = 0.001,
                               .bytesPerCopy = 5192};
        const auto fits = [&](int copies) { // in other words than the program's
            const double rows = 70.0 * (copies + 1);
            return 70 * 0.004 * (copies > 0 ? 2 : 1) + rows * 0.021 <= seconds
                && rows * 5192 * 3 <= static_cast<double>(memory) && rows * 5192 <= static_cast<double>(disk);
        };
        int expected = 0;
        for (int copies = 0; copies <= mostCopies; ++copies)
            expected = fits(copies) ? copies : expected;
        QCOMPARE(copiesWithin(costs, {seconds, memory, disk}), expected);
    }

    void theMeasuredCostsAreThoseOfATraining()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        auto project = imported();
        learn::Plan plan;
        plan.recipe = "strong_photo";
        plan.copies = 6;
        const CopyCosts costs = measureCopyCosts(project, plan, {});
        const CopyEstimate whole = estimate(costs, plan.copies);
        QCOMPARE(costs.trainingPictures, 28);
        QCOMPARE(whole.rows, std::int64_t {28 * 7});
        QVERIFY(costs.secondsPerPicture > 0.0 && costs.secondsPerCopy > 0.0 && costs.secondsPerRow > 0.0);
        const auto run = train(project, plan, {});
        std::int64_t onDisk = 0;
        for (const auto& entry : fs::directory_iterator(project.cacheFolder()))
            onDisk += static_cast<std::int64_t>(entry.file_size());
        // The validation and test pictures, 12 of them, are there too.
        QCOMPARE(onDisk, whole.disk + 12 * costs.bytesPerCopy);
        qInfo("estimated %.2f s, took %.2f s", whole.seconds, run.result.seconds);
    }

    void whatCopiesBring()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        auto project = imported();
        learn::Plan plan;
        plan.recipe = "gentle_photo";
        std::vector<int> told;
        constexpr int counts[] = {0, 2, 5};
        const auto points = measureCopies(project, plan, counts, 14,
                                          [&](const CopyPoint& p) { told.push_back(p.copies); }, {}, {});
        QCOMPARE(told, (std::vector<int> {0, 2, 5}));
        for (const CopyPoint& point : points) {
            // Fourteen of each class are all there are: the same as a training with so many copies.
            plan.copies = point.copies;
            const auto run = train(project, plan, {});
            QCOMPARE(point.validation.total(), run.result.validation.total());
            QCOMPARE(point.validation.correct(), run.result.validation.correct());
        }
    }

    void whoeverDrawsAnewHasNoNumberOfCopies()
    {
        auto project = imported();
        learn::Plan plan;
        plan.strategy = "finetune";
        QVERIFY_THROWS_EXCEPTION(Error, measureCopyCosts(project, plan, {}));
    }

    void stopped()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        auto project = imported();
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_THROWS_EXCEPTION(Stopped, measureCopyCosts(project, {}, stop.get_token()));
        constexpr int counts[] = {0, 1};
        QVERIFY_THROWS_EXCEPTION(Stopped, measureCopies(project, {}, counts, 5, {}, {}, stop.get_token()));
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
};

QTEST_GUILESS_MAIN(TestCopyCosts)
#include "tst_copy_costs.moc"
