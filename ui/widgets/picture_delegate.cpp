#include "ui/widgets/picture_delegate.h"

#include "ui/models/picture_model.h"
#include "ui/theme.h"
#include "ui/widgets/thumbnail_loader.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>

namespace graft::ui {

namespace {

constexpr int Gap = 8; // between tiles
constexpr double Ring = 3.0; // room for the frame of the chosen tile
constexpr double Ratio = 94.0 / 116.0; // height of a picture to its width
constexpr double Radius = 4.0;
constexpr double MarkSize = 10.0;

QFont captionFont(const QFont& font)
{
    QFont caption = font;
    caption.setPointSizeF(font.pointSizeF() * 0.9);
    return caption;
}

void paintChip(QPainter& painter, const QRectF& picture, const QString& text)
{
    const double width = painter.fontMetrics().horizontalAdvance(text) + 12.0;
    const double height = painter.fontMetrics().height() + 1.0;
    const QRectF chip(picture.right() - width - 4.0, picture.bottom() - height - 4.0, width, height);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours().surface);
    painter.drawRoundedRect(chip, 3.0, 3.0);
    painter.setPen(colours().text);
    painter.drawText(chip, Qt::AlignCenter, text);
}

} // namespace

void paintCover(QPainter& painter, const QRectF& box, const QPixmap& pixmap)
{
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    if (pixmap.isNull()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours().track);
        painter.drawRoundedRect(box, Radius, Radius);
    } else {
        const QSizeF part = box.size().scaled(pixmap.size(), Qt::KeepAspectRatio);
        const QRectF source(
            QPointF((pixmap.width() - part.width()) / 2.0, (pixmap.height() - part.height()) / 2.0), part);
        QPainterPath path;
        path.addRoundedRect(box, Radius, Radius);
        painter.setClipPath(path);
        painter.drawPixmap(box, pixmap, source);
    }
    painter.restore();
}

void paintBrokenTile(QPainter& painter, const QRectF& box, const QIcon& icon)
{
    paintCover(painter, box, {});
    const double side = std::min({24.0, box.width(), box.height()});
    const QRectF place(box.center() - QPointF(side / 2.0, side / 2.0), QSizeF(side, side));
    icon.paint(&painter, place.toRect());
}

PictureDelegate::PictureDelegate(const PictureModel* model, const PictureFilter* filter,
                                 ThumbnailLoader* loader, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_model(model)
    , m_filter(filter)
    , m_loader(loader)
    , m_broken(icon("error", Ink::Error))
{
}

void PictureDelegate::setTileWidth(int width, int room)
{
    const int columns = std::max(1, (room + width / 3) / (width + Gap));
    m_width = std::max(width / 2, room / columns - Gap);
}

QSize PictureDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const
{
    const int caption = QFontMetrics(captionFont(option.font)).height();
    return {m_width + Gap, static_cast<int>(m_width * Ratio) + caption + 8 + Gap};
}

void PictureDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const int row = m_filter->mapToSource(index).row();
    const std::filesystem::path& file = m_model->picture(row).path;
    const QRectF item = QRectF(option.rect).adjusted(Ring, Ring, Ring - Gap, Ring - Gap);
    const QRectF picture(item.topLeft(), QSizeF(item.width(), m_width * Ratio));

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (m_loader->problem(file).isEmpty())
        paintCover(*painter, picture, m_loader->pixmap(file));
    else
        paintBrokenTile(*painter, picture, m_broken);

    painter->setFont(captionFont(option.font));
    const QString side = index.data(PictureModel::SideRole).toString();
    if (!side.isEmpty())
        paintChip(*painter, picture, side);

    const QRectF line(item.left(), picture.bottom() + 4.0, item.width(),
                      item.bottom() - picture.bottom() - 4.0);
    const double top = line.top() + (line.height() - MarkSize) / 2.0;
    paintClassMark(*painter, QRectF(line.left(), top, MarkSize, MarkSize),
                   index.data(PictureModel::LabelRole).toInt());
    const QRectF name = line.adjusted(MarkSize + 6.0, 0.0, 0.0, 0.0);
    painter->setPen(colours().text);
    painter->drawText(name, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(index.data(PictureModel::ClassRole).toString(),
                                                        Qt::ElideRight, static_cast<int>(name.width())));

    const bool current = option.state.testFlag(QStyle::State_HasFocus);
    if (option.state.testFlag(QStyle::State_Selected) || current) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(colours().accent, 2.0));
        painter->drawRoundedRect(picture.adjusted(-2.0, -2.0, 2.0, 2.0), Radius + 2.0, Radius + 2.0);
    }
    painter->restore();
}

bool PictureDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view,
                                const QStyleOptionViewItem& option, const QModelIndex& index)
{
    if (event->type() == QEvent::ToolTip && index.isValid()) {
        const QString problem = m_loader->problem(m_model->picture(m_filter->mapToSource(index).row()).path);
        if (!problem.isEmpty()) {
            QToolTip::showText(event->globalPos(), problem, view);
            return true;
        }
    }
    return QStyledItemDelegate::helpEvent(event, view, option, index);
}

} // namespace graft::ui
