#include "ui/models/share_model.h"

#include "ui/models/answer_model.h"
#include "ui/models/words.h"
#include "ui/theme.h"

#include <QFont>

#include <algorithm>

namespace graft::ui {

void ShareModel::setShares(const AnswerClasses& classes, const std::vector<float>& probabilities)
{
    beginResetModel();
    m_rows.clear();
    for (std::size_t i = 0; i < probabilities.size(); ++i) {
        const auto label = static_cast<int>(i);
        m_rows.push_back(
            {label, classes.name(label), classes.meaning(label), static_cast<double>(probabilities[i])});
    }
    std::ranges::stable_sort(m_rows, std::greater<>(), &Row::share);
    constexpr std::size_t shownOfImagenet = 5;
    if (!classes.own && m_rows.size() > shownOfImagenet)
        m_rows.resize(shownOfImagenet);
    m_marked = classes.own;
    endResetModel();
}

int ShareModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ShareModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ShareModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == Name ? row.name : percent(row.share);
    case Qt::DecorationRole:
        return index.column() == Name && m_marked ? QVariant(classMark(row.label)) : QVariant();
    case Qt::ToolTipRole:
        return QStringLiteral("%1: %2").arg(row.meaning, percentExact(row.share));
    case Qt::FontRole:
        if (index.row() == 0) {
            QFont bold;
            bold.setBold(true);
            return bold;
        }
        return {};
    case AnswerModel::ShareRole:
        return index.column() == Bar ? QVariant(row.share) : QVariant();
    default:
        return {};
    }
}

} // namespace graft::ui
