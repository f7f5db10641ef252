#include "tests/support/scratch.h"
#include "ui/models/recent_projects.h"
#include "ui/theme.h"
#include "ui/widgets/two_line.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QDir>
#include <QRegularExpression>
#include <QTest>

using namespace graft::ui;

namespace {

RecentProject project(const QString& folder, qint64 correct = 0, qint64 total = 0)
{
    RecentProject result;
    result.folder = folder;
    result.correct = correct;
    result.total = total;
    result.opened = QDateTime(QDate(2024, 11, 12), QTime(14, 20));
    return result;
}

QStringList names(const RecentProjects& model)
{
    QStringList result;
    for (int row = 0; row < model.rowCount(); ++row)
        result += model.index(row).data().toString();
    return result;
}

} // namespace

class TestRecentProjects : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".?")));
        QSettings().clear();
    }

    void theNewestComesFirstAndOnlyOnce()
    {
        RecentProjects model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.note(project(QStringLiteral("/a/One.graft")));
        model.note(project(QStringLiteral("/a/Two.graft")));
        model.note(project(QStringLiteral("/a/Three.graft")));
        model.note(project(QStringLiteral("/a/One.graft")));
        model.note(project(QStringLiteral("/a/One.graft")));
        QCOMPARE(names(model),
                 QStringList({QStringLiteral("One"), QStringLiteral("Three"), QStringLiteral("Two")}));
        model.forget(QStringLiteral("/a/Three.graft"));
        model.forget(QStringLiteral("/a/None.graft"));
        QCOMPARE(names(model), QStringList({QStringLiteral("One"), QStringLiteral("Two")}));
    }

    void tenAreKept()
    {
        RecentProjects model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (int i = 0; i < 14; ++i)
            model.note(project(QStringLiteral("/a/%1.graft").arg(i)));
        QCOMPARE(model.rowCount(), 10);
        QCOMPARE(names(model).first(), QStringLiteral("13"));
    }

    void theSettingsKeepThem()
    {
        {
            RecentProjects model;
            model.note(project(QStringLiteral("/a/Garden flowers.graft"), 96, 100));
            model.note(project(QStringLiteral("/a/Shop.labels.graft")));
        }
        const RecentProjects model;
        QCOMPARE(names(model),
                 QStringList({QStringLiteral("Shop.labels"), QStringLiteral("Garden flowers")}));
        QCOMPARE(model.index(0).data(RightRole).toString(), QStringLiteral("Not trained yet"));
        QCOMPARE(model.index(1).data(RightRole).toString(), QStringLiteral("96\u00A0% right"));
        QCOMPARE(model.index(1).data(RecentProjects::FolderRole).toString(),
                 QStringLiteral("/a/Garden flowers.graft"));
    }

    void aMissingOneOffersToFindIt()
    {
        RecentProjects model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.note(project(QStringLiteral("/a/Beetle wings.graft"), 3, 4));
        model.setMissing(QStringLiteral("/a/Beetle wings.graft"), true);
        QCOMPARE(model.index(0).data(RightRole).toString(), QStringLiteral("Find it…"));
        QVERIFY(model.index(0).data(RightIsLinkRole).toBool());
        QCOMPARE(model.index(0).data(HintRole).toString(), QStringLiteral("Folder was moved or renamed"));
        model.setMissing(QStringLiteral("/a/Beetle wings.graft"), false);
        QCOMPARE(model.index(0).data(RightRole).toString(), QStringLiteral("75\u00A0% right"));
    }

    void when_data()
    {
        QTest::addColumn<QDateTime>("time");
        QTest::addColumn<QString>("text");
        const auto at = [](int year, int month, int day) {
            return QDateTime(QDate(year, month, day), QTime(14, 20));
        };
        QTest::newRow("today") << at(2024, 11, 14) << QStringLiteral("Today, 14:20");
        QTest::newRow("yesterday") << at(2024, 11, 13) << QStringLiteral("Yesterday");
        QTest::newRow("this year") << at(2024, 11, 12) << QStringLiteral("12 November");
        QTest::newRow("last year") << at(2023, 12, 31) << QStringLiteral("31 December 2023");
    }

    void when()
    {
        QFETCH(QDateTime, time);
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        QTEST(whenText(time, QDateTime(QDate(2024, 11, 14), QTime(9, 0))), "text");
        QLocale::setDefault(QLocale::system());
    }

    void placesAreNamedFromHome()
    {
        QCOMPARE(placeText(QDir::home().filePath(QStringLiteral("Pictures/Flowers.graft"))),
                 QStringLiteral("Pictures/Flowers.graft"));
        QCOMPARE(placeText(QStringLiteral("/media/stick/Flowers.graft")),
                 QStringLiteral("/media/stick/Flowers.graft"));
    }
};

int main(int argc, char** argv)
{
    const graft::test::Scratch scratch;
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("graft"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_recent_projects"));
    TestRecentProjects test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_recent_projects.moc"
