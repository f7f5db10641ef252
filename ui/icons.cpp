#include "ui/icon_engine.h"
#include "ui/theme.h"

#include <QFile>
#include <QPainter>
#include <QPushButton>
#include <QSvgRenderer>
#include <QVariant>

#include <array>
#include <cmath>
#include <memory>
#include <numbers>

namespace graft::ui {

namespace {

QColor inkColour(Ink ink)
{
    const Colours& c = colours();
    switch (ink) {
    case Ink::Text:
        return c.text;
    case Ink::Text2:
        return c.text2;
    case Ink::Accent:
        return c.accent;
    case Ink::OnAccent:
        return c.onAccent;
    case Ink::Warning:
        return c.warningText;
    case Ink::Error:
        return c.errorText;
    case Ink::Info:
        return c.infoText;
    }
    return c.text;
}

/// One drawing, re-read when its colour changes.
struct Drawing {
    QByteArray source;
    QColor colour;
    QSvgRenderer renderer;

    void paint(QPainter& painter, const QRectF& box, const QColor& wanted)
    {
        if (wanted != colour) {
            colour = wanted;
            renderer.load(QByteArray(source).replace("currentColor", colour.name().toLatin1()));
            renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        }
        renderer.render(&painter, box);
    }
};

std::shared_ptr<Drawing> drawing(const char* name)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(QLatin1String(name)));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("there is no icon \"%s\"", name);
    auto result = std::make_shared<Drawing>();
    result->source = file.readAll();
    return result;
}

constexpr int shapes = 8;

QPolygonF corners(int count, double turn, const QRectF& box)
{
    QPolygonF polygon;
    for (int i = 0; i < count; ++i) {
        const double angle = turn + 2.0 * std::numbers::pi * i / count;
        polygon << box.center()
                + QPointF(std::sin(angle) * box.width() / 2, -std::cos(angle) * box.height() / 2);
    }
    return polygon;
}

QPolygonF shape(int index, const QRectF& b)
{
    const auto at = [&b](double x, double y) {
        return QPointF(b.x() + x * b.width(), b.y() + y * b.height());
    };
    switch (index) {
    case 1: // square
        return QPolygonF({at(.08, .08), at(.92, .08), at(.92, .92), at(.08, .92)});
    case 2: // triangle
        return QPolygonF({at(.5, .03), at(.98, .94), at(.02, .94)});
    case 3: // diamond
        return corners(4, 0.0, b);
    case 4: // pentagon
        return corners(5, 0.0, b);
    case 5: // plus
        return QPolygonF({at(.33, .05), at(.67, .05), at(.67, .33), at(.95, .33), at(.95, .67), at(.67, .67),
                          at(.67, .95), at(.33, .95), at(.33, .67), at(.05, .67), at(.05, .33),
                          at(.33, .33)});
    case 6: // triangle, point down
        return QPolygonF({at(.5, .97), at(.98, .06), at(.02, .06)});
    default: // hexagon
        return corners(6, std::numbers::pi / 6, b);
    }
}

} // namespace

QIcon icon(const char* name, Ink ink)
{
    return paintedIcon([source = drawing(name), ink](QPainter& painter, const QRectF& box, bool enabled) {
        source->paint(painter, box, enabled ? inkColour(ink) : colours().disabled);
    });
}

QIcon icon(const char* name, const QColor& colour)
{
    return paintedIcon([source = drawing(name), colour](QPainter& painter, const QRectF& box, bool enabled) {
        source->paint(painter, box, enabled ? colour : colours().disabled);
    });
}

void makePrimary(QPushButton* button, const char* iconName)
{
    button->setProperty("primary", true);
    button->setIcon(icon(iconName, Ink::OnAccent));
}

QColor classColour(int label)
{
    static constexpr std::array<QRgb, shapes> light {0x00569F, 0xBF7C00, 0xD8447F, 0x00604E,
                                                     0x3A8CC5, 0xA32310, 0x2A2970, 0x938862};
    static constexpr std::array<QRgb, shapes> dark {0x7DBBF5, 0xF5BC2A, 0xD983B8, 0x2BA377,
                                                    0xD3F0FA, 0xE26A38, 0x8490FF, 0x9DCDAC};
    const auto index = static_cast<std::size_t>(label % shapes);
    return QColor(colours().dark ? dark[index] : light[index]);
}

void paintClassMark(QPainter& painter, const QRectF& box, int label)
{
    const bool outline = (label / shapes) % 2 == 1;
    const double stroke = box.width() / 6.0;
    const QRectF inner = outline ? box.adjusted(stroke / 2, stroke / 2, -stroke / 2, -stroke / 2) : box;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(outline ? QPen(classColour(label), stroke, Qt::SolidLine, Qt::RoundCap, Qt::MiterJoin)
                           : QPen(Qt::NoPen));
    painter.setBrush(outline ? QBrush(Qt::NoBrush) : QBrush(classColour(label)));
    if (label % shapes == 0)
        painter.drawEllipse(inner.adjusted(inner.width() * .06, inner.height() * .06, -inner.width() * .06,
                                           -inner.height() * .06));
    else
        painter.drawPolygon(shape(label % shapes, inner));
    painter.restore();
}

QIcon classMark(int label)
{
    return paintedIcon(
        [label](QPainter& painter, const QRectF& box, bool) { paintClassMark(painter, box, label); });
}

} // namespace graft::ui
