#include "core/base/error.h"
#include "core/engine/import.h"
#include "core/engine/machine.h"
#include "tests/support/drawn_shapes.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <map>

using namespace graft;
namespace fs = std::filesystem;

class TestImport : public QObject
{
    Q_OBJECT
private slots:

    void initTestCase() { engine::initialise("tst_import"); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_pictures = fs::path(m_folder->path().toStdString()) / "Shapes";
        m_project = fs::path(m_folder->path().toStdString()) / "Shapes.graft";
    }

    void aFolderBecomesAProject()
    {
        tests::drawShapes(m_pictures, 3, 20);
        std::ofstream(m_pictures / "disc" / "note.txt") << "bring milk";
        std::ofstream(m_pictures / "disc" / "broken.png") << "\x89PNG\r\n\x1a\n and no more";
        auto project = store::Project::create(m_project);
        const auto report = import(project);
        QCOMPARE(report.dataset.classes, (std::vector<std::string> {"disc", "square", "stripes"}));
        QCOMPARE(report.dataset.pictures.size(), std::size_t {60});
        QCOMPARE(report.dataset.problems.size(), std::size_t {2});
        for (const auto& count : dataset::countClasses(project.dataset())) {
            QCOMPARE(count.training, 14);
            QCOMPARE(count.validation, 3);
            QCOMPARE(count.test, 3);
        }
    }

    void knownPicturesKeepTheirSide()
    {
        tests::drawShapes(m_pictures, 2, 20);
        auto project = store::Project::create(m_project);
        const auto before = sides(import(project).dataset);
        tests::drawShapes(m_pictures, 2, 15, 100);
        const auto after = sides(import(project).dataset);
        QCOMPARE(after.size(), std::size_t {70});
        for (const auto& [path, side] : before)
            QCOMPARE(after.at(path), side);
    }

    void anotherFolderIsAdded()
    {
        tests::drawShapes(m_pictures, 2, 10);
        auto project = store::Project::create(m_project);
        const auto before = sides(import(project).dataset);
        const fs::path more = m_pictures.parent_path() / "More";
        tests::drawShapes(more, 3, 5, 50);
        fs::create_directories(more / "square");
        fs::copy_file(m_pictures / "disc" / "disc-0.png", more / "disc" / "copy.png");
        const auto data = engine::importFolder(project, more, {}, {}, {}).dataset;
        QCOMPARE(data.classes, (std::vector<std::string> {"disc", "square", "stripes"}));
        QCOMPARE(data.pictures.size(), std::size_t {36});
        const auto after = sides(data);
        for (const auto& [path, side] : before)
            QCOMPARE(after.at(path), side);
        QCOMPARE(after.at(more / "disc" / "copy.png"), after.at(m_pictures / "disc" / "disc-0.png"));
        QCOMPARE(sides(import(project).dataset), after); // reading the first folder again loses nothing
    }

    void thePictureUnderTwoLabelsIsLeftOut()
    {
        tests::drawShapes(m_pictures, 2, 10);
        auto project = store::Project::create(m_project);
        import(project);
        const fs::path more = m_pictures.parent_path() / "More";
        tests::drawShapes(more, 2, 2, 50);
        fs::copy_file(m_pictures / "disc" / "disc-0.png", more / "stripes" / "wrong.png");
        const auto data = engine::importFolder(project, more, {}, {}, {}).dataset;
        QCOMPARE(data.pictures.size(), std::size_t {23});
        QVERIFY(std::ranges::any_of(data.problems, [](const dataset::Problem& p) {
            return p.kind == dataset::ProblemKind::SameInTwoClasses && p.skipped;
        }));
    }

    void anEmptyFolderChangesNothing()
    {
        tests::drawShapes(m_pictures, 2, 10);
        auto project = store::Project::create(m_project);
        import(project);
        const fs::path empty = m_pictures.parent_path() / "Empty";
        fs::create_directories(empty);
        QVERIFY_THROWS_EXCEPTION(Error, engine::importFolder(project, empty, {}, {}, {}));
        QVERIFY_THROWS_EXCEPTION(Error, engine::importFolder(project, empty / "none", {}, {}, {}));
        QCOMPARE(project.dataset().pictures.size(), std::size_t {20});
    }

    void aStopKeepsWhatIsIn()
    {
        tests::drawShapes(m_pictures, 2, 40);
        auto project = store::Project::create(m_project);
        std::stop_source stop;
        const auto report = engine::importFolder(
            project, m_pictures, {},
            [&](const Progress& p) {
                if (p.what == "Reading pictures" && p.done >= 1)
                    stop.request_stop();
            },
            stop.get_token());
        QVERIFY(report.stopped);
        QVERIFY(report.dataset.pictures.size() >= 1 && report.dataset.pictures.size() < 80);
        QCOMPARE(project.dataset().pictures.size(), report.dataset.pictures.size());
    }

    void smallClassesAreNamed()
    {
        dataset::Dataset data;
        data.classes = {"Daisy", "Crocus", "Rose"};
        const int counts[] {200, 9, 35};
        for (int label = 0; label < 3; ++label) {
            dataset::Picture picture;
            picture.label = label;
            data.pictures.insert(data.pictures.end(), static_cast<std::size_t>(counts[label]), picture);
        }
        const auto advice = engine::adviseOnClasses(data);
        QCOMPARE(advice.size(), std::size_t {2});
        QCOMPARE(advice[0].chip, std::string("Uneven"));
        QCOMPARE(
            advice[1].sentence,
            std::string(
                "Crocus has only 9 pictures. Add at least 21 more, or the model will not learn it well."));
        QCOMPARE(advice[1].brief, std::string("Too few. Add at least 21 more."));
    }

private:
    engine::ImportReport import(store::Project& project)
    {
        return engine::importFolder(project, m_pictures, {}, {}, {});
    }

    static std::map<fs::path, dataset::Side> sides(const dataset::Dataset& data)
    {
        std::map<fs::path, dataset::Side> all;
        for (const auto& picture : data.pictures)
            all[picture.path] = picture.side;
        return all;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_pictures;
    fs::path m_project;
};

QTEST_GUILESS_MAIN(TestImport)
#include "tst_import.moc"
