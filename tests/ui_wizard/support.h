#pragma once
#include "tests/support/scratch.h"
#include "ui/models/english_plurals.h"
#include "ui/theme.h"

#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>

// What the tests of the wizard's steps share.
namespace graft::test {

/// For init(): every warning fails the test, but that of the offscreen plugin, which has no window manager.
inline void failOnWarnings()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
}

/// Of the labels that are shown, one a line; spaces that do not break are plain ones.
inline QString texts(const QWidget* widget)
{
    QString all;
    for (const QLabel* label : widget->findChildren<QLabel*>()) {
        if (label->isVisible())
            all += QString(label->text()).replace(QChar(0x00A0), QLatin1Char(' ')) + QLatin1Char('\n');
    }
    return all;
}

/// Texts of the buttons that are shown.
inline QStringList buttons(const QWidget* widget)
{
    QStringList all;
    for (const auto* button : widget->findChildren<QPushButton*>()) {
        if (button->isVisible())
            all += button->text();
    }
    return all;
}

/// Clicks the button that is shown with this text.
inline void press(const QWidget* widget, const QString& text)
{
    for (auto* button : widget->findChildren<QPushButton*>()) {
        if (button->isVisible() && button->text() == text) {
            button->click();
            return;
        }
    }
    QFAIL(qPrintable(text));
}

/// main() of a test: in the light theme, with settings of its own.
template <class Test>
int run(int argc, char** argv)
{
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("graft"));
    QCoreApplication::setApplicationName(QLatin1String(Test::staticMetaObject.className()));
    ui::EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    const Scratch settings;
    ui::applyTheme(app, ui::Theme::Light);
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace graft::test
