#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/augmented_copies.h"
#include "core/imaging/decode.h"
#include "tests/support/drawn_shapes.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace graft;
using namespace graft::engine;

namespace fs = std::filesystem;

class TestAugmentedCopies : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_pictures = fs::path(m_folder->path().toStdString()) / "Shapes";
        m_out = fs::path(m_folder->path().toStdString()) / "out";
        tests::drawShapes(m_pictures, 2, 3);
    }

    void theTreeIsKeptAndTheBytesAreTheViews()
    {
        const CopyReport report = write({m_pictures}, {.folder = m_out, .copies = 2});
        QCOMPARE(report.written.size(), std::size_t {12});
        QVERIFY(report.problems.empty());
        for (const WrittenCopy& copy : report.written) {
            const fs::path expected = m_out
                / (copy.source.lexically_relative(m_pictures).string() + "-draw-" + std::to_string(copy.copy)
                   + ".png");
            QCOMPARE(copy.file, expected);
            QCOMPARE(imaging::decodeFile(copy.file),
                     m_view.copy(m_view.read(copy.source), static_cast<std::uint32_t>(copy.copy)));
            QVERIFY(!copy.draws.empty());
        }
        QVERIFY(fs::exists(m_out / "disc" / "disc-1.png-draw-2.png"));
    }

    void theSecondTimeNothingIsWrittenTwice()
    {
        write({m_pictures}, {.folder = m_out, .copies = 2});
        const auto when = fs::last_write_time(m_out / "disc" / "disc-1.png-draw-2.png");
        const CopyReport again = write({m_pictures}, {.folder = m_out, .copies = 3});
        QCOMPARE(again.there, 12);
        QCOMPARE(again.written.size(), std::size_t {18});
        QCOMPARE(fs::last_write_time(m_out / "disc" / "disc-1.png-draw-2.png"), when);
    }

    void nothingIsWrittenOver()
    {
        fs::create_directories(m_out / "disc");
        const fs::path taken = m_out / "disc" / "disc-0.png-draw-1.png";
        writeFile(taken, "somebody's own");
        try {
            write({m_pictures}, {.folder = m_out, .copies = 1});
            QFAIL("was accepted");
        } catch (const Error& error) {
            QCOMPARE(error.subject(), taken.string());
        }
        QCOMPARE(readFile(taken), std::string("somebody's own"));
        for (const auto& entry : fs::recursive_directory_iterator(m_out))
            QVERIFY2(entry.path().extension() != ".new", entry.path().c_str());
    }

    void severalPlacesDoNotMeet()
    {
        const fs::path other = fs::path(m_folder->path().toStdString()) / "Others";
        tests::drawShapes(other, 1, 1, 50);
        fs::copy_file(other / "disc" / "disc-50.png", other / "disc-0.png");
        const CopyReport report =
            write({m_pictures, other, m_pictures / "disc" / "disc-0.png", other / "disc-0.png"},
                  {.folder = m_out, .copies = 1});
        QVERIFY(fs::exists(m_out / "Shapes" / "disc" / "disc-0.png-draw-1.png"));
        QVERIFY(fs::exists(m_out / "Others" / "disc" / "disc-50.png-draw-1.png"));
        QVERIFY(fs::exists(m_out / "disc-0.png-draw-1.png"));
        QVERIFY(fs::exists(m_out / "disc-0.png (2)-draw-1.png"));
        std::vector<fs::path> files;
        for (const WrittenCopy& copy : report.written)
            files.push_back(copy.file);
        std::ranges::sort(files);
        QVERIFY(std::ranges::adjacent_find(files) == files.end());
    }

    void aBadFileIsAProblemAndTheRestIsDone()
    {
        writeFile(m_pictures / "disc" / "torn.png",
                  readFile(m_pictures / "disc" / "disc-1.png").substr(0, 900));
        const CopyReport report = write({m_pictures}, {.folder = m_out, .copies = 1});
        QCOMPARE(report.written.size(), std::size_t {6});
        QCOMPARE(report.problems.size(), std::size_t {1});
        QCOMPARE(report.problems.front().path, m_pictures / "disc" / "torn.png");
    }

    void theContactSheetHasARowForEachPicture()
    {
        const fs::path sheet = fs::path(m_folder->path().toStdString()) / "sheet.png";
        const CopyReport report = write({m_pictures}, {.folder = m_out, .copies = 4, .sheet = sheet});
        QCOMPARE(report.onSheet, 6);
        const Image image = imaging::decodeFile(sheet);
        QCOMPARE(image.width, 5 * 132 + 16); // five tiles of 128 pixels, their gaps and a wider one
        QCOMPARE(image.height, 6 * 132 + 4);
        const auto white = std::ranges::count(image.rgb, 255);
        QVERIFY(white < std::ssize(image.rgb) / 2);
    }

    void jpegIsSmallerAndNearlyTheSame()
    {
        const CopyReport report = write({m_pictures / "disc"}, {.folder = m_out, .copies = 1, .jpeg = true});
        for (const WrittenCopy& copy : report.written) {
            QCOMPARE(copy.file.extension(), fs::path(".jpg"));
            const Image read = imaging::decodeFile(copy.file);
            const Image tile = m_view.copy(m_view.read(copy.source), 1);
            double difference = 0.0;
            for (std::size_t i = 0; i < tile.rgb.size(); ++i)
                difference += std::abs(static_cast<double>(tile.rgb[i]) - read.rgb[i]);
            QVERIFY(difference / static_cast<double>(tile.rgb.size()) < 3.0);
            QVERIFY(fs::file_size(copy.file) < tile.rgb.size() / 3);
        }
    }

    void stoppedKeepsWhatIsDone()
    {
        std::stop_source stop;
        tests::drawShapes(m_pictures, 2, 40);
        const CopyReport report = writeCopies(
            {m_pictures}, m_view, {.folder = m_out, .copies = 1},
            [&](const Progress&) { stop.request_stop(); }, stop.get_token());
        QVERIFY(report.stopped);
        QVERIFY(!report.written.empty() && report.written.size() < 80);
        for (const WrittenCopy& copy : report.written)
            QVERIFY(fs::exists(copy.file));
    }

private:
    CopyReport write(const std::vector<fs::path>& paths, const CopyWishes& wishes)
    {
        return writeCopies(paths, m_view, wishes, {}, {});
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_pictures;
    fs::path m_out;
    TrainingView m_view {PreprocessSpec {}, augment::preset("gentle_photo").recipe, usualSeed};
};

QTEST_GUILESS_MAIN(TestAugmentedCopies)
#include "tst_augmented_copies.moc"
