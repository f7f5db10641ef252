#pragma once
#include "core/engine/sort_copies.h"

#include <QFrame>

#include <stop_token>

class QLabel;
class QPushButton;
class QTableView;

namespace graft::ui {

class AnswerModel;
class ElidedLabel;
class JobQueue;

/// The table of all answers with what can be done with them: export as CSV, sort copies into folders, clear.
class AnswersCard : public QFrame
{
    Q_OBJECT
public:
    explicit AnswersCard(AnswerModel* answers, QWidget* parent = nullptr);
    ~AnswersCard() override; ///< stops copying after the picture at hand

    int current() const; ///< row, -1 where none is chosen
    void choose(int row);

    /// Answers are on their way: `done` of `total`, 0 while that is not known. Also to be called when rows
    /// changed.
    void setAsking(bool asking, qint64 done, qint64 total);

    void sortInto(const QString& folder); ///< ends in copied() or failed()

signals:
    void currentChanged();
    void stopAsking();
    void clear();
    void copied(const graft::engine::SortReport& report, const QString& folder);
    void failed(const QString& sentence);

private:
    void makeTable();
    void showState();
    void exportCsv();
    void sortIntoFolders();

    AnswerModel* m_answers;
    JobQueue* m_copies;
    std::stop_source m_stopCopies;
    QString m_copying; ///< "copying 3 of 40", empty while nothing is copied
    bool m_asking = false;
    qint64 m_done = 0;
    qint64 m_total = 0;
    QLabel* m_count;
    ElidedLabel* m_detail;
    QPushButton* m_stop;
    QPushButton* m_clear;
    QPushButton* m_export;
    QPushButton* m_sort;
    QTableView* m_table;
};

} // namespace graft::ui
