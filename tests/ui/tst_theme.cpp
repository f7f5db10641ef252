#include "tests/support/scratch.h"
#include "ui/theme.h"
#include "ui/widgets/parts.h"

#include <QApplication>
#include <QDirIterator>
#include <QPainter>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace graft::ui;

namespace {

/// WCAG 2.1, "relative luminance" and "contrast ratio".
double luminance(const QColor& colour)
{
    const auto linear = [](double c) {
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double x = luminance(a);
    const double y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

/// Blending rounds.
bool near(const QColor& a, const QColor& b)
{
    return std::abs(a.red() - b.red()) <= 1 && std::abs(a.green() - b.green()) <= 1
        && std::abs(a.blue() - b.blue()) <= 1;
}

QColor middleOf(const QIcon& icon, int size)
{
    return icon.pixmap(size, size).toImage().pixelColor(size / 2, size / 2);
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT
private slots:

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".?"))); }

    void cleanup() { applyTheme(*qApp, Theme::Light); }

    void contrast_data()
    {
        QTest::addColumn<QColor>("front");
        QTest::addColumn<QColor>("back");
        QTest::addColumn<double>("least");
        for (const Colours& c : {lightColours(), darkColours()}) {
            const char* mode = c.dark ? "dark" : "light";
            const auto row = [mode](const char* what, const QColor& front, const QColor& back, double least) {
                QTest::addRow("%s, %s", mode, what) << front << back << least;
            };
            const std::pair<const char*, QColor> backs[] = {{"window", c.window},
                                                            {"surface", c.surface},
                                                            {"navigation", c.navigation},
                                                            {"selection", c.selection}};
            for (const auto& [name, back] : backs) {
                row(qPrintable(QStringLiteral("text on ") + QLatin1String(name)), c.text, back, 4.5);
                row(qPrintable(QStringLiteral("text 2 on ") + QLatin1String(name)), c.text2, back, 4.5);
                row(qPrintable(QStringLiteral("accent on ") + QLatin1String(name)), c.accent, back, 4.5);
            }
            row("filled button", c.onAccent, c.accent, 4.5);
            row("warning", c.warningText, c.warningBack, 4.5);
            row("error", c.errorText, c.errorBack, 4.5);
            row("info", c.infoText, c.infoBack, 4.5);
            row("text on warning", c.text, c.warningBack, 4.5);
            row("text on error", c.text, c.errorBack, 4.5);
            row("text on info", c.text, c.infoBack, 4.5);
            row("training", c.training, c.surface, 4.5);
            row("validation", c.validation, c.surface, 4.5);
            row("control on surface", c.control, c.surface, 3.0);
            row("control on window", c.control, c.window, 3.0);
        }
    }

    void contrast()
    {
        QFETCH(QColor, front);
        QFETCH(QColor, back);
        QFETCH(double, least);
        QCOMPARE_GE(::contrast(front, back), least);
    }

    void classMarksStandOut()
    {
        for (const Theme theme : {Theme::Light, Theme::Dark}) {
            applyTheme(*qApp, theme);
            for (int label = 0; label < 8; ++label)
                QVERIFY2(::contrast(classColour(label), colours().surface) >= 3.0,
                         qPrintable(QString::number(label)));
        }
    }

    void afterEightClassesTheShapesAreOutlines()
    {
        for (int label = 0; label < 8; ++label) {
            QCOMPARE(classColour(label), classColour(label + 8));
            QCOMPARE(middleOf(classMark(label), 24), classColour(label));
            QCOMPARE(middleOf(classMark(label + 8), 24).alpha(), 0);
        }
    }

    void shapesDiffer()
    {
        QList<QImage> marks;
        for (int label = 0; label < 8; ++label) {
            QImage alpha = classMark(label).pixmap(24, 24).toImage().convertToFormat(QImage::Format_Alpha8);
            QVERIFY(!marks.contains(alpha));
            marks += alpha;
        }
    }

    void everyIconTakesThePalettesColour_data()
    {
        QTest::addColumn<QString>("name");
        for (QDirIterator files(QStringLiteral(":/icons")); files.hasNext();) {
            files.next();
            const QString name = files.fileInfo().baseName();
            if (name != QStringLiteral("logo"))
                QTest::newRow(qPrintable(name)) << name;
        }
    }

    void everyIconTakesThePalettesColour()
    {
        QFETCH(QString, name);
        const QIcon shown = icon(name.toLatin1().constData());
        QList<QRgb> strongest;
        for (const Theme theme : {Theme::Light, Theme::Dark}) {
            applyTheme(*qApp, theme);
            const QImage image = shown.pixmap(128, 128).toImage();
            int opaque = 0;
            for (int y = 0; y < 128; ++y) {
                for (int x = 0; x < 128; ++x) {
                    const QColor colour = image.pixelColor(x, y);
                    if (colour.alpha() < 255)
                        continue;
                    ++opaque;
                    QVERIFY2(near(colour, colours().text), qPrintable(colour.name()));
                }
            }
            QVERIFY(opaque > 10);
        }
    }

    void aDisabledIconIsPale()
    {
        const QImage image = icon("stop").pixmap(QSize(64, 64), QIcon::Disabled).toImage();
        QCOMPARE(image.pixelColor(32, 16), colours().disabled);
    }

    void theStyleSheetHasNoNameLeft()
    {
        for (const Theme theme : {Theme::Light, Theme::Dark}) {
            applyTheme(*qApp, theme);
            QVERIFY(!qApp->styleSheet().contains(QLatin1Char('@')));
        }
    }

    void aShownWindowFollows()
    {
        QWidget window;
        window.resize(200, 100);
        QLabel label(QStringLiteral("Daisy"), &window);
        label.setProperty("role", QStringLiteral("muted"));
        IconLabel mark(16, &window);
        mark.setIcon(icon("stop"));
        window.show();
        for (const Theme theme : {Theme::Dark, Theme::Light}) {
            applyTheme(*qApp, theme);
            QCoreApplication::processEvents();
            QCOMPARE(window.palette().color(QPalette::Window), colours().window);
            QCOMPARE(label.palette().color(QPalette::WindowText), colours().text2);
            QCOMPARE(mark.pixmap().toImage().pixelColor(8, 4),
                     icon("stop").pixmap(16, 16).toImage().pixelColor(8, 4));
        }
    }

    void typeSizeMovesEverything()
    {
        QLabel title(QStringLiteral("Pictures"));
        title.setProperty("role", QStringLiteral("h1"));
        title.show();
        applyTypeSize(*qApp, 1.0);
        QCoreApplication::processEvents();
        const double body = QApplication::font().pointSizeF();
        const double heading = title.fontInfo().pointSizeF();
        QCOMPARE_GE(body, 10.0);
        applyTypeSize(*qApp, 1.5);
        QCoreApplication::processEvents();
        QCOMPARE(QApplication::font().pointSizeF(), body * 1.5);
        QVERIFY(std::abs(title.fontInfo().pointSizeF() - heading * 1.5) < 0.6);
        applyTypeSize(*qApp, 1.0);
    }
};

int main(int argc, char** argv)
{
    const graft::test::Scratch scratch;
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("graft"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_theme"));
    applyTheme(app, Theme::Light);
    TestTheme test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_theme.moc"
