#pragma once
#include "core/engine/import.h"

#include <QAbstractTableModel>
#include <QIcon>

#include <vector>

namespace graft::ui {

/// The classes of a dataset: how many pictures of each are for training, validation and test, and what there
/// is to say about it.
class SplitModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Class, Training, Validation, Test, Note, ColumnCount };

    explicit SplitModel(QObject* parent = nullptr);

    void setDataset(const dataset::Dataset& dataset, const std::vector<engine::ClassAdvice>& advice);

    int usable() const; ///< classes with pictures to learn from

    const dataset::ClassCount& total() const { return m_total; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QString name;
        dataset::ClassCount count;
        QString note; ///< empty where all is well, as is the next
        QString sentence; ///< the same, for itself
    };

    std::vector<Row> m_rows;
    dataset::ClassCount m_total;
    QIcon m_warning;
};

} // namespace graft::ui
