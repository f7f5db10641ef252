#include "ui/session.h"

#include "core/base/error.h"
#include "ui/jobs/classify_jobs.h"
#include "ui/jobs/job_kind.h"
#include "ui/jobs/job_queue.h"
#include "ui/jobs/mailbox.h"
#include "ui/jobs/project_jobs.h"
#include "ui/jobs/recipe_keeper.h"
#include "ui/paths.h"

#include <QStandardPaths>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace graft::ui {

namespace fs = std::filesystem;

namespace {

bool newerCounts(const Progress&, const Progress&)
{
    return true;
}

fs::path documents()
{
    return toPath(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation)) / "Graft";
}

} // namespace

struct Session::Impl {
    explicit Impl(Session* session)
        : q(session)
        , importProgress(
              [this](const QList<Progress>& steps) {
                  const Progress& last = steps.last();
                  emit q->importProgress(QString::fromStdString(last.what), last.done, last.total);
              },
              newerCounts)
        , trainings(&jobs)
    {
        connectTrainings();
        connectQuestions();
        constexpr int afterLastEdit = 400; // milliseconds
        keepRecipe.setSingleShot(true);
        keepRecipe.setInterval(afterLastEdit);
        QObject::connect(&keepRecipe, &QTimer::timeout, q, [this] {
            emit q->recipeChanged();
            // Not among the other jobs: a training may run for hours before it would be its turn.
            notes.add(
                [this](const std::stop_token&) {
                    recipes.write();
                    return [] {};
                },
                [this](const JobProblem& problem) { tell(problem); });
        });
    }

    void connectTrainings()
    {
        QObject::connect(&trainings, &TrainingJobs::started, q, &Session::trainingStarted);
        QObject::connect(&trainings, &TrainingJobs::events, q, &Session::trainingEvents);
        QObject::connect(&trainings, &TrainingJobs::pausedChanged, q, &Session::trainingPausedChanged);
        QObject::connect(&trainings, &TrainingJobs::waitingChanged, q, &Session::waitingTrainingsChanged);
        QObject::connect(&trainings, &TrainingJobs::ended, q, &Session::trainingEnded);
        QObject::connect(&trainings, &TrainingJobs::raceStarted, q, &Session::raceStarted);
        QObject::connect(&trainings, &TrainingJobs::raceNews, q, &Session::raceNews);
        QObject::connect(&trainings, &TrainingJobs::raceEnded, q, &Session::raceEnded);
        QObject::connect(&trainings, &TrainingJobs::runsRead, q,
                         [this](const std::shared_ptr<store::Project>& project, const ProjectRuns& runs) {
                             if (open.project != project)
                                 return;
                             open.runs = runs;
                             emit q->runsChanged();
                         });
    }

    void connectQuestions()
    {
        QObject::connect(&questions, &ClassifyJobs::progress, q, &Session::classifyProgress);
        QObject::connect(&questions, &ClassifyJobs::answers, q, &Session::answers);
        QObject::connect(&questions, &ClassifyJobs::failed, q,
                         [this](const JobProblem& problem) { tell(problem); });
        QObject::connect(&questions, &ClassifyJobs::ended, q, &Session::classified);
    }

    ~Impl()
    {
        try {
            recipes.write();
        } catch (const Error&) { // the window is gone: there is nobody left to tell
        }
    }

    void take(LoadedProject loaded)
    {
        release();
        open = std::move(loaded);
        emit q->opened();
    }

    /// A project closes its database and a big dataset frees its memory where that takes no frame.
    void release()
    {
        if (!open.project)
            return;
        auto old = std::make_shared<LoadedProject>(std::exchange(open, none()));
        jobs.add(
            [this, old = std::move(old)](const std::stop_token&) mutable {
                recipes.write();
                old.reset();
                return [] {};
            },
            [this](const JobProblem& problem) { tell(problem); });
    }

    static LoadedProject none()
    {
        LoadedProject loaded;
        loaded.dataset = std::make_shared<dataset::Dataset>();
        return loaded;
    }

    void tell(const JobProblem& problem)
    {
        if (!problem.stopped)
            emit q->failed(problem.sentence, problem.details);
    }

    /// For questions, which leave the project itself to the jobs: it closes when they let go.
    fs::path projectFolder() const { return open.project ? open.project->folder() : fs::path(); }

    bool canAsk(const AskedModel& asked) const
    {
        return !asked.isNone() && (asked.run.isEmpty() || open.project != nullptr);
    }

    Session* q;
    LoadedProject open = none();
    OpenProjects projects; ///< of the jobs' thread
    JobKind importing;
    Mailbox<Progress> importProgress;
    RecipeKeeper recipes;
    QTimer keepRecipe;
    TrainingJobs trainings;
    JobQueue notes; // short writes
    ClassifyJobs questions;
    JobQueue jobs; // last, so that it ends first
};

Session::Session(QObject* parent)
    : QObject(parent)
    , m_impl(std::make_unique<Impl>(this))
{
}

Session::~Session() = default;

bool Session::isOpen() const
{
    return m_impl->open.project != nullptr;
}

QString Session::name() const
{
    return isOpen() ? QString::fromStdString(m_impl->open.project->name()) : QString();
}

QString Session::folder() const
{
    return isOpen() ? toQString(m_impl->open.project->folder()) : QString();
}

const dataset::Dataset& Session::dataset() const
{
    return *m_impl->open.dataset;
}

const QList<store::RunRecord>& Session::runs() const
{
    return m_impl->open.runs.records;
}

