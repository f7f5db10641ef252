#include "ui/jobs/adviser.h"

#include "core/engine/weights.h"
#include "ui/jobs/job_queue.h"

#include <utility>

namespace graft::ui {

namespace {

bool newerPiece(const learn::Advice&, const learn::Advice&)
{
    return true;
}

bool newerStep(const Progress&, const Progress&)
{
    return true;
}

} // namespace

AdviceSource engineAdvice(std::shared_ptr<store::Project> project)
{
    const auto latest = [project] { return engine::latestAdvice(*project); };
    const auto measure = [project](const engine::AdviseOptions& options, const engine::AdviceSink& each,
                                   const ProgressSink& progress, std::stop_token stop) {
        return engine::advise(*project, options, each, progress, std::move(stop));
    };
    return {latest, measure};
}

Adviser::Adviser(AdviceSource source, QObject* parent)
    : QObject(parent)
    , m_source(std::move(source))
    , m_pieces([this](const QList<learn::Advice>& pieces) { emit advised(pieces.last()); }, newerPiece)
    , m_steps(
          [this](const QList<Progress>& steps) {
              m_progress = steps.last();
              emit changed();
          },
          newerStep)
    , m_jobs(new JobQueue(this))
{
}

Adviser::~Adviser()
{
    m_stop.request_stop();
    delete m_jobs; // before the mailboxes that its thread writes to
}

void Adviser::find(const std::string& backbone)
{
    start(backbone, false);
}

void Adviser::measure(const std::string& backbone)
{
    start(backbone, true);
}

void Adviser::start(const std::string& backbone, bool anew)
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    m_progress = {};
    m_problem.clear();
    m_stopped = false;
    ++m_measuring;
    const int number = ++m_number;
    auto work = [this, number, backbone, anew](const std::stop_token& stop) -> JobQueue::Finish {
        try {
            std::optional<learn::Advice> advice = anew ? std::nullopt : m_source.latest();
            if (!advice || advice->backbone != backbone) {
                engine::AdviseOptions options;
                options.backbone = backbone;
                advice = m_source.measure(
                    options,
                    [this, &stop](const learn::Advice& soFar) {
                        if (!stop.stop_requested())
                            m_pieces.put(soFar);
                    },
                    [this](const Progress& step) { m_steps.put(step); }, stop);
            }
            return [this, number, advice = *advice] {
                if (number != m_number) {
                    end({true, {}, {}});
                    return;
                }
                m_pieces.flush();
                emit advised(advice);
                end({});
            };
        } catch (const engine::WeightsNeeded&) { // the wizard has another way to get them than the menu
            return [this] {
                end({false,
                     tr("The weights of this network are not on this computer yet, so nothing could be "
                        "measured. Get them in the step Backbone and come back, or choose a strategy "
                        "yourself."),
                     {}});
            };
        }
    };
    m_jobs->add(
        std::move(work),
        [this, number](const JobProblem& problem) {
            if (number == m_number && problem.stopped)
                m_stopped = true;
            end(problem);
        },
        m_stop);
    emit changed();
}

void Adviser::end(const JobProblem& problem)
{
    --m_measuring;
    if (m_measuring == 0) {
        m_steps.flush();
        m_progress = {};
        m_problem = problem.sentence;
        if (m_retired)
            deleteLater();
    }
    emit changed();
}

void Adviser::stop()
{
    m_stop.request_stop();
}

void Adviser::retire()
{
    disconnect(this, nullptr, nullptr, nullptr);
    m_retired = true;
    stop();
    if (m_measuring == 0)
        deleteLater();
}

} // namespace graft::ui
