#include "ui/widgets/two_line.h"

#include "ui/theme.h"

#include <QIcon>
#include <QPainter>

#include <algorithm>

namespace graft::ui {

namespace {

constexpr double captionSize = 0.9; // of the row's font

/// Pixels.
struct Metrics {
    int height;
    int margin; ///< left and right of the content
    int icon;
    int gap; ///< between icon and text
    int radius;
};

constexpr Metrics navigation {48, 12, 18, 10, 6};
constexpr Metrics card {72, 16, 48, 16, 4};
constexpr int heightWithoutHints = 40;

QFont caption(QFont font)
{
    font.setPointSizeF(font.pointSizeF() * captionSize);
    font.setBold(false);
    return font;
}

} // namespace

TwoLineDelegate::TwoLineDelegate(Look look, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_look(look)
{
}

void TwoLineDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const Metrics& m = m_look == Look::Navigation ? navigation : card;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    paintBack(*painter, option, index);

    const bool current = option.state & QStyle::State_Selected;
    const QRect inner = option.rect.adjusted(m.margin, 0, -m.margin, 0);
    const QRect iconBox(inner.left(), inner.top() + (inner.height() - m.icon) / 2, m.icon, m.icon);
    auto icon = current ? index.data(CurrentIconRole).value<QIcon>() : QIcon();
    if (icon.isNull())
        icon = index.data(Qt::DecorationRole).value<QIcon>();
    icon.paint(painter, iconBox);

    QFont font = option.font;
    font.setBold(m_look == Look::Card || current);
    const QString hint = m_hints ? index.data(HintRole).toString() : QString();
    const int lineHeight = QFontMetrics(font).height();
    const int hintHeight = hint.isEmpty() ? 0 : QFontMetrics(caption(font)).height();
    QRect lines = inner.adjusted(m.icon + m.gap, 0, 0, 0);
    lines.setTop(inner.top() + (inner.height() - lineHeight - hintHeight) / 2);
    lines.setHeight(lineHeight + hintHeight);
    lines.setRight(paintRight(*painter, lines, option.font, index));

    painter->setFont(font);
    painter->setPen(colours().text);
    painter->drawText(lines, Qt::AlignLeft | Qt::AlignTop,
                      QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, lines.width()));
    const bool isPath = hint.contains(QLatin1Char('/')); // whose end says most
    painter->setFont(caption(font));
    painter->setPen(colours().text2);
    painter->drawText(lines, Qt::AlignLeft | Qt::AlignBottom,
                      QFontMetrics(painter->font())
                          .elidedText(hint, isPath ? Qt::ElideMiddle : Qt::ElideRight, lines.width()));
    painter->restore();
}

void TwoLineDelegate::paintBack(QPainter& painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const
{
    const QRectF box = option.rect;
    const bool selected = option.state & QStyle::State_Selected;
    const bool hovered = option.state & QStyle::State_MouseOver;
    const bool focused =
        (option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_KeyboardFocusChange);
    painter.setPen(Qt::NoPen);
    if (m_look == Look::Navigation) {
        if (selected || hovered) {
            painter.setBrush(colours().selection);
            painter.setOpacity(selected ? 1.0 : 0.5);
            painter.drawRoundedRect(box, navigation.radius, navigation.radius);
            painter.setOpacity(1.0);
        }
        if (selected) {
            painter.setBrush(colours().accent);
            painter.drawRoundedRect(QRectF(box.left(), box.top() + 8, 3, box.height() - 16), 1.5, 1.5);
        }
    } else {
        if (hovered || focused)
            painter.fillRect(box, colours().selection);
        if (index.row() + 1 < index.model()->rowCount())
            painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), colours().line);
    }
    if (focused) {
        painter.setPen(QPen(colours().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4);
    }
}

/// Returns where the text on the left has to end.
int TwoLineDelegate::paintRight(QPainter& painter, const QRect& lines, const QFont& font,
                                const QModelIndex& index) const
{
    const QString right = index.data(RightRole).toString();
    const QString rightHint = index.data(RightHintRole).toString();
    if (right.isEmpty() && rightHint.isEmpty())
        return lines.right();
    painter.setFont(font);
    painter.setPen(index.data(RightIsLinkRole).toBool() ? colours().accent : colours().text);
    painter.drawText(lines, Qt::AlignRight | Qt::AlignTop, right);
    painter.setFont(caption(font));
    painter.setPen(colours().text2);
    painter.drawText(lines, Qt::AlignRight | Qt::AlignBottom, rightHint);
    const int width = std::max(QFontMetrics(font).horizontalAdvance(right),
                               QFontMetrics(painter.font()).horizontalAdvance(rightHint));
    return lines.right() - width - card.gap;
}

QSize TwoLineDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Metrics& m = m_look == Look::Navigation ? navigation : card;
    const int height = m_hints ? m.height : heightWithoutHints;
    const QFontMetrics text(option.font);
    const int textHeight = text.height() + (m_hints ? QFontMetrics(caption(option.font)).height() : 0) + 12;
    return {m.margin * 2 + m.icon + m.gap + text.horizontalAdvance(index.data().toString()),
            std::max(height, textHeight)};
}

} // namespace graft::ui
