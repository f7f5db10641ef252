#include "ui/models/picture_model.h"

#include "ui/models/words.h"
#include "ui/paths.h"

#include <algorithm>

namespace graft::ui {

void PictureModel::setDataset(const dataset::Dataset& dataset)
{
    beginResetModel();
    m_dataset = dataset;
    m_names.clear();
    m_names.reserve(m_dataset.pictures.size());
    int groups = 0;
    for (const dataset::Picture& picture : m_dataset.pictures) {
        m_names.push_back(fileName(picture.path));
        groups = std::max(groups, picture.group + 1);
    }
    m_groupSizes.assign(static_cast<std::size_t>(groups), 0);
    for (const dataset::Picture& picture : m_dataset.pictures)
        ++m_groupSizes[static_cast<std::size_t>(picture.group)];
    endResetModel();
}

bool PictureModel::hasTwin(int row) const
{
    return m_groupSizes[static_cast<std::size_t>(picture(row).group)] > 1;
}

int PictureModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_dataset.pictures.size());
}

QVariant PictureModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const dataset::Picture& shown = picture(index.row());
    const QString className =
        QString::fromStdString(m_dataset.classes[static_cast<std::size_t>(shown.label)]);
    const QString side = sideTitle(shown.side);
    switch (role) {
    case Qt::DisplayRole:
        return name(index.row());
    case Qt::ToolTipRole:
        return tr("%1\n%2, %3, %4 x %5 pixels")
            .arg(toQString(shown.path), className, side, QString::number(shown.width),
                 QString::number(shown.height));
    case Qt::AccessibleTextRole:
        return tr("%1: %2, %3").arg(name(index.row()), className, side);
    case LabelRole:
        return shown.label;
    case ClassRole:
        return className;
    case SideRole:
        return shown.side == dataset::Side::Training ? QString() : side;
    default:
        return {};
    }
}

PictureFilter::PictureFilter(QObject* parent)
    : QSortFilterProxyModel(parent)
{
}

void PictureFilter::setPictures(PictureModel* model)
{
    m_pictures = model;
    setSourceModel(model);
}

void PictureFilter::setName(const QString& part)
{
    m_name = part.trimmed();
    invalidateRowsFilter();
}

void PictureFilter::setLabel(int label)
{
    m_label = label;
    invalidateRowsFilter();
}

void PictureFilter::setSide(std::optional<dataset::Side> side)
{
    m_side = side;
    invalidateRowsFilter();
}

void PictureFilter::setState(State state)
{
    m_state = state;
    invalidateRowsFilter();
}

bool PictureFilter::filterAcceptsRow(int row, const QModelIndex& /*parent*/) const
{
    const dataset::Picture& picture = m_pictures->picture(row);
    if (m_label >= 0 && picture.label != m_label)
        return false;
    if (m_side && picture.side != *m_side)
        return false;
    if (m_state == State::Twins && !m_pictures->hasTwin(row))
        return false;
    if (m_state == State::Small && std::min(picture.width, picture.height) >= SmallSide)
        return false;
    return m_name.isEmpty() || m_pictures->name(row).contains(m_name, Qt::CaseInsensitive);
}

} // namespace graft::ui
