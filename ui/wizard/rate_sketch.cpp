#include "ui/wizard/rate_sketch.h"

#include "ui/theme.h"

#include <QEvent>
#include <QPainter>
#include <QPainterPath>
#include <QPen>

#include <array>
#include <cmath>

namespace graft::ui {

namespace {

constexpr int Height = 96; // pixels, of the drawing above its legend
constexpr int Gap = 12;
constexpr int Sample = 24; // of a line in the legend
constexpr double Width = 2.0; // of lines

/// The loss from 1 at the beginning, over 0 to 1.
double good(double x)
{
    return 0.05 + 0.95 * std::exp(-4.5 * x);
}

double tooSmall(double x)
{
    return 1.0 - 0.32 * x;
}

double tooBig(double x)
{
    constexpr std::array<double, 12> jumps {1.0,  0.4,  0.88, 0.33, 0.92, 0.42,
                                            0.95, 0.35, 0.86, 0.45, 0.82, 0.88};
    const double place = x * (jumps.size() - 1);
    const auto left = std::min(static_cast<std::size_t>(place), jumps.size() - 2);
    const double share = place - static_cast<double>(left);
    return jumps[left] * (1.0 - share) + jumps[left + 1] * share;
}

QPen penOf(int line)
{
    const Colours& c = colours();
    QPen pen(line == 0 ? c.training : line == 1 ? c.text2 : c.validation, Width);
    if (line == 1)
        pen.setDashPattern({1.0, 1.5});
    if (line == 2)
        pen.setDashPattern({4.0, 2.0});
    pen.setCapStyle(Qt::FlatCap);
    pen.setJoinStyle(Qt::RoundJoin);
    return pen;
}

} // namespace

RateSketch::RateSketch(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(
        tr("Drawing: with a good learning rate the loss falls quickly, with one that is too small "
           "slowly, with one that is too big it jumps up and down."));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

int RateSketch::legendRow() const
{
    return fontMetrics().height() + 4;
}

QSize RateSketch::sizeHint() const
{
    return {200, Height + Gap + 3 * legendRow()};
}

QSize RateSketch::minimumSizeHint() const
{
    return {120, sizeHint().height()};
}

void RateSketch::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF plot(4.5, 2.5, width() - 8.0, Height - 4.0);
    painter.setPen(QPen(colours().control, 1.0));
    painter.drawLine(plot.topLeft(), plot.bottomLeft());
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());

    constexpr int steps = 110;
    constexpr double head = 8.0; // pixels above the highest point
    double (*const curves[])(double) = {good, tooSmall, tooBig};
    for (int line = 2; line >= 0; --line) { // the good one on top
        QPainterPath path;
        for (int i = 0; i <= steps; ++i) {
            const double x = static_cast<double>(i) / steps;
            const QPointF point(plot.left() + 4.0 + x * (plot.width() - 8.0),
                                plot.bottom() - curves[line](x) * (plot.height() - head));
            i == 0 ? path.moveTo(point) : path.lineTo(point);
        }
        painter.setPen(penOf(line));
        painter.drawPath(path);
    }

    const QString names[] = {tr("good"), tr("too small"), tr("too big")};
    for (int line = 0; line < 3; ++line) {
        const QRectF row(0.0, Height + Gap + line * legendRow(), width(), legendRow());
        painter.setPen(penOf(line));
        painter.drawLine(QPointF(0.0, row.center().y()), QPointF(Sample, row.center().y()));
        painter.setPen(colours().text2);
        painter.drawText(row.adjusted(Sample + 8.0, 0.0, 0.0, 0.0), Qt::AlignVCenter | Qt::AlignLeft,
                         names[line]);
    }
}

void RateSketch::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateGeometry();
    update();
}

} // namespace graft::ui
