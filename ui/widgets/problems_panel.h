#pragma once
#include "core/dataset/dataset.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QLabel;
class QTableView;
class QToolButton;

namespace graft::ui {

class ElidedLabel;
class ProblemModel;

/// The list of files that a person should know about; folds to its header. Hidden while there is none.
class ProblemsPanel : public QWidget
{
    Q_OBJECT
public:
    explicit ProblemsPanel(QWidget* parent = nullptr);

    void setProblems(const std::vector<dataset::Problem>& problems);
    void setUnfolded(bool unfolded);

    QSize sizeHint() const override;

    ProblemModel* model() const { return m_model; }

signals:
    void failed(const QString& sentence); ///< the list could not be saved

private:
    void fillKinds();
    void saveList();
    void showInFolder(int row);

    ProblemModel* m_model;
    QToolButton* m_fold;
    QLabel* m_count;
    ElidedLabel* m_summary;
    QComboBox* m_kinds;
    QTableView* m_table;
};

} // namespace graft::ui
