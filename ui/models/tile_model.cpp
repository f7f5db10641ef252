#include "ui/models/tile_model.h"

namespace graft::ui {

QString tileTitle(const PreviewTile& tile)
{
    return tile.number == 0 ? TileModel::tr("The picture as it is")
                            : TileModel::tr("Draw %L1").arg(tile.number);
}

QString tileDraws(const PreviewTile& tile)
{
    return tile.draws.isEmpty() ? TileModel::tr("Nothing was changed")
                                : tile.draws.join(QStringLiteral(", "));
}

void TileModel::setTiles(const QList<PreviewTile>& tiles)
{
    if (tiles.size() == m_tiles.size()) { // views keep their current tile and do not lay out again
        m_tiles = tiles;
        if (!m_tiles.isEmpty())
            emit dataChanged(index(0), index(static_cast<int>(m_tiles.size()) - 1));
        return;
    }
    beginResetModel();
    m_tiles = tiles;
    endResetModel();
}

int TileModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_tiles.size());
}

QVariant TileModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PreviewTile& shown = tile(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return tileDraws(shown);
    case Qt::DecorationRole:
        return shown.image;
    case Qt::ToolTipRole:
        return shown.number == 0 ? tileTitle(shown)
                                 : tileTitle(shown) + QLatin1Char('\n')
                + (shown.draws.isEmpty() ? tileDraws(shown) : shown.draws.join(QLatin1Char('\n')));
    case Qt::AccessibleTextRole:
        return shown.number == 0 ? tileTitle(shown) : tr("%1: %2").arg(tileTitle(shown), tileDraws(shown));
    default:
        return {};
    }
}

} // namespace graft::ui
