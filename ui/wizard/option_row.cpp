#include "ui/wizard/option_row.h"

#include "ui/widgets/parts.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QStyle>

namespace graft::ui {

namespace {

constexpr int FieldCharacters = 34; // in the width of a field, at most

} // namespace

OptionRow::OptionRow(Option option, QWidget* field, QWidget* parent)
    : QFrame(parent)
    , m_option(option)
    , m_field(field)
    , m_name(makeLabel("", optionTitle(option)))
{
    setProperty("optionrow", QStringLiteral("plain"));
    m_name->setBuddy(field);
    field->setMaximumWidth(FieldCharacters * fontMetrics().averageCharWidth());
    if (field->accessibleName().isEmpty())
        field->setAccessibleName(m_name->text());
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(16);
    row->addWidget(m_name);
    row->addWidget(field, 1);
    row->addStretch();
    QList<QWidget*> watched = field->findChildren<QWidget*>();
    watched += field;
    for (QWidget* widget : watched) {
        widget->installEventFilter(this);
        if (widget->accessibleName().isEmpty() && widget->focusPolicy() != Qt::NoFocus)
            widget->setAccessibleName(m_name->text());
        if ((widget->focusPolicy() & Qt::WheelFocus) == Qt::WheelFocus)
            widget->setFocusPolicy(Qt::StrongFocus);
    }
}

void OptionRow::setWhyNot(const QString& reason)
{
    m_reason = reason;
    m_field->setEnabled(reason.isEmpty());
    m_name->setEnabled(reason.isEmpty());
    setToolTip(reason);
    m_field->setToolTip(reason);
}

int OptionRow::nameWidth() const
{
    return m_name->sizeHint().width();
}

void OptionRow::setNameWidth(int width)
{
    m_name->setMinimumWidth(width);
}

/// The wheel scrolls the form, and turns only what has the focus.
bool OptionRow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Wheel && !static_cast<QWidget*>(watched)->hasFocus()) {
        event->ignore();
        return true;
    }
    if (event->type() == QEvent::FocusIn) {
        light(true);
        emit entered(m_option);
    } else if (event->type() == QEvent::FocusOut) {
        light(false);
    }
    return QFrame::eventFilter(watched, event);
}

void OptionRow::mousePressEvent(QMouseEvent* event)
{
    QFrame::mousePressEvent(event);
    emit entered(m_option);
}

void OptionRow::light(bool on)
{
    setProperty("optionrow", on ? QStringLiteral("focused") : QStringLiteral("plain"));
    style()->unpolish(this);
    style()->polish(this);
}

} // namespace graft::ui
