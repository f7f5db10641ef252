#include "ui/jobs/training_jobs.h"

#include "core/base/error.h"
#include "core/engine/advise.h"
#include "core/engine/train.h"
#include "core/learn/strategy.h"
#include "ui/jobs/job_queue.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

namespace graft::ui {

namespace {

bool bothBatches(const TrainEvent& older, const TrainEvent& newer)
{
    return std::holds_alternative<BatchDone>(older) && std::holds_alternative<BatchDone>(newer);
}

bool bothStandings(const RaceNews& older, const RaceNews& newer)
{
    return std::holds_alternative<engine::Race>(older) && std::holds_alternative<engine::Race>(newer);
}

int countEnded(const engine::Race& race)
{
    using State = engine::Racer::State;
    return static_cast<int>(std::ranges::count_if(race.racers, [](const engine::Racer& racer) {
        return racer.state != State::Waiting && racer.state != State::Running;
    }));
}

/// Worker thread. Empty where nothing is known: what cannot be read is no reason not to race.
std::string recommendedOnTheMap(const store::Project& project)
{
    try {
        const auto advice = engine::latestAdvice(project);
        return advice ? advice->recommended : std::string();
    } catch (const Error&) {
        return {};
    }
}

} // namespace

TrainingJobs::TrainingJobs(JobQueue* jobs)
    : m_jobs(jobs)
    , m_events([this](const QList<TrainEvent>& some) { emit events(some); }, bothBatches)
    , m_news([this](const QList<RaceNews>& some) { emit raceNews(some); }, bothStandings)
    , m_runs([this](const QList<Runs>& some) { emit runsRead(some.last().project, some.last().runs); })
    , m_pause(std::make_shared<PauseControl>())
{
}

void TrainingJobs::add(std::shared_ptr<store::Project> project, const learn::Plan& plan,
                       std::optional<int> raceMinutes)
{
    const WaitingTraining wanted {++m_lastId, plan, raceMinutes};
    if (!m_running && m_waiting.isEmpty()) {
        begin(project, wanted);
        return;
    }
    m_waiting.append(wanted);
    m_projects.append(std::move(project));
    emit waitingChanged();
}

void TrainingJobs::begin(const std::shared_ptr<store::Project>& project, const WaitingTraining& next)
{
    m_running = true;
    m_racing = next.raceMinutes.has_value();
    m_since = QDateTime::currentSecsSinceEpoch();
    m_stop = std::stop_source();
    m_pause = std::make_shared<PauseControl>();
    if (next.raceMinutes)
        beginRace(project, next.plan, *next.raceMinutes);
    else
        beginTraining(project, next.plan);
}

void TrainingJobs::beginTraining(const std::shared_ptr<store::Project>& project, const learn::Plan& plan)
{
    auto work = [this, project, plan, pause = m_pause](const std::stop_token& stop) -> JobQueue::Finish {
        engine::train(
            *project, plan,
            {.sink = [this](const TrainEvent& event) { m_events.put(event); }, .stop = stop, .pause = pause});
        return [this, now = runsOf(project)] {
            m_events.flush();
            m_running = false;
            emit runsRead(now.project, now.runs);
            emit ended();
            beginNext();
        };
    };
    m_jobs->add(
        std::move(work),
        [this](const JobProblem& problem) {
            m_events.put(TrainEnded {problem.stopped ? Outcome::Stopped : Outcome::Failed, false,
                                     problem.sentence.toStdString()});
            m_events.flush();
            m_running = false;
            emit ended();
            beginNext();
        },
        m_stop);
    emit started();
}

void TrainingJobs::beginRace(const std::shared_ptr<store::Project>& project, const learn::Plan& plan,
                             int minutes)
{
    m_skips = std::vector<std::stop_source>(learn::strategies().size());
    m_leave = std::stop_source();
    auto end = [this](const QString& problem, const Runs& now) {
        m_news.flush();
        m_runs.flush();
        m_running = m_racing = false;
        if (now.project)
            emit runsRead(now.project, now.runs);
        emit raceEnded(problem);
        beginNext();
    };
    auto work = [this, project, end, options = engine::RaceOptions {plan, static_cast<double>(minutes), {}},
                 hooks = raceHooks(project)](const std::stop_token& stop) -> JobQueue::Finish {
        m_news.put(MapAdvice {recommendedOnTheMap(*project)});
        m_news.put(engine::race(*project, options, hooks, stop));
        return [end, now = runsOf(project)] { end({}, now); };
    };
    m_jobs->add(
        std::move(work), [end](const JobProblem& problem) { end(problem.sentence, {}); }, m_stop);
    emit raceStarted(plan, minutes);
}

engine::RaceHooks TrainingJobs::raceHooks(const std::shared_ptr<store::Project>& project)
{
    return {.standing =
                [this, project, ended = 0](const engine::Race& now) mutable {
                    m_news.put(now);
                    if (std::exchange(ended, countEnded(now)) == countEnded(now))
                        return;
                    try {
                        m_runs.put(runsOf(project));
                    } catch (const Error&) { // they are read again at the end, where an error can be told
                    }
                },
            .event =
                [this](int racer, const TrainEvent& event) {
                    if (!std::holds_alternative<BatchDone>(event)) // how it stands follows and says it
                        m_news.put(RacerEvent {racer, event});
                },
            .skip = [skips = m_skips](
                        int racer) { return skips.at(static_cast<std::size_t>(racer)).get_token(); },
            .pause = m_pause,
            .leave = m_leave.get_token()};
}

TrainingJobs::Runs TrainingJobs::runsOf(const std::shared_ptr<store::Project>& project)
{
    return {project, readRuns(*project)};
}

void TrainingJobs::beginNext()
{
    if (m_running || m_waiting.isEmpty())
        return;
    const WaitingTraining next = m_waiting.takeFirst();
    const std::shared_ptr<store::Project> its = m_projects.takeFirst();
    begin(its, next);
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
    m_leave.request_stop();
    stop();
}

void TrainingJobs::skipRacer(int racer)
{
    if (m_racing && racer >= 0 && racer < static_cast<int>(m_skips.size()))
        m_skips[static_cast<std::size_t>(racer)].request_stop();
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
