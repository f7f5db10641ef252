#include "ui/widgets/bending_row.h"

#include <QBoxLayout>
#include <QEvent>

#include <algorithm>

namespace graft::ui {

BendingRow::BendingRow(int spacing, QWidget* parent)
    : QWidget(parent)
    , m_row(new QBoxLayout(QBoxLayout::LeftToRight, this))
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(spacing);
}

void BendingRow::add(QWidget* widget, int stretch)
{
    m_row->addWidget(widget, stretch);
}

bool BendingRow::isBent() const
{
    return m_row->direction() == QBoxLayout::TopToBottom;
}

QSize BendingRow::sizeHint() const
{
    int width = m_row->spacing() * (m_row->count() - 1);
    for (int at = 0; at < m_row->count(); ++at)
        width += m_row->itemAt(at)->sizeHint().width();
    return {width, m_row->sizeHint().height()};
}

QSize BendingRow::minimumSizeHint() const
{
    int widest = 0;
    for (int at = 0; at < m_row->count(); ++at)
        widest = std::max(widest, m_row->itemAt(at)->minimumSize().width());
    return {widest, m_row->minimumSize().height()};
}

bool BendingRow::event(QEvent* event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest)
        bend();
    return QWidget::event(event);
}

void BendingRow::bend()
{
    int needed = m_row->spacing() * (m_row->count() - 1);
    for (int at = 0; at < m_row->count(); ++at)
        needed += m_row->itemAt(at)->minimumSize().width();
    m_row->setDirection(width() < needed ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

} // namespace graft::ui
