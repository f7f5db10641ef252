#include "ui/theme.h"

#include "ui/desktop_scheme.h"

#include <QApplication>
#include <QFile>
#include <QFontInfo>
#include <QPalette>
#include <QStyleFactory>

#include <algorithm>
#include <utility>

namespace graft::ui {

namespace {

constexpr double smallestPoints = 10.0; // where no desktop sets a font, Qt takes a smaller one

/// What is shown now, and what the desktop came with before anything of ours was set. GUI thread only.
struct Look {
    Colours colours = lightColours();
    Theme theme = Theme::System;
    double typeSize = 1.0;
    bool started = false;
    bool startDark = false;
    QFont startFont;
    double startPoints = 10.0;
};

Look look;

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto mix = [share](int x, int y) { return static_cast<int>(x + (y - x) * share); };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

QPalette palette(const Colours& c)
{
    QPalette p(c.text, c.window, mixed(c.window, Qt::white, c.dark ? 0.1 : 0.6),
               mixed(c.window, Qt::black, 0.4), c.control, c.text, c.text, c.surface, c.window);
    p.setColor(QPalette::Button, c.surface);
    p.setColor(QPalette::AlternateBase, c.window);
    p.setColor(QPalette::Highlight, c.accent);
    p.setColor(QPalette::HighlightedText, c.onAccent);
    p.setColor(QPalette::Link, c.accent);
    p.setColor(QPalette::LinkVisited, c.accent);
    p.setColor(QPalette::PlaceholderText, c.text2);
    p.setColor(QPalette::ToolTipBase, c.surface);
    p.setColor(QPalette::ToolTipText, c.text);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, c.disabled);
    return p;
}

QString styleSheet(const Colours& c, double basePoints)
{
    QFile file(QStringLiteral(":/style/style.qss"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the style sheet is missing from the program");
    QString text = QString::fromUtf8(file.readAll());

    // A name that begins like another one comes first.
    const std::pair<const char*, QColor> names[] = {
        {"accentHover", mixed(c.accent, c.dark ? Qt::white : Qt::black, 0.15)},
        {"accent", c.accent},
        {"button", c.dark ? QColor(0x2C, 0x32, 0x2F) : c.surface},
        {"control", c.control},
        {"disabled", c.disabled},
        {"errorBack", c.errorBack},
        {"errorLine", c.dark ? QColor(0x8A, 0x46, 0x40) : QColor(0xE2, 0xA1, 0x9B)},
        {"errorText", c.errorText},
        {"infoBack", c.infoBack},
        {"line", c.line},
        {"navigation", c.navigation},
        {"onAccent", c.onAccent},
        {"selection", c.selection},
        {"surface", c.surface},
        {"text2", c.text2},
        {"text", c.text},
        {"track", c.track},
        {"warningBack", c.warningBack},
        {"warningLine", c.dark ? QColor(0x7A, 0x5F, 0x2A) : QColor(0xE3, 0xB6, 0x5C)},
        {"warningText", c.warningText},
        {"window", c.window},
    };
    for (const auto& [name, colour] : names)
        text.replace(QLatin1Char('@') + QLatin1String(name), colour.name());

    const std::pair<const char*, double> sizes[] = {
        {"captionpt", 0.9}, {"bodypt", 1.0}, {"h2pt", 1.2}, {"h1pt", 1.6}, {"answerpt", 2.6}};
    for (const auto& [name, factor] : sizes)
        text.replace(QLatin1Char('@') + QLatin1String(name),
                     QString::number(basePoints * factor, 'f', 1) + QStringLiteral("pt"));
    return text.replace(QStringLiteral("@mode"), c.dark ? QStringLiteral("dark") : QStringLiteral("light"));
}

void show(QApplication& app)
{
    const bool dark = look.theme == Theme::Dark
        || (look.theme == Theme::System && DesktopScheme::of(app)->prefersDark().value_or(look.startDark));
    look.colours = dark ? darkColours() : lightColours();

    const double points = look.startPoints * look.typeSize;
    QFont font = look.startFont;
    font.setPointSizeF(points);
    QApplication::setFont(font);
    QApplication::setPalette(palette(look.colours));
    app.setStyleSheet(styleSheet(look.colours, points));
}

void start(QApplication& app)
{
    if (look.started)
        return;
    look.started = true;
    look.startDark = QApplication::palette().color(QPalette::Window).lightness() < 128;
    look.startFont = QApplication::font();
    look.startPoints = std::max(smallestPoints, QFontInfo(look.startFont).pointSizeF());
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QObject::connect(DesktopScheme::of(app), &DesktopScheme::changed, &app, [&app] {
        if (look.theme == Theme::System)
            show(app);
    });
}

} // namespace

Colours lightColours()
{
    Colours c;
    c.window = 0xF4F6F4;
    c.surface = 0xFFFFFF;
    c.navigation = 0xE8ECE9;
    c.line = 0xD4DAD6;
    c.control = 0x7F8882;
    c.text = 0x1B211E;
    c.text2 = 0x525C56;
    c.disabled = 0x949D97;
    c.accent = 0x0B6B60;
    c.onAccent = 0xFFFFFF;
    c.selection = 0xDCEEEA;
    c.warningText = 0x8A5200;
    c.warningBack = 0xFFF2D9;
    c.errorText = 0xB3261E;
    c.errorBack = 0xFBE9E7;
    c.infoText = 0x1F5C99;
    c.infoBack = 0xE5EFF9;
    c.training = 0x00569F;
    c.validation = 0xB85C00;
    c.grid = 0xE4E8E5;
    c.track = 0xDDE3DF;
    c.dark = false;
    return c;
}

Colours darkColours()
{
    Colours c;
    c.window = 0x1A1E1C;
    c.surface = 0x232826;
    c.navigation = 0x151816;
    c.line = 0x39413C;
    c.control = 0x7B857F;
    c.text = 0xE7ECE9;
    c.text2 = 0xA8B2AC;
    c.disabled = 0x6F7973;
    c.accent = 0x53C4B2;
    c.onAccent = 0x06231F;
    c.selection = 0x1D3D38;
    c.warningText = 0xF2BC62;
    c.warningBack = 0x3A2E17;
    c.errorText = 0xFF958C;
    c.errorBack = 0x45211F;
    c.infoText = 0x8FBCF2;
    c.infoBack = 0x1C2E43;
    c.training = 0x7DBBF5;
    c.validation = 0xF5A54B;
    c.grid = 0x303733;
    c.track = 0x39413C;
    c.dark = true;
    return c;
}

const Colours& colours()
{
    return look.colours;
}

void applyTheme(QApplication& app, Theme theme)
{
    start(app);
    look.theme = theme;
    show(app);
}

void applyTypeSize(QApplication& app, double factor)
{
    start(app);
    look.typeSize = factor;
    show(app);
}

} // namespace graft::ui
