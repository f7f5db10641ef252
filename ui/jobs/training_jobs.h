#pragma once
#include "core/base/pause_control.h"
#include "core/store/project.h"
#include "ui/jobs/mailbox.h"

#include <QList>
#include <QObject>

#include <memory>
#include <stop_token>

namespace graft::ui {

class JobQueue;
struct JobProblem;

/// A training that begins when those before it are over.
struct WaitingTraining {
    int id = 0; ///< to take it back
    learn::Plan plan;
};

/// The trainings of the window: one runs, the others wait for it. GUI thread; they work on the queue's.
class TrainingJobs : public QObject
{
    Q_OBJECT
public:
    /// The queue must end before this object does.
    explicit TrainingJobs(JobQueue* jobs);

    /// Begins at once where none runs.
    void add(std::shared_ptr<store::Project> project, const learn::Plan& plan);

    bool isRunning() const { return m_running; }

    const QList<WaitingTraining>& waiting() const { return m_waiting; }

    void drop(int id); ///< one that waits
    void stop(); ///< the one that runs, also while it is paused: keeps its best; the next one begins
    void stopAll(); ///< and those that wait are dropped

    bool isPaused() const; ///< was asked to; the batch at hand ends first
    void setPaused(bool paused);

signals:
    void started();
    void events(const QList<graft::TrainEvent>& events); ///< in order, at most 30 times a second
    /// After the last events. The runs of the project; null where there was none to ask.
    void ended(const std::shared_ptr<graft::store::Project>& project,
               const QList<graft::store::RunRecord>& runs);
    void waitingChanged();
    void pausedChanged();

private:
    void begin(const std::shared_ptr<store::Project>& project, const learn::Plan& plan);
    void end(const std::shared_ptr<store::Project>& project, const QList<store::RunRecord>& runs);

    JobQueue* m_jobs;
    Mailbox<TrainEvent> m_events;
    bool m_running = false;
    std::stop_source m_stop; ///< of the one that runs
    std::shared_ptr<PauseControl> m_pause; ///< of the one that runs
    QList<WaitingTraining> m_waiting;
    QList<std::shared_ptr<store::Project>> m_projects; ///< of those that wait
    int m_lastId = 0;
};

} // namespace graft::ui
