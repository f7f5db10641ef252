#include "ui/icon_engine.h"

#include <QIconEngine>
#include <QPainter>
#include <QPixmap>

#include <utility>

namespace graft::ui {

namespace {

using Draw = std::function<void(QPainter&, const QRectF&, bool)>;

class PaintedIcon : public QIconEngine
{
public:
    explicit PaintedIcon(Draw draw)
        : m_draw(std::move(draw))
    {
    }

    void paint(QPainter* painter, const QRect& box, QIcon::Mode mode, QIcon::State) override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        m_draw(*painter, box, mode != QIcon::Disabled);
        painter->restore();
    }

    // Qt asks in device pixels; so does scaledPixmap(), which by default comes here.
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new PaintedIcon(m_draw); }

private:
    Draw m_draw;
};

} // namespace

QIcon paintedIcon(Draw draw)
{
    return QIcon(new PaintedIcon(std::move(draw)));
}

} // namespace graft::ui
