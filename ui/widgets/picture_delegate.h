#pragma once
#include <QIcon>
#include <QStyledItemDelegate>

namespace graft::ui {

class PictureFilter;
class PictureModel;
class ThumbnailLoader;

/// A tile of the picture grid: the picture, cut to fill; its class mark and name below; a chip for validation
/// and test.
class PictureDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    PictureDelegate(const PictureModel* model, const PictureFilter* filter, ThumbnailLoader* loader,
                    QObject* parent);

    /// The tiles fill `room` pixels side by side, each about `width` wide.
    void setTileWidth(int width, int room);

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

private:
    const PictureModel* m_model;
    const PictureFilter* m_filter;
    ThumbnailLoader* m_loader;
    QIcon m_broken;
    int m_width = 116;
};

/// Draws `pixmap` so that it fills `box`, cut around its centre, with round corners. A null pixmap is an
/// empty tile.
void paintCover(QPainter& painter, const QRectF& box, const QPixmap& pixmap);

/// An empty tile with the error icon: the picture could not be read.
void paintBrokenTile(QPainter& painter, const QRectF& box, const QIcon& icon);

} // namespace graft::ui