const store::RunRecord* Session::modelRun() const
{
    const auto found = std::ranges::find(runs(), m_impl->open.runs.model, &store::RunRecord::id);
    return found == runs().end() ? nullptr : &*found;
}

const engine::AdviceVerdict* Session::adviceVerdict(const std::string& run) const
{
    const auto& all = m_impl->open.runs.verdicts;
    const auto found = std::ranges::find(all, run, &engine::AdviceVerdict::run);
    return found == all.end() ? nullptr : &*found;
}

const std::string& Session::recipe() const
{
    return m_impl->open.recipe;
}

void Session::setRecipe(const std::string& recipe)
{
    Impl* d = m_impl.get();
    if (!isOpen() || d->open.recipe == recipe)
        return;
    d->open.recipe = recipe;
    d->recipes.put(d->open.project, recipe, d->open.copies);
    d->keepRecipe.start();
}

int Session::copies() const
{
    return m_impl->open.copies;
}

void Session::setCopies(int copies)
{
    Impl* d = m_impl.get();
    if (!isOpen() || d->open.copies == copies)
        return;
    d->open.copies = copies;
    d->recipes.put(d->open.project, d->open.recipe, copies);
    d->keepRecipe.start();
}

std::shared_ptr<store::Project> Session::project() const
{
    return m_impl->open.project;
}

bool Session::isImporting() const
{
    return m_impl->importing.jobs > 0;
}

bool Session::isTraining() const
{
    return m_impl->trainings.isRunning();
}

bool Session::isRacing() const
{
    return m_impl->trainings.isRacing();
}

qint64 Session::trainingSince() const
{
    return m_impl->trainings.since();
}

bool Session::isClassifying() const
{
    return m_impl->questions.isRunning();
}

void Session::openProject(const QString& folder)
{
    Impl* d = m_impl.get();
    d->jobs.add(
        [d, path = toPath(folder), current = d->open.project](const std::stop_token&) -> JobQueue::Finish {
            std::error_code problem;
            if (current && fs::equivalent(path, current->folder(), problem))
                return [d] { emit d->q->opened(); }; // it is locked for writing by ourselves
            return [d, loaded = loadProject(path, d->projects)] { d->take(loaded); };
        },
        [d](const JobProblem& problem) { d->tell(problem); });
}

void Session::importFolder(const QString& pictures, const engine::ImportOptions& options, bool intoOpen)
{
    Impl* d = m_impl.get();
    auto work = [d, source = toPath(pictures), options, current = d->open.project,
                 intoOpen](const std::stop_token& stop) -> JobQueue::Finish {
        const auto progress = [d](const Progress& step) { d->importProgress.put(step); };
        const ProjectPlace place = intoOpen ? ProjectPlace() : placeFor(source, documents());
        if (current && (intoOpen || place.folder == current->folder())) {
            auto report = engine::importFolder(*current, source, options, progress, stop);
            return [d, current, stopped = report.stopped,
                    dataset = std::make_shared<const dataset::Dataset>(std::move(report.dataset))] {
                d->importProgress.flush();
                --d->importing.jobs;
                if (d->open.project == current) {
                    d->open.dataset = dataset;
                    emit d->q->datasetChanged();
                }
                emit d->q->importEnded(stopped);
            };
        }
        return [d, loaded = importInto(place, d->projects, source, options, progress, stop)] {
            d->importProgress.flush();
            --d->importing.jobs;
            d->take(loaded);
            emit d->q->importEnded(loaded.stopped);
        };
    };
    d->jobs.add(
        std::move(work),
        [d](const JobProblem& problem) {
            --d->importing.jobs;
            d->tell(problem);
            if (problem.stopped)
                emit d->q->importEnded(true);
        },
        d->importing.begin());
}

void Session::stopImport()
{
    m_impl->importing.stop.request_stop();
}

void Session::train(const learn::Plan& plan)
{
    if (isOpen())
        m_impl->trainings.add(m_impl->open.project, plan);
}

void Session::race(const learn::Plan& plan, int minutes)
{
    if (isOpen())
        m_impl->trainings.add(m_impl->open.project, plan, minutes);
}

void Session::skipRacer(int racer)
{
    m_impl->trainings.skipRacer(racer);
}

void Session::stopTraining()
{
    m_impl->trainings.stop();
}

void Session::stopTrainings()
{
    m_impl->trainings.stopAll();
}

const QList<WaitingTraining>& Session::waitingTrainings() const
{
    return m_impl->trainings.waiting();
}

void Session::dropTraining(int id)
{
    m_impl->trainings.drop(id);
}

bool Session::isTrainingPaused() const
{
    return m_impl->trainings.isPaused();
}

void Session::pauseTraining(bool paused)
{
    m_impl->trainings.setPaused(paused);
}

void Session::classify(const QList<QString>& paths, const AskedModel& model, double reject)
{
    Impl* d = m_impl.get();
    if (!d->canAsk(model) || paths.isEmpty())
        return;
    std::vector<fs::path> files;
    files.reserve(static_cast<std::size_t>(paths.size()));
    for (const QString& path : paths)
        files.push_back(toPath(path));
    d->questions.add(std::move(files), model, reject, d->projectFolder());
}

void Session::classify(const Image& image, const AskedModel& model, double reject)
{
    Impl* d = m_impl.get();
    if (d->canAsk(model))
        d->questions.add(image, model, reject, d->projectFolder());
}

void Session::stopClassifying()
{
    m_impl->questions.stop();
}

void Session::closeProject()
{
    if (!isOpen())
        return;
    stopImport();
    stopTrainings();
    stopClassifying();
    m_impl->release();
    emit closed();
}

} // namespace graft::ui
