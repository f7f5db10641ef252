#pragma once
#include "core/base/progress.h"
#include "core/engine/classifier.h"
#include "ui/jobs/answering_model.h"
#include "ui/jobs/job_kind.h"
#include "ui/jobs/job_queue.h"
#include "ui/jobs/mailbox.h"

#include <QList>
#include <QObject>

#include <filesystem>

namespace graft::ui {

/// Questions to models: on a thread of their own, so that they are answered while a training runs. GUI
/// thread.
class ClassifyJobs : public QObject
{
    Q_OBJECT
public:
    ClassifyJobs();

    bool isRunning() const { return m_kind.jobs > 0; }

    /// Each ends in ended(); answers come one by one before. `project` is the folder of the run's project.
    void add(std::vector<std::filesystem::path> files, const AskedModel& model, double reject,
             const std::filesystem::path& project);
    void add(const Image& image, const AskedModel& model, double reject,
             const std::filesystem::path& project);
    void stop();

signals:
    void progress(qint64 done, qint64 total);
    void answers(const QList<graft::engine::Prediction>& predictions); ///< as they come
    void failed(const graft::ui::JobProblem& problem); ///< before ended()
    void ended(const QList<graft::engine::PictureProblem>& problems);

private:
    void end(const QList<engine::PictureProblem>& problems);
    JobQueue::Fail fail();

    JobKind m_kind;
    Mailbox<Progress> m_progress;
    Mailbox<engine::Prediction> m_answers;
    AnsweringModel m_model; ///< the worker's
    JobQueue m_jobs; ///< last, so that it ends first
};

} // namespace graft::ui
