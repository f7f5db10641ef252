#include "ui/jobs/classify_jobs.h"

#include <utility>

namespace graft::ui {

namespace {

bool newerCounts(const Progress&, const Progress&)
{
    return true;
}

} // namespace

ClassifyJobs::ClassifyJobs()
    : m_progress(
        [this](const QList<Progress>& steps) { emit progress(steps.last().done, steps.last().total); },
        newerCounts)
    , m_answers([this](const QList<engine::Prediction>& predictions) { emit answers(predictions); })
{
}

void ClassifyJobs::add(std::vector<std::filesystem::path> files, const AskedModel& model, double reject,
                       const std::filesystem::path& project)
{
    auto work = [this, files = std::move(files), model, reject,
                 project](const std::stop_token& stop) -> JobQueue::Finish {
        m_model.choose(model, project);
        const auto result = m_model.classify(
            files, reject, [this](const Progress& step) { m_progress.put(step); }, stop,
            [this](const engine::Prediction& answer) { m_answers.put(answer); });
        return
            [this, problems = QList<engine::PictureProblem>(result.problems.begin(), result.problems.end())] {
                end(problems);
            };
    };
    m_jobs.add(std::move(work), fail(), m_kind.begin());
}

void ClassifyJobs::add(const Image& image, const AskedModel& model, double reject,
                       const std::filesystem::path& project)
{
    auto work = [this, image, model, reject, project](const std::stop_token&) -> JobQueue::Finish {
        m_model.choose(model, project);
        engine::Prediction answer = m_model.classify(image);
        answer.rejected =
            answer.probabilities[static_cast<std::size_t>(answer.best)] < static_cast<float>(reject);
        m_answers.put(std::move(answer));
        return [this] { end({}); };
    };
    m_jobs.add(std::move(work), fail(), m_kind.begin());
}

void ClassifyJobs::stop()
{
    m_kind.stop.request_stop();
}

void ClassifyJobs::end(const QList<engine::PictureProblem>& problems)
{
    m_progress.flush();
    m_answers.flush();
    --m_kind.jobs;
    emit ended(problems);
}

JobQueue::Fail ClassifyJobs::fail()
{
    return [this](const JobProblem& problem) {
        emit failed(problem);
        end({});
    };
}

} // namespace graft::ui
