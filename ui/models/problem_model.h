#pragma once
#include "core/dataset/dataset.h"

#include <QAbstractTableModel>
#include <QIcon>
#include <QList>

#include <string>
#include <vector>

namespace graft::ui {

/// What a person should know of single files: reason, file, class, what Graft did, one action. Shows all
/// kinds or one.
class ProblemModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Reason, File, Class, Deed, Action, ColumnCount };

    explicit ProblemModel(QObject* parent = nullptr);

    void setProblems(const std::vector<dataset::Problem>& problems); ///< takes a copy, serious ones first
    void setKind(int kind); ///< a dataset::ProblemKind, or -1 for all

    QList<int> kinds() const; ///< that occur, in the order of the enum

    int total() const { return static_cast<int>(m_problems.size()); } ///< of all kinds

    QString
    summary() const; ///< "8 files were skipped, 6 pairs are nearly the same. Your files were not changed."

    const dataset::Problem& problem(int row) const;

    std::string csv() const; ///< the rows that are shown, with a header (RFC 4180)

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void choose();

    std::vector<dataset::Problem> m_problems;
    std::vector<std::size_t> m_rows; ///< into m_problems
    int m_kind = -1;
    QIcon m_serious;
    QIcon m_note;
};

/// One CSV field, quoted where it must be (RFC 4180).
std::string csvField(const std::string& text);

} // namespace graft::ui
