#include "ui/widgets/class_delegate.h"

#include "ui/models/class_model.h"
#include "ui/theme.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace graft::ui {

namespace {

constexpr int RowHeight = 32;
constexpr double Padding = 16.0;
constexpr double MarkSize = 12.0;
constexpr double IconSize = 12.0;

// Returns the left edge of what it drew, ending at `right`.
double paintWarningChip(QPainter& painter, const QRectF& row, double right, const QString& text,
                        const QIcon& warning)
{
    const double textWidth = text.isEmpty() ? 0.0 : painter.fontMetrics().horizontalAdvance(text) + 4.0;
    const double width = textWidth + IconSize + 16.0;
    const QRectF chip(right - width, row.center().y() - 10.0, width, 20.0);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours().warningBack);
    painter.drawRoundedRect(chip, 10.0, 10.0);
    warning.paint(&painter,
                  QRectF(chip.left() + 8.0, chip.center().y() - IconSize / 2.0, IconSize, IconSize).toRect());
    painter.setPen(colours().warningText);
    painter.drawText(chip.adjusted(IconSize + 12.0, 0.0, -8.0, 0.0), Qt::AlignVCenter | Qt::AlignLeft, text);
    return chip.left();
}

} // namespace

ClassDelegate::ClassDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
    , m_all(icon("grid"))
    , m_warning(icon("warning", Ink::Warning))
{
}

QSize ClassDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const int width = option.fontMetrics.horizontalAdvance(index.data().toString()) + 120;
    return {width, std::max(RowHeight, option.fontMetrics.height() + 12)};
}

void ClassDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF row(option.rect);
    if (option.state.testFlag(QStyle::State_Selected)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(colours().selection);
        painter->drawRoundedRect(row.adjusted(4.0, 1.0, -4.0, -1.0), 4.0, 4.0);
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(QPen(colours().accent, 2.0));
            painter->drawRoundedRect(row.adjusted(5.0, 2.0, -5.0, -2.0), 4.0, 4.0);
        }
    }
    const int label = index.data(ClassModel::LabelRole).toInt();
    const QRectF mark(row.left() + Padding, row.center().y() - MarkSize / 2.0, MarkSize, MarkSize);
    if (label < 0)
        m_all.paint(painter, mark.adjusted(-2.0, -2.0, 2.0, 2.0).toRect());
    else
        paintClassMark(*painter, mark, label);

    const QString count = QLocale().toString(index.data(ClassModel::CountRole).toInt());
    const QRectF inner = row.adjusted(Padding + MarkSize + 12.0, 0.0, -12.0, 0.0);
    painter->setFont(option.font);
    painter->setPen(colours().text2);
    painter->drawText(inner, Qt::AlignVCenter | Qt::AlignRight, count);
    double right = inner.right() - std::max(option.fontMetrics.horizontalAdvance(count), 28) - 8.0;

    const QString chip = index.data(ClassModel::ChipRole).toString();
    if (!chip.isEmpty()) {
        QFont caption = option.font;
        caption.setPointSizeF(option.font.pointSizeF() * 0.9);
        painter->setFont(caption);
        // In a narrow list the name goes before the words of the chip; its tooltip has them.
        const double words = painter->fontMetrics().horizontalAdvance(chip) + IconSize + 28.0;
        const double name = option.fontMetrics.horizontalAdvance(index.data().toString());
        const bool fits = inner.left() + name + words <= right;
        right = paintWarningChip(*painter, row, right, fits ? chip : QString(), m_warning) - 8.0;
        painter->setFont(option.font);
    }
    painter->setPen(colours().text);
    const int space = static_cast<int>(right - inner.left());
    painter->drawText(inner, Qt::AlignVCenter | Qt::AlignLeft,
                      option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, space));
    painter->restore();
}

} // namespace graft::ui
