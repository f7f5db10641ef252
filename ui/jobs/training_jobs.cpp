#include "ui/jobs/training_jobs.h"

#include "core/engine/train.h"
#include "ui/jobs/job_queue.h"

#include <algorithm>
#include <utility>

namespace graft::ui {

namespace {

bool bothBatches(const TrainEvent& older, const TrainEvent& newer)
{
    return std::holds_alternative<BatchDone>(older) && std::holds_alternative<BatchDone>(newer);
}

} // namespace

TrainingJobs::TrainingJobs(JobQueue* jobs)
    : m_jobs(jobs)
    , m_events([this](const QList<TrainEvent>& some) { emit events(some); }, bothBatches)
    , m_pause(std::make_shared<PauseControl>())
{
}

void TrainingJobs::add(std::shared_ptr<store::Project> project, const learn::Plan& plan)
{
    if (!m_running && m_waiting.isEmpty()) {
        begin(project, plan);
        return;
    }
    m_waiting.append({++m_lastId, plan});
    m_projects.append(std::move(project));
    emit waitingChanged();
}

void TrainingJobs::begin(const std::shared_ptr<store::Project>& project, const learn::Plan& plan)
{
    m_running = true;
    m_stop = std::stop_source();
    m_pause = std::make_shared<PauseControl>();
    auto work = [this, project, plan, pause = m_pause](const std::stop_token& stop) -> JobQueue::Finish {
        engine::train(
            *project, plan,
            {.sink = [this](const TrainEvent& event) { m_events.put(event); }, .stop = stop, .pause = pause});
        const auto runs = project->runs();
        return [this, project, runs = QList<store::RunRecord>(runs.begin(), runs.end())] {
            m_events.flush();
            end(project, runs);
        };
    };
    m_jobs->add(
        std::move(work),
        [this](const JobProblem& problem) {
            m_events.put(TrainEnded {problem.stopped ? Outcome::Stopped : Outcome::Failed, false,
                                     problem.sentence.toStdString()});
            m_events.flush();
            end(nullptr, {});
        },
        m_stop);
    emit started();
}

void TrainingJobs::end(const std::shared_ptr<store::Project>& project, const QList<store::RunRecord>& runs)
{
    m_running = false;
    emit ended(project, runs);
    if (m_running || m_waiting.isEmpty())
        return;
    const WaitingTraining next = m_waiting.takeFirst();
    const std::shared_ptr<store::Project> its = m_projects.takeFirst();
    begin(its, next.plan);
    emit waitingChanged();
}

void TrainingJobs::drop(int id)
{
    const auto found = std::ranges::find(m_waiting, id, &WaitingTraining::id);
    if (found == m_waiting.end())
        return; // it began just now
    m_projects.removeAt(found - m_waiting.begin());
    m_waiting.erase(found);
    emit waitingChanged();
}

void TrainingJobs::stop()
{
    m_stop.request_stop();
}

void TrainingJobs::stopAll()
{
    m_projects.clear();
    if (!std::exchange(m_waiting, {}).isEmpty())
        emit waitingChanged();
    stop();
}

bool TrainingJobs::isPaused() const
{
    return m_running && m_pause->isPaused();
}

void TrainingJobs::setPaused(bool paused)
{
    if (!m_running || paused == m_pause->isPaused())
        return;
    if (paused)
        m_pause->pause();
    else
        m_pause->resume();
    emit pausedChanged();
}

} // namespace graft::ui
