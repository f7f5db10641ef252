#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/support/scratch.h"
#include "ui/models/sort_copies.h"
#include "ui/paths.h"

#include <QDir>
#include <QImage>
#include <QRegularExpression>
#include <QTest>

#include <memory>

using namespace graft;
using namespace graft::ui;

namespace fs = std::filesystem;

class TestSortCopies : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".?")));
        m_scratch = std::make_unique<test::Scratch>();
        m_from = toPath(m_scratch->path()) / "from";
        m_to = toPath(m_scratch->path()) / "to";
        fs::create_directories(m_from / "other");
        writeFile(m_from / "a.jpg", "first");
        writeFile(m_from / "other" / "a.jpg", "second");
        writeFile(m_from / "b.jpg", "unsure");
    }

    void copiesAndNeverOverwrites()
    {
        const std::vector<Answer> answers {answer(m_from / "a.jpg", {0.9F, 0.1F}),
                                           answer(m_from / "other" / "a.jpg", {0.8F, 0.2F}),
                                           answer(m_from / "b.jpg", {0.4F, 0.35F})};
        std::int64_t told = 0;
        const SortReport report = sortCopies(m_to, m_classes, answers, 0.5,
                                             [&told](const Progress& step) { told = step.done; }, {});
        QCOMPARE(report.copied, 3);
        QCOMPARE(told, 3);
        QCOMPARE(readFile(m_to / "Daisy" / "a.jpg"), std::string("first"));
        QCOMPARE(readFile(m_to / "Daisy" / "a (2).jpg"), std::string("second"));
        QCOMPARE(readFile(m_to / "None of these" / "b.jpg"), std::string("unsure"));
        QCOMPARE(readFile(m_from / "a.jpg"), std::string("first")); // the originals stay

        sortCopies(m_to, m_classes, {answers[0]}, 0.5, [](const Progress&) {}, {});
        QCOMPARE(readFile(m_to / "Daisy" / "a.jpg"), std::string("first"));
        QCOMPARE(readFile(m_to / "Daisy" / "a (3).jpg"), std::string("first"));
    }

    void pastedPicturesAreSaved()
    {
        Answer pasted = answer({}, {0.1F, 0.9F});
        pasted.name = QStringLiteral("Pasted picture 1");
        pasted.image = QImage(4, 3, QImage::Format_RGB32);
        pasted.image.fill(Qt::red);
        sortCopies(m_to, m_classes, {pasted}, 0.5, [](const Progress&) {}, {});
        const QImage saved(toQString(m_to / "a_b" / "Pasted picture 1.png"));
        QCOMPARE(saved.size(), QSize(4, 3));
        QCOMPARE(saved.pixelColor(0, 0), QColor(Qt::red));
    }

    void stopsBetweenPictures()
    {
        std::stop_source stop;
        const std::vector<Answer> answers {answer(m_from / "a.jpg", {0.9F, 0.1F}),
                                           answer(m_from / "b.jpg", {0.9F, 0.1F})};
        const SortReport report = sortCopies(
            m_to, m_classes, answers, 0.5, [&stop](const Progress&) { stop.request_stop(); },
            stop.get_token());
        QVERIFY(report.stopped);
        QCOMPARE(report.copied, 1);
    }

    void aMissingPictureIsNamed()
    {
        try {
            sortCopies(m_to, m_classes, {answer(m_from / "gone.jpg", {0.9F, 0.1F})}, 0.5,
                       [](const Progress&) {}, {});
            QFAIL("it was copied");
        } catch (const Error& error) {
            QCOMPARE(error.subject(), std::string("gone.jpg"));
        }
        QVERIFY(!fs::exists(m_to / "Daisy" / "gone.jpg"));
    }

    void classNamesCannotLeaveTheFolder_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("folder");
        QTest::newRow("plain") << QStringLiteral("Rose") << QStringLiteral("Rose");
        QTest::newRow("path") << QStringLiteral("../../etc") << QStringLiteral("_._.._etc");
        QTest::newRow("up") << QStringLiteral("..") << QStringLiteral("_.");
        QTest::newRow("nothing") << QString() << QStringLiteral("_");
    }

    void classNamesCannotLeaveTheFolder()
    {
        QFETCH(QString, name);
        QFETCH(QString, folder);
        QCOMPARE(QString::fromStdString(folderName(name)), folder);
    }

private:
    static Answer answer(const fs::path& path, std::vector<float> probabilities)
    {
        Answer answer;
        answer.path = path;
        answer.best = probabilities[0] >= probabilities[1] ? 0 : 1;
        answer.probabilities = std::move(probabilities);
        return answer;
    }

    std::unique_ptr<test::Scratch> m_scratch;
    const QStringList m_classes {QStringLiteral("Daisy"), QStringLiteral("a/b")};
    fs::path m_from;
    fs::path m_to;
};

QTEST_MAIN(TestSortCopies)
#include "tst_sort_copies.moc"
