#pragma once
#include "core/base/train_event.h"
#include "core/store/project.h"

#include <QAbstractListModel>
#include <QDateTime>
#include <QIcon>

#include <deque>
#include <string>

namespace graft::ui {

/// What happened in a training, in sentences, newest first.
class TrainLog : public QAbstractListModel
{
    Q_OBJECT
public:
    enum class Kind { Plain, Best, Good, Warning, Error };

    enum Role { TimeRole = Qt::UserRole }; ///< QString; icon and sentence are the usual roles

    explicit TrainLog(QObject* parent = nullptr);

    void clear();
    void add(const TrainEvent& event, const QDateTime& when);
    void setRun(const store::RunRecord& run); ///< what is kept of a run that is over

    std::string text() const; ///< for a file: one line for each, oldest first

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    struct Entry {
        QDateTime when;
        Kind kind = Kind::Plain;
        QString sentence;
        bool running = false; ///< "Epoch 8 is running.": the next event takes it away
    };

    void put(const Entry& entry);
    void dropRunning();
    void addEpoch(const EpochDone& event, const QDateTime& when);

    std::deque<Entry> m_entries; ///< newest first
    QIcon m_best;
    QIcon m_good;
    QIcon m_warning;
    QIcon m_error;
};

} // namespace graft::ui
