#include "ui/widgets/bar_delegate.h"

#include "ui/models/answer_model.h"
#include "ui/theme.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace graft::ui {

BarDelegate::BarDelegate(Look look, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_look(look)
{
}

void BarDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QVariant share = index.data(AnswerModel::ShareRole);
    if (!share.isValid()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString text = cell.text;
    cell.text.clear();
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &cell, painter,
                                       cell.widget); // selection and line

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool thick = m_look == Look::Thick;
    const double height = thick ? 12.0 : 6.0;
    const double radius = thick ? 3.0 : 3.0;
    const QFontMetrics metrics(cell.font);
    const double textWidth = metrics.horizontalAdvance(QStringLiteral("100 %")) + 12.0;
    const QRectF room = QRectF(cell.rect).adjusted(8.0, 0.0, thick ? 0.0 : -8.0, 0.0);
    const QRectF track(room.left(), room.center().y() - height / 2.0,
                       std::max(8.0, room.width() - textWidth - 8.0), height);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colours().track);
    painter->drawRoundedRect(track, radius, radius);
    const double width = track.width() * std::clamp(share.toDouble(), 0.0, 1.0);
    if (width >= 1.0) {
        painter->setBrush(thick && index.row() == 0 ? colours().accent
                              : thick               ? colours().control
                                                    : colours().text2);
        painter->drawRoundedRect(QRectF(track.topLeft(), QSizeF(width, height)), radius, radius);
    }
    painter->setFont(cell.font);
    painter->setPen(colours().text);
    painter->drawText(
        QRectF(track.right() + 8.0, room.top(), room.right() - track.right() - 8.0, room.height()),
        Qt::AlignVCenter | Qt::AlignRight, text);
    painter->restore();
}

} // namespace graft::ui
