#include "ui/widgets/image_view.h"

#include "ui/theme.h"

#include <QPainter>
#include <QPainterPath>

namespace graft::ui {

ImageView::ImageView(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void ImageView::setPicture(const QPixmap& picture, const QString& name)
{
    m_picture = picture;
    m_text.clear();
    setAccessibleName(name);
    update();
}

void ImageView::setText(const QString& text)
{
    m_picture = {};
    m_text = text;
    setAccessibleName(text);
    update();
}

void ImageView::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    if (m_picture.isNull()) {
        painter.setPen(colours().text2);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, m_text);
        return;
    }
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const QSizeF size = QSizeF(m_picture.size()).scaled(this->size(), Qt::KeepAspectRatio);
    const QRectF box(QPointF((width() - size.width()) / 2.0, (height() - size.height()) / 2.0), size);
    QPainterPath round;
    round.addRoundedRect(box, 4.0, 4.0);
    painter.setClipPath(round);
    painter.drawPixmap(box, m_picture, QRectF(m_picture.rect()));
}

} // namespace graft::ui
