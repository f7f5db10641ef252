#include "ui/models/split_model.h"

#include "ui/models/words.h"
#include "ui/theme.h"

#include <QLocale>

#include <algorithm>

namespace graft::ui {

namespace {

int pictures(const dataset::ClassCount& count, int column)
{
    switch (column) {
    case SplitModel::Training:
        return count.training;
    case SplitModel::Validation:
        return count.validation;
    default:
        return count.test;
    }
}

bool isNumber(int column)
{
    return column != SplitModel::Class && column != SplitModel::Note;
}

} // namespace

SplitModel::SplitModel(QObject* parent)
    : QAbstractTableModel(parent)
    , m_warning(icon("warning", Ink::Warning))
{
}

void SplitModel::setDataset(const dataset::Dataset& dataset, const std::vector<engine::ClassAdvice>& advice)
{
    beginResetModel();
    m_rows.clear();
    m_total = {};
    const std::vector<dataset::ClassCount> counts = dataset::countClasses(dataset);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        m_rows.push_back({QString::fromStdString(dataset.classes[i]), counts[i], {}, {}});
        m_total.all += counts[i].all;
        m_total.training += counts[i].training;
        m_total.validation += counts[i].validation;
        m_total.test += counts[i].test;
    }
    for (const engine::ClassAdvice& told : advice) {
        Row& row = m_rows.at(static_cast<std::size_t>(told.label));
        if (!row.sentence.isEmpty())
            continue; // the first is the most important
        row.sentence = coreText(told.sentence);
        row.note = coreText(told.brief);
    }
    endResetModel();
}

int SplitModel::usable() const
{
    return static_cast<int>(
        std::ranges::count_if(m_rows, [](const Row& row) { return row.count.training > 0; }));
}

int SplitModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SplitModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SplitModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return column == Class ? row.name
            : column == Note   ? (row.note.isEmpty() ? tr("Enough pictures") : row.note)
                               : QLocale().toString(pictures(row.count, column));
    case Qt::ToolTipRole:
        return column == Class ? row.name : column == Note ? row.sentence : QString();
    case Qt::DecorationRole:
        if (column == Class)
            return classMark(index.row());
        return column == Note && !row.sentence.isEmpty() ? QVariant(m_warning) : QVariant();
    case Qt::TextAlignmentRole:
        return static_cast<int>((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant SplitModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Class:
        return tr("Class");
    case Training:
        return sideTitle(dataset::Side::Training);
    case Validation:
        return sideTitle(dataset::Side::Validation);
    case Test:
        return sideTitle(dataset::Side::Test);
    default:
        return tr("What to know");
    }
}

} // namespace graft::ui
