#include "core/base/file.h"
#include "core/engine/answer_network.h"
#include "core/engine/classifier.h"
#include "core/engine/cross_validation.h"
#include "core/engine/evaluate.h"
#include "core/engine/import.h"
#include "core/engine/machine.h"
#include "core/engine/train.h"
#include "core/learn/json.h"
#include "tests/support/drawn_shapes.h"
#include "tests/support/weights.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <set>

using namespace graft;
namespace fs = std::filesystem;
using dataset::Side;

namespace {

/// Classes of so many pictures; every third picture is one of a pair that belongs together.
dataset::Dataset madeUp(const std::vector<int>& counts)
{
    dataset::Dataset data;
    int group = 0;
    for (int label = 0; label < static_cast<int>(counts.size()); ++label) {
        data.classes.push_back("class " + std::to_string(label));
        for (int i = 0; i < counts[static_cast<std::size_t>(label)]; ++i) {
            dataset::Picture picture;
            picture.path = std::to_string(label) + "/" + std::to_string(i);
            picture.label = label;
            picture.group = i % 3 == 1 ? group - 1 : group++;
            picture.side = i % 7 == 6 ? Side::Test : i % 7 == 5 ? Side::Validation : Side::Training;
            data.pictures.push_back(picture);
        }
    }
    return data;
}

} // namespace

