#include "ui/widgets/interval_bar.h"

#include "ui/models/words.h"
#include "ui/theme.h"

#include <QPainter>

#include <algorithm>

namespace graft::ui {

namespace {

constexpr double BarHeight = 8.0;
constexpr int Top = 6; // room for the mark, which is higher than the bar

} // namespace

IntervalBar::IntervalBar(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void IntervalBar::setShare(double share, Interval interval, int classes)
{
    m_share = share;
    m_interval = interval;
    m_classes = std::max(1, classes);
    setAccessibleName(tr("%1 right, interval %2, guessing would give %3")
                          .arg(percentExact(share), percentRange(interval), percent(1.0 / m_classes)));
    setToolTip(accessibleName());
    update();
}

QSize IntervalBar::sizeHint() const
{
    return {320, Top + static_cast<int>(BarHeight) + 6 + fontMetrics().height()};
}

void IntervalBar::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Colours& c = colours();
    const QRectF track(1.0, Top, width() - 2.0, BarHeight);
    const auto x = [&track](double share) { return track.left() + track.width() * share; };
    painter.setPen(Qt::NoPen);
    painter.setBrush(c.track);
    painter.drawRoundedRect(track, 4.0, 4.0);
    painter.setBrush(c.accent);
    painter.drawRoundedRect(QRectF(x(m_interval.low), track.top(),
                                   std::max(2.0, x(m_interval.high) - x(m_interval.low)), BarHeight),
                            3.0, 3.0);
    painter.setBrush(c.text);
    painter.drawRoundedRect(QRectF(x(m_share) - 1.5, track.top() - 4.0, 3.0, BarHeight + 8.0), 1.5, 1.5);

    const double guess = x(1.0 / m_classes);
    painter.setPen(QPen(c.text2, 1.2, Qt::DotLine));
    painter.drawLine(QPointF(guess, track.top() - 4.0), QPointF(guess, track.bottom() + 6.0));
    QFont caption = font();
    caption.setPointSizeF(font().pointSizeF() * 0.9);
    painter.setFont(caption);
    painter.setPen(c.text2);
    const QString text = tr("guessing: %1").arg(percent(1.0 / m_classes));
    const double textWidth = painter.fontMetrics().horizontalAdvance(text);
    const double left = std::clamp(guess - textWidth / 2.0, 0.0, std::max(0.0, width() - textWidth));
    painter.drawText(QRectF(left, track.bottom() + 4.0, textWidth + 2.0, painter.fontMetrics().height()),
                     Qt::AlignCenter, text);
}

} // namespace graft::ui
