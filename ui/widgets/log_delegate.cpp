#include "ui/widgets/log_delegate.h"

#include "ui/models/train_log.h"
#include "ui/theme.h"

#include <QPainter>

#include <algorithm>

namespace graft::ui {

namespace {

constexpr int RowHeight = 28;
constexpr int TimeWidth = 52; // at least: "14:20" and the gap
constexpr int IconSize = 16;

} // namespace

QSize LogDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const
{
    return {200, std::max(RowHeight, option.fontMetrics.height() + 8)};
}

void LogDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    painter->save();
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(colours().accent, 2.0));
        painter->drawRoundedRect(QRectF(option.rect).adjusted(1.0, 1.0, -1.0, -1.0), 4.0, 4.0);
    }
    QFont caption = option.font;
    caption.setPointSizeF(option.font.pointSizeF() * 0.9);
    painter->setFont(caption);
    painter->setPen(colours().text2);
    const QString time = index.data(TrainLog::TimeRole).toString();
    painter->drawText(option.rect, Qt::AlignVCenter | Qt::AlignLeft, time);
    const int left =
        option.rect.left() + std::max(TimeWidth, painter->fontMetrics().horizontalAdvance(time) + 12);

    const QIcon mark = index.data(Qt::DecorationRole).value<QIcon>();
    if (!mark.isNull())
        mark.paint(painter, QRect(left, option.rect.center().y() - IconSize / 2, IconSize, IconSize));
    const QRect text = option.rect.adjusted(left - option.rect.left() + IconSize + 12, 0, -4, 0);
    painter->setFont(option.font);
    painter->setPen(colours().text);
    painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                      option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, text.width()));
    painter->restore();
}

} // namespace graft::ui
