#include "flower_data.h"
#include "tests/support/processor_clock.h"
#include "ui/models/class_model.h"
#include "ui/models/picture_model.h"
#include "ui/models/problem_model.h"
#include "ui/theme.h"
#include "ui/widgets/picture_delegate.h"
#include "ui/widgets/thumbnail_loader.h"

#include <QAbstractItemModelTester>
#include <QListView>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace graft;
using namespace graft::ui;

class TestPictureModel : public QObject
{
    Q_OBJECT
private slots:

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".?"))); }

    void rowsArePictures()
    {
        PictureModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setDataset(test::flowerData(10));
        QCOMPARE(model.rowCount(), 10);
        const QModelIndex index = model.index(4);
        QCOMPARE(index.data().toString(), QStringLiteral("IMG_4.jpg"));
        QCOMPARE(index.data(PictureModel::ClassRole).toString(), QStringLiteral("Rose"));
        QCOMPARE(index.data(PictureModel::SideRole).toString(), QStringLiteral("Validation"));
        QCOMPARE(model.index(0).data(PictureModel::SideRole).toString(), QString());
        model.setDataset(test::flowerData(2));
        QCOMPARE(model.rowCount(), 2);
        model.setDataset({});
        QCOMPARE(model.rowCount(), 0);
    }

    void filters_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("label");
        QTest::addColumn<int>("side");
        QTest::addColumn<int>("state");
        QTest::addColumn<QStringList>("expected");
        const QStringList twins {QStringLiteral("IMG_0.jpg"), QStringLiteral("IMG_3.jpg")};
        QTest::newRow("name, any case")
            << QStringLiteral(" img_1") << -1 << -1 << 0
            << QStringList {QStringLiteral("IMG_1.jpg"), QStringLiteral("IMG_10.jpg"),
                            QStringLiteral("IMG_11.jpg")};
        QTest::newRow("class") << QString() << 2 << -1 << 0
                               << QStringList {QStringLiteral("IMG_2.jpg"), QStringLiteral("IMG_5.jpg"),
                                               QStringLiteral("IMG_8.jpg"), QStringLiteral("IMG_11.jpg")};
        QTest::newRow("test") << QString() << -1 << static_cast<int>(dataset::Side::Test) << 0
                              << QStringList {QStringLiteral("IMG_6.jpg")};
        QTest::newRow("twins") << QString() << -1 << -1 << 1 << twins;
        QTest::newRow("small, of a class")
            << QString() << 0 << -1 << 2
            << QStringList {QStringLiteral("IMG_3.jpg"), QStringLiteral("IMG_9.jpg")};
        QTest::newRow("nothing") << QStringLiteral("xyz") << -1 << -1 << 0 << QStringList();
    }

    void filters()
    {
        QFETCH(QString, name);
        QFETCH(int, label);
        QFETCH(int, side);
        QFETCH(int, state);
        QFETCH(QStringList, expected);
        PictureModel model;
        PictureFilter filter;
        const QAbstractItemModelTester tester(&filter,
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        filter.setPictures(&model);
        model.setDataset(test::flowerData(12));
        QCOMPARE(filter.rowCount(), 12);
        filter.setName(name);
        filter.setLabel(label);
        if (side >= 0)
            filter.setSide(static_cast<dataset::Side>(side));
        filter.setState(static_cast<PictureFilter::State>(state));
        QStringList shown;
        for (int row = 0; row < filter.rowCount(); ++row)
            shown += filter.index(row, 0).data().toString();
        QCOMPARE(shown, expected);
    }

    void classesHaveCountsAndChips()
    {
        ClassModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setDataset(test::flowerData(10), {{1, "Too few", "Rose has only 3 pictures. Add more."}});
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.index(0).data(ClassModel::LabelRole).toInt(), -1);
        QCOMPARE(model.index(0).data(ClassModel::CountRole).toInt(), 10);
        QCOMPARE(model.index(1).data(ClassModel::CountRole).toInt(), 4);
        QCOMPARE(model.index(2).data().toString(), QStringLiteral("Rose"));
        QCOMPARE(model.index(2).data(ClassModel::ChipRole).toString(), QStringLiteral("Too few"));
        QVERIFY(model.index(1).data(ClassModel::ChipRole).toString().isEmpty());
    }

    void problemsAreSortedFilteredAndSaved()
    {
        ProblemModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        using dataset::ProblemKind;
        model.setProblems({
            {ProblemKind::NotAPicture, "/f/Rose/notes.txt", "Rose", "notes.txt is not a picture.", true, {}},
            {ProblemKind::Damaged, "/f/Rose/a,b.jpg", "Rose", "It says \"end\".", true, {}},
            {ProblemKind::NearDuplicate,
             "/f/Rose/c.jpg",
             "Rose",
             "Nearly the same.",
             false,
             {"/f/Rose/d.jpg"}},
        });
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0, ProblemModel::Reason).data().toString(), QStringLiteral("Damaged file"));
        QCOMPARE(model.index(2, ProblemModel::File).data().toString(), QStringLiteral("c.jpg, d.jpg"));
        model.setKind(static_cast<int>(ProblemKind::Damaged));
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.total(), 3);
        const std::string csv =
            "reason,kind,file,class,done\r\n\"It says \"\"end\"\".\",damaged,\"/f/Rose/a,b.jpg\","
            "Rose,Skipped\r\n";
        QCOMPARE(QString::fromStdString(model.csv()), QString::fromStdString(csv));
        model.setKind(-1);
        QCOMPARE(model.rowCount(), 3);
    }

    void aHundredThousandTilesAreLaidOutAtOnce()
    {
        PictureModel model;
        PictureFilter filter;
        filter.setPictures(&model);
        model.setDataset(test::flowerData(100'000));
        ThumbnailLoader loader(64, 1, 1 << 20);
        PictureDelegate delegate(&model, &filter, &loader, nullptr);
        QListView view;
        view.setViewMode(QListView::IconMode);
        view.setMovement(QListView::Static);
        view.setResizeMode(QListView::Adjust);
        view.setUniformItemSizes(true);
        view.setLayoutMode(QListView::Batched);
        view.setBatchSize(20'000);
        view.setItemDelegate(&delegate);
        view.setGridSize(QSize(124, 127));
        view.resize(744, 500);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));

        const tests::ProcessorClock clock;
        view.setModel(&filter);
        view.doItemsLayout();
        const double took = clock.milliseconds();
        QVERIFY2(took < 50.0, qPrintable(QString::number(took)));
        const int row = filter.rowCount() - 1;
        QTRY_VERIFY(view.visualRect(filter.index(row, 0)).isValid());
        view.setModel(nullptr);
    }

    void aPictureThatCannotBeReadSaysWhy()
    {
        ThumbnailLoader loader(64, 1, 1 << 20);
        QSignalSpy loaded(&loader, &ThumbnailLoader::loaded);
        const std::filesystem::path file = "/nowhere/at/all.jpg";
        QVERIFY(loader.pixmap(file).isNull());
        QTRY_COMPARE(loaded.size(), 1);
        QVERIFY(loader.problem(file).contains(QStringLiteral("all.jpg")));
        QVERIFY(loader.pixmap(file).isNull());
        QCOMPARE(loaded.size(), 1); // it is not tried again and again
    }
};

QTEST_MAIN(TestPictureModel)
#include "tst_picture_model.moc"
