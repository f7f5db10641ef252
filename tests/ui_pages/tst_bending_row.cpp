#include "ui/widgets/bending_row.h"

#include <QHBoxLayout>
#include <QTest>

using graft::ui::BendingRow;

namespace {

QWidget* block(int width, int height)
{
    auto* widget = new QWidget;
    widget->setMinimumSize(width, height);
    return widget;
}

} // namespace

class TestBendingRow : public QObject
{
    Q_OBJECT
private slots:

    void bendsWhereThereIsNoRoom()
    {
        QWidget window;
        BendingRow row(8, &window);
        QWidget* first = block(100, 20);
        QWidget* second = block(60, 30);
        row.add(first);
        row.add(second);
        QCOMPARE(row.minimumSizeHint().width(), 100);
        row.resize(168, 40);
        window.show();
        QVERIFY(!row.isBent());
        QCOMPARE(second->x(), first->geometry().right() + 1 + 8);
        row.resize(167, 80);
        QVERIFY(row.isBent());
        QCOMPARE(row.minimumSizeHint(), QSize(100, 20 + 8 + 30));
        QTRY_VERIFY(second->y() > first->y());
        row.resize(300, 80);
        QVERIFY(!row.isBent());
    }

    void standsUprightInALayoutThatHasRoom()
    {
        QWidget window;
        auto* layout = new QHBoxLayout(&window);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        auto* row = new BendingRow(8);
        row->add(block(100, 20));
        row->add(block(60, 30));
        layout->addWidget(block(50, 10), 1);
        layout->addWidget(row);
        QCOMPARE(window.minimumSizeHint().width(), 150);
        window.resize(150, 100);
        window.show();
        QVERIFY(row->isBent());
        window.resize(400, 100);
        QTRY_VERIFY(!row->isBent());
    }

    void bendsWhenAWidgetGrows()
    {
        QWidget window;
        BendingRow row(8, &window);
        QWidget* first = block(100, 20);
        row.add(first);
        row.add(block(60, 30));
        row.resize(200, 80);
        window.show();
        QVERIFY(!row.isBent());
        first->setMinimumWidth(140);
        QTRY_VERIFY(row.isBent());
    }
};

QTEST_MAIN(TestBendingRow)
#include "tst_bending_row.moc"
