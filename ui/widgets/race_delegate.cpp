#include "ui/widgets/race_delegate.h"

#include "ui/models/race_model.h"
#include "ui/theme.h"
#include "ui/widgets/layer_drawing.h"

#include <QApplication>
#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace graft::ui {

namespace {

// Pixels, at the usual type size where text stands beside them.
constexpr int RowHeight = 40;
constexpr double Padding = 12.0; // as the header has it
constexpr double MarkSize = 12.0;
constexpr double MarkToNumber = 10.0;
constexpr double NumberToTitle = 8.0;
constexpr double LayersHigh = 26.0;
constexpr int LayersWide = 112;
constexpr double IconSize = 16.0;
constexpr double BarWidth = 96.0;
constexpr double BarHeight = 6.0;
constexpr double Gap = 8.0;

QFont bold(QFont font)
{
    font.setBold(true);
    return font;
}

QRectF middle(double left, const QRectF& cell, double size)
{
    return {left, cell.center().y() - size / 2.0, size, size};
}

QString number(const QModelIndex& index)
{
    return QLocale().toString(index.data(RaceModel::NumberRole).toInt());
}

void drawElided(QPainter& painter, const QRectF& box, const QString& text)
{
    painter.drawText(
        box, Qt::AlignVCenter | Qt::AlignLeft,
        QFontMetricsF(painter.font()).elidedText(text, Qt::ElideRight, std::max(0.0, box.width())));
}

bool hasIcon(const QModelIndex& index)
{
    using State = engine::Racer::State;
    const auto state = static_cast<State>(index.data(RaceModel::StateRole).toInt());
    return state == State::Done || state == State::Failed;
}

} // namespace

RaceDelegate::RaceDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
    , m_done(icon("done", Ink::Accent))
    , m_failed(icon("error", Ink::Error))
{
}

void RaceDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    cell.text.clear();
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &cell, painter,
                                       cell.widget); // selection and line

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setFont(option.font);
    painter->setPen(colours().text);
    const QRectF inner = QRectF(option.rect).adjusted(Padding, 0.0, -Padding, 0.0);
    const QString text = index.data().toString();
    switch (index.column()) {
    case RaceModel::Rank:
        painter->setFont(bold(option.font));
        painter->drawText(inner, Qt::AlignCenter, text);
        break;
    case RaceModel::Strategy:
        paintStrategy(*painter, inner, index);
        break;
    case RaceModel::Layers:
        drawLayers(*painter, {inner.left(), inner.center().y() - LayersHigh / 2.0, inner.width(), LayersHigh},
                   index.data(RaceModel::IdRole).toString().toStdString(),
                   index.data(RaceModel::FromZeroRole).toBool(),
                   QApplication::palette()); // the view's has the colours of a selection
        break;
    case RaceModel::Best:
        painter->setFont(bold(option.font));
        painter->drawText(inner, Qt::AlignVCenter | Qt::AlignRight, text);
        break;
    case RaceModel::State:
        paintState(*painter, inner, index);
        break;
    default:
        painter->setPen(index.column() == RaceModel::Likely ? colours().text2 : colours().text);
        drawElided(*painter, inner, text);
        break;
    }
    painter->restore();
}

void RaceDelegate::paintStrategy(QPainter& painter, const QRectF& cell, const QModelIndex& index) const
{
    const QFont usual = painter.font();
    paintClassMark(painter, middle(cell.left(), cell, MarkSize),
                   std::max(0, index.data(RaceModel::NumberRole).toInt() - 1));
    QRectF text = cell.adjusted(MarkSize + MarkToNumber, 0.0, 0.0, 0.0);
    painter.setFont(bold(usual));
    painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft, number(index));
    text.setLeft(text.left() + QFontMetricsF(painter.font()).horizontalAdvance(number(index))
                 + NumberToTitle);
    painter.setFont(usual);
    drawElided(painter, text, index.data().toString());
}

void RaceDelegate::paintState(QPainter& painter, const QRectF& cell, const QModelIndex& index) const
{
    using State = engine::Racer::State;
    const auto state = static_cast<State>(index.data(RaceModel::StateRole).toInt());
    QRectF text = cell;
    if (hasIcon(index)) {
        const QIcon& mark = state == State::Done ? m_done : m_failed;
        mark.paint(&painter, middle(cell.left(), cell, IconSize).toRect());
        text.setLeft(text.left() + IconSize + Gap);
    }
    const QVariant share = index.data(RaceModel::ShareRole);
    if (share.isValid()) {
        const QRectF track(text.left(), text.center().y() - BarHeight / 2.0, BarWidth, BarHeight);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours().track);
        painter.drawRoundedRect(track, BarHeight / 2.0, BarHeight / 2.0);
        const double done = track.width() * std::clamp(share.toDouble(), 0.0, 1.0);
        if (done >= BarHeight) {
            painter.setBrush(colours().accent);
            painter.drawRoundedRect(QRectF(track.topLeft(), QSizeF(done, BarHeight)), BarHeight / 2.0,
                                    BarHeight / 2.0);
        }
        text.setLeft(track.right() + Gap);
    }
    const bool begun = state != State::Waiting && state != State::Skipped;
    painter.setPen(state == State::Failed ? colours().errorText : begun ? colours().text : colours().text2);
    drawElided(painter, text, index.data().toString());
}

QSize RaceDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QFontMetricsF metrics(bold(option.font));
    double width = metrics.horizontalAdvance(index.data().toString()) + 2.0 * Padding;
    switch (index.column()) {
    case RaceModel::Strategy:
        width += MarkSize + MarkToNumber + NumberToTitle + metrics.horizontalAdvance(number(index));
        break;
    case RaceModel::Layers:
        width = LayersWide;
        break;
    case RaceModel::State:
        width += index.data(RaceModel::ShareRole).isValid() ? BarWidth + Gap
            : hasIcon(index)                                ? IconSize + Gap
                                                            : 0.0;
        break;
    default:
        break;
    }
    return {static_cast<int>(width) + 1, std::max(RowHeight, static_cast<int>(metrics.height()) + 16)};
}

} // namespace graft::ui
