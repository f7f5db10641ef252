#pragma once
#include "core/engine/import.h"

#include <QAbstractListModel>

#include <vector>

namespace graft::ui {

/// "All pictures", then the classes of a dataset with their counts and what there is to say about them.
class ClassModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        LabelRole = Qt::UserRole, ///< int, -1 for all
        CountRole, ///< int
        ChipRole, ///< QString, "Too few", empty where all is well
    };

    using QAbstractListModel::QAbstractListModel;

    void setDataset(const dataset::Dataset& dataset, const std::vector<engine::ClassAdvice>& advice);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    struct Row {
        int label = -1;
        QString name;
        int count = 0;
        QString chip;
        QString sentence;
    };

    std::vector<Row> m_rows;
};

} // namespace graft::ui
