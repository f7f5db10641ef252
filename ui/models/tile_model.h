#pragma once
#include "ui/jobs/preview_worker.h"

#include <QAbstractListModel>

namespace graft::ui {

/// The tiles of a preview: DecorationRole is the QImage, DisplayRole what was drawn.
class TileModel : public QAbstractListModel
{
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    void setTiles(const QList<PreviewTile>& tiles);

    const PreviewTile& tile(int row) const { return m_tiles[row]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    QList<PreviewTile> m_tiles;
};

QString tileTitle(const PreviewTile& tile); ///< "Draw 3"
QString tileDraws(const PreviewTile& tile); ///< "Rotate 12°, Hue 4°", or that nothing was done

} // namespace graft::ui