class TestSmallData : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase() { engine::initialise("tst_small_data"); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_pictures = fs::path(m_folder->path().toStdString()) / "Shapes";
        m_events.clear();
    }

    void theSmallestClassDecides()
    {
        QVERIFY(engine::foldsOfSmallData(madeUp({20, 20}), 1).empty());
        QCOMPARE(engine::foldsOfSmallData(madeUp({200, 19}), 1).size(), std::size_t {5});
        QCOMPARE(engine::foldsOfSmallData(madeUp({30, 4}), 1).size(),
                 std::size_t {3}); // 4 pictures, 3 groups
        QVERIFY(engine::foldsOfSmallData(madeUp({30, 1}), 1).empty()); // its fold would know one class only
    }

    void everyPictureIsTestedOnceAndGroupsStayTogether()
    {
        const dataset::Dataset data = madeUp({16, 19, 25});
        const auto folds = engine::foldsOfSmallData(data, 3);
        std::map<fs::path, int> tested;
        for (const dataset::Dataset& fold : folds) {
            std::map<int, std::set<Side>> sides;
            std::map<int, int> classes;
            for (const dataset::Picture& picture : fold.pictures) {
                QVERIFY(picture.side != Side::Validation);
                sides[picture.group].insert(picture.side);
                if (picture.side == Side::Test) {
                    ++tested[picture.path];
                    ++classes[picture.label];
                }
            }
            for (const auto& [group, own] : sides)
                QCOMPARE(own.size(), std::size_t {1});
            QCOMPARE(classes.size(), std::size_t {3});
        }
        for (const dataset::Picture& picture : data.pictures)
            QCOMPARE(tested[picture.path], picture.side == Side::Test ? 0 : 1);
    }

    void anAccuracyOfFewPicturesIsCrossValidated_data()
    {
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<QString>("cut");
        QTest::newRow("linear") << "linear"
                                << "last";
        QTest::newRow("svm, cut chosen in every fold") << "svm"
                                                       << "auto";
        QTest::newRow("finetune") << "finetune"
                                  << "last";
    }

    void anAccuracyOfFewPicturesIsCrossValidated()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        QFETCH(QString, strategy);
        QFETCH(QString, cut);
        auto project = imported(8);
        learn::Plan plan;
        plan.strategy = strategy.toStdString();
        plan.cut = cut.toStdString();
        if (plan.strategy == "finetune")
            plan.epochs = 1;
        const auto run = train(project, plan);
        QCOMPARE(run.problem, std::string());
        QCOMPARE(run.state, store::RunState::Finished);
        const auto data = project.dataset();
        const auto seen = std::ranges::count_if(
            data.pictures, [](const dataset::Picture& picture) { return picture.side != Side::Test; });
        QCOMPARE(run.result.crossValidation.total(), seen);
        QVERIFY(run.result.crossValidation.accuracy() > 0.7); // by chance a half
        QCOMPARE(&run.result.headline(), &run.result.crossValidation);
        QVERIFY(run.result.test.total() < seen);

        // The folds say how far they are, and nothing else of theirs is told.
        int folds = 0;
        for (const TrainEvent& event : m_events) {
            if (const auto* preparing = std::get_if<TrainPreparing>(&event))
                folds += preparing->what.starts_with("Checking fold 5 of 5") ? 1 : 0;
        }
        QVERIFY(folds > 0);
        QCOMPARE(run.result.epochs, std::ranges::count_if(m_events, [](const TrainEvent& event) {
                     return std::holds_alternative<EpochDone>(event);
                 }));

        // The model is that of the project's own sides, and the cut that was chosen is written down
        // everywhere.
        const share::Model model = share::loadModel(project.modelFile(run.id));
        QCOMPARE(model.card.crossValidation, run.result.crossValidation);
        QVERIFY(run.plan.cut != "auto");
        QCOMPARE(model.card.plan.cut, run.plan.cut);
        constexpr std::uint64_t most = 1U << 20U;
        const auto kept = learn::planFromJson(readFile(project.runFolder(run.id) / "plan.json", most));
        QCOMPARE(kept, run.plan);
        QCOMPARE(project.run(run.id).plan, run.plan);
        const auto evaluation = engine::evaluate(project, {.run = run.id, .on = "test"}, {}, {});
        QCOMPARE(evaluation.confusion, run.result.test);
    }

    void enoughPicturesAreNotCrossValidated()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        auto project = imported(20);
        const auto run = train(project, {});
        QCOMPARE(run.result.crossValidation.total(), 0);
        QCOMPARE(&run.result.headline(), &run.result.test);
    }

    // Linear layer or kernel, mean or largest: every way to ask gives the same answers.
    void everyHeadAnswersTheSameEverywhere_data()
    {
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<QString>("kernel");
        QTest::addColumn<QString>("pooling");
        QTest::newRow("linear, largest") << "linear"
                                         << "linear"
                                         << "max";
        QTest::newRow("svm, rbf") << "svm"
                                  << "rbf"
                                  << "avg";
        QTest::newRow("svm, rbf, largest") << "svm"
                                           << "rbf"
                                           << "max";
    }

    void everyHeadAnswersTheSameEverywhere()
    {
        GRAFT_NEED_WEIGHTS("efficientnet-lite0");
        QFETCH(QString, strategy);
        QFETCH(QString, kernel);
        QFETCH(QString, pooling);
        auto project = imported(20);
        learn::Plan plan;
        plan.strategy = strategy.toStdString();
        plan.kernel = kernel.toStdString();
        plan.pooling = pooling.toStdString();
        plan.cut = "last";
        const auto run = train(project, plan);
        QCOMPARE(run.problem, std::string());
        QVERIFY(run.result.test.accuracy() > 0.7);
        const auto evaluation = engine::evaluate(project, {.run = run.id, .on = "test"}, {}, {});
        QCOMPARE(evaluation.confusion, run.result.test);
        engine::Classifier classifier(project.modelFile(run.id)); // checks itself
        for (const auto& expected : evaluation.predictions) {
            const auto answer = classifier.classify({expected.path}, 0.0, {}, {}).predictions.at(0);
            for (std::size_t i = 0; i < answer.probabilities.size(); ++i)
                QVERIFY(std::abs(answer.probabilities[i] - expected.probabilities[i]) < 1e-4F);
        }
        const auto onFolder = engine::evaluate(project, {.run = run.id, .on = m_pictures.string()}, {}, {});
        QCOMPARE(onFolder.confusion.total(), 40);
        QVERIFY(onFolder.confusion.accuracy() > 0.8);

        // A damaged kernel is refused with a sentence.
        share::Model model = share::loadModel(project.modelFile(run.id));
        if (plan.kernel == "rbf") {
            model.weights.erase("graft_head.support");
            const fs::path damaged = m_folder->filePath(QStringLiteral("damaged")).toStdString();
            share::saveModel(damaged, model);
            QVERIFY_THROWS_EXCEPTION(Error, engine::Classifier {damaged});
        }
    }

private:
    store::Project imported(int perClass)
    {
        tests::drawShapes(m_pictures, 2, perClass);
        auto project = store::Project::create(m_pictures.string() + ".graft");
        engine::importFolder(project, m_pictures, {}, {}, {});
        return project;
    }

    store::RunRecord train(store::Project& project, const learn::Plan& plan)
    {
        return engine::train(project, plan, {.sink = [this](const TrainEvent& e) { m_events.push_back(e); }});
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_pictures;
    std::vector<TrainEvent> m_events;
};

QTEST_GUILESS_MAIN(TestSmallData)
#include "tst_small_data.moc"
