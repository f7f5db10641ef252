#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/sort_copies.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace graft;
using namespace graft::engine;

namespace fs = std::filesystem;

class TestSortCopies : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".?")));
        m_folder = std::make_unique<QTemporaryDir>();
        m_from = fs::path(m_folder->path().toStdString()) / "from";
        m_to = fs::path(m_folder->path().toStdString()) / "to";
        fs::create_directories(m_from / "other");
        writeFile(m_from / "a.jpg", "first");
        writeFile(m_from / "other" / "a.jpg", "second");
        writeFile(m_from / "b.jpg", "unsure");
    }

    void copiesAndNeverOverwrites()
    {
        std::int64_t told = 0;
        const SortReport report =
            sortCopies(m_to, m_classes, "None of these",
                       {{m_from / "a.jpg", 0}, {m_from / "other" / "a.jpg", 0}, {m_from / "b.jpg", -1}},
                       [&told](const Progress& step) { told = step.done; }, {});
        QCOMPARE(report.copied, 3);
        QCOMPARE(told, 3);
        QCOMPARE(readFile(m_to / "Daisy" / "a.jpg"), std::string("first"));
        QCOMPARE(readFile(m_to / "Daisy" / "a (2).jpg"), std::string("second"));
        QCOMPARE(readFile(m_to / "None of these" / "b.jpg"), std::string("unsure"));
        QCOMPARE(readFile(m_from / "a.jpg"), std::string("first")); // the originals stay
    }

    void whatIsThereAlreadyIsNotCopiedAgain()
    {
        const std::vector<SortItem> items {{m_from / "a.jpg", 0}, {m_from / "other" / "a.jpg", 0}};
        QCOMPARE(sort(items).copied, 2);
        const SortReport again = sort(items);
        QCOMPARE(again.copied, 0);
        QCOMPARE(again.there, 2);
        QVERIFY(!fs::exists(m_to / "Daisy" / "a (3).jpg"));
    }

    void picturesFromMemoryAreSaved()
    {
        const auto pasted = [](const char* content) {
            return SortItem {"Pasted/picture 1.png", 1, [content] { return std::string(content); }};
        };
        QCOMPARE(sort({pasted("one"), pasted("two"), pasted("one")}).copied, 2);
        QCOMPARE(readFile(m_to / "a_b" / "Pasted_picture 1.png"), std::string("one"));
        QCOMPARE(readFile(m_to / "a_b" / "Pasted_picture 1 (2).png"), std::string("two"));
    }

    void stopsBetweenPictures()
    {
        std::stop_source stop;
        const SortReport report = sortCopies(
            m_to, m_classes, "none", {{m_from / "a.jpg", 0}, {m_from / "b.jpg", 0}},
            [&stop](const Progress&) { stop.request_stop(); }, stop.get_token());
        QVERIFY(report.stopped);
        QCOMPARE(report.copied, 1);
    }

    void aMissingPictureIsNamed()
    {
        try {
            sort({{m_from / "gone.jpg", 0}});
            QFAIL("it was copied");
        } catch (const Error& error) {
            QCOMPARE(error.subject(), (m_from / "gone.jpg").string());
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
        QTest::newRow("nothing") << QString() << QStringLiteral("class");
    }

    void classNamesCannotLeaveTheFolder()
    {
        QFETCH(QString, name);
        QFETCH(QString, folder);
        QCOMPARE(QString::fromStdString(folderNames({name.toStdString()}, "none").front()), folder);
    }

    void eachClassHasAFolderOfItsOwn()
    {
        const std::vector<std::string> expected {"a_b", "a_b (2)", "none", "none (2)"};
        QCOMPARE(folderNames({"a/b", "a_b", "none"}, "none"), expected);
    }

private:
    SortReport sort(const std::vector<SortItem>& items) const
    {
        return sortCopies(m_to, m_classes, "none", items, [](const Progress&) {}, {});
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    const std::vector<std::string> m_classes {"Daisy", "a/b"};
    fs::path m_from;
    fs::path m_to;
};

QTEST_MAIN(TestSortCopies)
#include "tst_sort_copies.moc"
