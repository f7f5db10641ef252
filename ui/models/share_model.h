#pragma once
#include "ui/models/answer_classes.h"

#include <QAbstractTableModel>

#include <vector>

namespace graft::ui {

/// The probabilities of the classes for one picture, largest first: name with mark, bar. All of a person's
/// own, the five largest of ImageNet's.
class ShareModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Bar, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setShares(const AnswerClasses& classes, const std::vector<float>& probabilities);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    struct Row {
        int label = 0;
        QString name;
        QString meaning;
        double share = 0.0;
    };

    std::vector<Row> m_rows;
    bool m_marked = true;
};

} // namespace graft::ui
