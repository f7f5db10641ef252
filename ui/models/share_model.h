#pragma once
#include <QAbstractTableModel>
#include <QStringList>

#include <vector>

namespace graft::ui {

/// The probabilities of all classes for one picture, largest first: name with mark, bar.
class ShareModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Bar, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setShares(const QStringList& classes, const std::vector<float>& probabilities);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    struct Row {
        int label = 0;
        QString name;
        double share = 0.0;
    };

    std::vector<Row> m_rows;
};

} // namespace graft::ui
