#include "ui/widgets/layer_drawing.h"

#include "ui/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QPalette>

namespace graft::ui {

namespace {

// Where the drawing is as high as this, one is one pixel.
constexpr double Height = 34.0;
constexpr int Layers = 5;
constexpr int LayersOfSvm = 3; // that are not cut off
constexpr double Step = 20.0; // from layer to layer
constexpr double LayerWidth = 12.0;
constexpr double Highest = 30.0;
constexpr double Smaller = 4.0; // than the one before
constexpr double Line = 1.5;
constexpr double Hatch = 4.0; // from line to line

QRectF layer(int index)
{
    const double high = Highest - Smaller * index;
    return {index * Step + 1.0, (Height - high) / 2.0, LayerWidth, high};
}

QPen dashed(const QColor& colour, double width, double on, double off)
{
    QPen pen(colour, width);
    pen.setCapStyle(Qt::FlatCap);
    pen.setDashPattern({on / width, off / width});
    return pen;
}

/// With lines of its own: Qt's patterns do not grow with the drawing.
void drawHatched(QPainter& painter, const QRectF& box, const QColor& colour)
{
    painter.save();
    QPainterPath edge;
    edge.addRoundedRect(box, 2.0, 2.0);
    painter.setClipPath(edge, Qt::IntersectClip);
    painter.setPen(QPen(colour, Line));
    for (double x = box.left(); x < box.right() + box.height(); x += Hatch)
        painter.drawLine(QPointF(x, box.top()), QPointF(x - box.height(), box.bottom()));
    painter.restore();
    painter.setPen(QPen(colour, Line));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(box, 2.0, 2.0);
}

LayerLook lookOf(std::string_view strategy, int index, bool fromZero)
{
    if (strategy == "finetune")
        return LayerLook::Learns;
    if (strategy == "scratch")
        return fromZero ? LayerLook::FromZero : LayerLook::Learns;
    return strategy == "svm" && index >= LayersOfSvm ? LayerLook::CutOff : LayerLook::Frozen;
}

} // namespace

void drawLayer(QPainter& painter, const QRectF& where, LayerLook look, const QPalette& palette)
{
    const QColor learns = palette.color(QPalette::Highlight);
    const QColor stays = palette.color(QPalette::Mid);
    if (look == LayerLook::FromZero) {
        drawHatched(painter, where, learns);
        return;
    }
    const bool filled = look == LayerLook::Learns;
    painter.setPen(look == LayerLook::CutOff ? dashed(stays, 1.0, 2.0, 3.0)
                                             : QPen(filled ? learns : stays, Line));
    painter.setBrush(filled ? QBrush(learns) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(where, 2.0, 2.0);
}

void drawLayers(QPainter& painter, const QRectF& where, std::string_view strategy, bool fromZero,
                const QPalette& palette)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(where.topLeft());
    painter.scale(where.height() / Height, where.height() / Height);
    for (int i = 0; i < Layers; ++i)
        drawLayer(painter, layer(i), lookOf(strategy, i, fromZero), palette);
    if (strategy == "svm") {
        const double x = LayersOfSvm * Step - 3.0;
        painter.setPen(dashed(colours().errorText, Line, 4.0, 3.0));
        painter.drawLine(QPointF(x, 1.0), QPointF(x, Height - 1.0));
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette.color(QPalette::Highlight));
    constexpr double classifier = 7.0; // its radius
    painter.drawEllipse(QPointF(Layers * Step + 14.0, Height / 2.0), classifier, classifier);
    painter.restore();
}

} // namespace graft::ui
