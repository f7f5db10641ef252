#include "ui/wizard/step_list.h"

#include "ui/theme.h"

#include <QEvent>
#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace graft::ui {

namespace {

constexpr int Margin = 24; // pixels, as are the others
constexpr int Narrowest = 160;
constexpr int Usual = 200;
constexpr double Circle = 24.0;
constexpr double Gap = 12.0;
constexpr double TitleHeight = 32.0;

} // namespace

StepList::StepList(const QString& title, const QStringList& steps, QWidget* parent)
    : QFrame(parent)
    , m_title(title)
    , m_steps(steps)
{
    setProperty("navigation", true);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
    setCurrent(0);
}

void StepList::setCurrent(int step)
{
    m_current = step;
    setAccessibleName(
        tr("%1, step %2 of %3: %4").arg(m_title).arg(step + 1).arg(m_steps.size()).arg(m_steps.value(step)));
    update();
}

int StepList::rowHeight() const
{
    return std::max(40, fontMetrics().height() + 18);
}

QSize StepList::sizeHint() const
{
    QFont bold = font();
    bold.setBold(true);
    const QFontMetrics metrics(bold);
    int width = metrics.horizontalAdvance(m_title);
    for (const QString& step : m_steps)
        width = std::max(width, static_cast<int>(Circle + Gap) + metrics.horizontalAdvance(step));
    const int rows = static_cast<int>(m_steps.size()) * rowHeight();
    return {std::max(Usual, width + 2 * Margin), 2 * Margin + static_cast<int>(TitleHeight) + rows};
}

QSize StepList::minimumSizeHint() const
{
    return {std::max(Narrowest, sizeHint().width()), sizeHint().height()};
}

void StepList::paintEvent(QPaintEvent* event)
{
    QFrame::paintEvent(event);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(colours().text);
    const QRectF title(Margin, Margin, width() - 2.0 * Margin, TitleHeight);
    painter.drawText(title, Qt::AlignVCenter | Qt::AlignLeft, m_title);
    for (int i = 0; i < m_steps.size(); ++i)
        paintStep(painter, i,
                  {title.left(), title.bottom() + 16.0 + i * rowHeight(), title.width(),
                   static_cast<double>(rowHeight())});
}

void StepList::paintStep(QPainter& painter, int step, const QRectF& row) const
{
    const Colours& c = colours();
    const bool here = step == m_current;
    const bool done = step < m_current;
    const QRectF circle(row.left(), row.center().y() - Circle / 2.0, Circle, Circle);
    painter.setPen(here ? QPen(Qt::NoPen) : QPen(done ? c.accent : c.control, 1.0));
    painter.setBrush(here ? QBrush(c.accent) : QBrush(Qt::NoBrush));
    painter.drawEllipse(circle.adjusted(0.5, 0.5, -0.5, -0.5));
    if (done) {
        icon("check", Ink::Accent)
            .paint(&painter,
                   QRectF(circle.center().x() - 6.0, circle.center().y() - 6.0, 12.0, 12.0).toRect());
    } else {
        QFont number = font();
        number.setPointSizeF(font().pointSizeF() * 0.9);
        painter.setFont(number);
        painter.setPen(here ? c.onAccent : c.text2);
        painter.drawText(circle, Qt::AlignCenter, QLocale().toString(step + 1));
    }
    QFont name = font();
    name.setBold(here);
    painter.setFont(name);
    painter.setPen(here || done ? c.text : c.text2);
    painter.drawText(row.adjusted(Circle + Gap, 0.0, 0.0, 0.0), Qt::AlignVCenter | Qt::AlignLeft,
                     m_steps[step]);
}

void StepList::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateGeometry();
}

} // namespace graft::ui
