#include "ui/models/class_model.h"

namespace graft::ui {

void ClassModel::setDataset(const dataset::Dataset& dataset, const std::vector<engine::ClassAdvice>& advice)
{
    beginResetModel();
    m_rows.clear();
    m_rows.push_back({-1, tr("All pictures"), static_cast<int>(dataset.pictures.size()), {}, {}});
    const std::vector<dataset::ClassCount> counts = dataset::countClasses(dataset);
    for (std::size_t i = 0; i < dataset.classes.size(); ++i)
        m_rows.push_back(
            {static_cast<int>(i), QString::fromStdString(dataset.classes[i]), counts[i].all, {}, {}});
    for (const engine::ClassAdvice& told : advice) {
        Row& row = m_rows.at(static_cast<std::size_t>(told.label) + 1);
        if (!row.chip.isEmpty())
            continue; // the first is the most important
        row.chip = QString::fromStdString(told.chip);
        row.sentence = QString::fromStdString(told.sentence);
    }
    endResetModel();
}

int ClassModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ClassModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return row.name;
    case Qt::ToolTipRole:
        return row.sentence.isEmpty() ? row.name : row.sentence;
    case Qt::AccessibleTextRole: {
        const QString text = tr("%1: %n picture(s)", nullptr, row.count).arg(row.name);
        return row.sentence.isEmpty() ? text : text + QLatin1String(". ") + row.sentence;
    }
    case LabelRole:
        return row.label;
    case CountRole:
        return row.count;
    case ChipRole:
        return row.chip;
    default:
        return {};
    }
}

} // namespace graft::ui
