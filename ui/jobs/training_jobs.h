#pragma once
#include "core/base/pause_control.h"
#include "core/store/project.h"
#include "ui/jobs/mailbox.h"
#include "ui/jobs/project_jobs.h"
#include "ui/jobs/race_news.h"

#include <QList>
#include <QObject>

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace graft::ui {

class JobQueue;
struct JobProblem;

/// A training, or a race, that begins when those before it are over.
struct WaitingTraining {
    int id = 0; ///< to take it back
    learn::Plan plan;
    std::optional<int> raceMinutes {}; ///< a race: of each strategy
};

/// The trainings and races of the window: one runs, the others wait for it. GUI thread; they work on the
/// queue's.
class TrainingJobs : public QObject
{
    Q_OBJECT
public:
    /// The queue must end before this object does.
    explicit TrainingJobs(JobQueue* jobs);

    /// Begins at once where none runs.
    void add(std::shared_ptr<store::Project> project, const learn::Plan& plan,
             std::optional<int> raceMinutes = {});

    bool isRunning() const { return m_running; } ///< a training or a race

    bool isRacing() const { return m_racing; }

    qint64 since() const { return m_running ? m_since : 0; } ///< when that began, seconds since 1970; 0: none

    const QList<WaitingTraining>& waiting() const { return m_waiting; }

    void drop(int id); ///< one that waits
    void stop(); ///< the one that runs, also while it is paused: keeps its best; the next one begins
    void stopAll(); ///< and those that wait are dropped; a race leaves out its comparison

    void skipRacer(int racer); ///< of the race that runs: keeps its best; nothing where it is over already

    bool isPaused() const; ///< was asked to; the batch at hand ends first
    void setPaused(bool paused);

signals:
    void started();
    void events(const QList<graft::TrainEvent>& events); ///< in order, at most 30 times a second
    void ended(); ///< after the last events and the runs
    void raceStarted(const graft::learn::Plan& plan, int minutes);
    void raceNews(const QList<graft::ui::RaceNews>& news); ///< in order, at most 30 times a second
    void raceEnded(const QString& problem); ///< after the last news; why there was no race, else empty
    void runsRead(const std::shared_ptr<graft::store::Project>& project,
                  const graft::ui::ProjectRuns& runs); ///< of the project, which has new ones
    void waitingChanged();
    void pausedChanged();

private:
    struct Runs {
        std::shared_ptr<store::Project> project;
        ProjectRuns runs;
    };

    static Runs runsOf(const std::shared_ptr<store::Project>& project); // worker
    void begin(const std::shared_ptr<store::Project>& project, const WaitingTraining& next);
    void beginTraining(const std::shared_ptr<store::Project>& project, const learn::Plan& plan);
    void beginRace(const std::shared_ptr<store::Project>& project, const learn::Plan& plan, int minutes);
    engine::RaceHooks raceHooks(const std::shared_ptr<store::Project>& project); ///< for the worker
    void beginNext();

    JobQueue* m_jobs;
    Mailbox<TrainEvent> m_events;
    Mailbox<RaceNews> m_news;
    Mailbox<Runs> m_runs;
    bool m_running = false;
    bool m_racing = false;
    qint64 m_since = 0;
    std::stop_source m_stop; ///< of the one that runs
    std::stop_source m_leave; ///< of the race that runs
    std::shared_ptr<PauseControl> m_pause; ///< of the one that runs
    std::vector<std::stop_source> m_skips; ///< of the strategies of the race that runs
    QList<WaitingTraining> m_waiting;
    QList<std::shared_ptr<store::Project>> m_projects; ///< of those that wait
    int m_lastId = 0;
};

} // namespace graft::ui
