#include "ui/widgets/sample_card.h"

#include "ui/theme.h"
#include "ui/widgets/thumbnail_loader.h"

#include <QPainter>
#include <QPainterPath>

namespace graft::ui {

namespace {

constexpr int coverHeight = 80; // pixels, as are all below
constexpr int coverGap = 8;
constexpr int textMargin = 12;
constexpr int radius = 8;
constexpr double captionSize = 0.9; // of the font

QFont captionFont(QFont font)
{
    font.setPointSizeF(font.pointSizeF() * captionSize);
    return font;
}

/// The middle of the picture, as much as fills the box.
QRectF middle(const QSizeF& picture, const QSizeF& box)
{
    const QSizeF part = box.scaled(picture, Qt::KeepAspectRatio);
    return {QPointF((picture.width() - part.width()) / 2, (picture.height() - part.height()) / 2), part};
}

} // namespace

SampleCard::SampleCard(const engine::Sample& sample, ThumbnailLoader* covers, QWidget* parent)
    : QAbstractButton(parent)
    , m_sample(sample)
    , m_covers(covers)
{
    setText(QString::fromStdString(sample.title));
    setAccessibleDescription(QString::fromStdString(sample.sentence));
    setToolTip(tr("Makes a project from these pictures"));
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(covers, &ThumbnailLoader::loaded, this, [this] { update(); });
}

QSize SampleCard::sizeHint() const
{
    const int lines = fontMetrics().height() + QFontMetrics(captionFont(font())).height();
    return {160, coverHeight + coverGap + lines + textMargin};
}

void SampleCard::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const bool marked = hasFocus() || underMouse();
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QPainterPath outline;
    outline.addRoundedRect(frame, radius, radius);
    painter.fillPath(outline, isDown() ? colours().selection : colours().surface);
    painter.save();
    painter.setClipPath(outline);
    paintCovers(painter, QRect(0, 0, width(), coverHeight));
    painter.restore();

    QFont bold = font();
    bold.setBold(true);
    const QFont caption = captionFont(font());
    const QRect lines = rect().adjusted(textMargin, coverHeight + coverGap, -textMargin, 0);
    painter.setFont(bold);
    painter.setPen(colours().text);
    painter.drawText(lines, Qt::AlignLeft | Qt::AlignTop,
                     QFontMetrics(bold).elidedText(text(), Qt::ElideRight, lines.width()));
    painter.setFont(caption);
    painter.setPen(colours().text2);
    painter.drawText(lines.adjusted(0, QFontMetrics(bold).height(), 0, 0), Qt::AlignLeft | Qt::AlignTop,
                     QFontMetrics(caption).elidedText(QString::fromStdString(m_sample.sentence),
                                                      Qt::ElideRight, lines.width()));

    painter.setPen(QPen(marked ? colours().accent : colours().line, hasFocus() ? 2 : 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(outline);
}

void SampleCard::paintCovers(QPainter& painter, const QRect& box) const
{
    const int count = static_cast<int>(m_sample.covers.size());
    painter.fillRect(box, colours().track);
    for (int i = 0; i < count; ++i) {
        const QRect cell(box.left() + box.width() * i / count, box.top(),
                         box.width() * (i + 1) / count - box.width() * i / count, box.height());
        const QPixmap picture = m_covers->pixmap(m_sample.covers[static_cast<std::size_t>(i)]);
        if (!picture.isNull())
            painter.drawPixmap(QRectF(cell), picture, middle(picture.size(), cell.size()));
    }
}

} // namespace graft::ui
