#pragma once
#include "core/base/train_event.h"
#include "core/engine/advise.h"
#include "core/engine/import.h"
#include "core/store/project.h"
#include "ui/jobs/answering_model.h"
#include "ui/jobs/training_jobs.h"

#include <QList>
#include <QObject>
#include <QString>

#include <memory>

namespace graft::ui {

/// What the window works on: the open project and the jobs that run for it. Lives on the GUI thread and never
/// blocks it: what changes the project runs on one worker thread, in turn, questions to a model on another,
/// so that they are answered while a training runs or is paused; all comes back as signals here. Deleting it
/// stops the work and waits for the picture or batch at hand.
class Session : public QObject
{
    Q_OBJECT
public:
    explicit Session(QObject* parent = nullptr);
    ~Session() override;

    bool isOpen() const; ///< a project is open
    QString name() const; ///< the project's
    QString folder() const; ///< the project's
    const dataset::Dataset& dataset() const; ///< empty while none is open
    const QList<store::RunRecord>& runs() const; ///< oldest first
    /// The run that answers unless a person chooses another one (see store::Project::latestModel); null where
    /// none has a model.
    const store::RunRecord* modelRun() const;
    /// What had been predicted of a run, and whether that came true; null where nothing was predicted.
    const engine::AdviceVerdict* adviceVerdict(const std::string& run) const;

    /// How training pictures are augmented: as learn::Plan::recipe.
    const std::string& recipe() const;
    /// Written to the project a moment after the last of several calls, and before the project is closed.
    void setRecipe(const std::string& recipe);

    /// Augmented copies of each training picture: as learn::Plan::copies. Written as the recipe is.
    int copies() const;
    void setCopies(int copies);

    /// For measurements on a worker thread, which may keep what they found in it; null while none is open.
    std::shared_ptr<store::Project> project() const;

    bool isImporting() const;
    bool isTraining() const; ///< or racing
    bool isRacing() const;
    qint64 trainingSince() const; ///< when that began, seconds since 1970; 0: none runs
    bool isClassifying() const;

    /// Ends in opened(), or failed() and the old project stays.
    void openProject(const QString& folder);

    /// Reads `pictures` into a new project beside it or under the documents folder ("Name.graft", numbered
    /// where that is taken), or into the open project where `intoOpen`. Ends in importEnded(), or failed().
    void importFolder(const QString& pictures, const engine::ImportOptions& options, bool intoOpen);
    void stopImport(); ///< keeps what is in

    /// Ends in trainingEnded(). While another one runs it waits for its turn.
    void train(const learn::Plan& plan);
    /// Learns with one strategy after the other, each for so many minutes. Ends in raceEnded(). Waits as a
    /// training does, is paused and stopped as one.
    void race(const learn::Plan& plan, int minutes);
    void skipRacer(int racer); ///< of the race that runs, by its place in it: keeps its best; the next begins
    void stopTraining(); ///< the one that runs, paused or not: keeps the best; the next one begins
    void stopTrainings(); ///< and those that wait are dropped
    const QList<WaitingTraining>& waitingTrainings() const;
    void dropTraining(int id); ///< one that waits

    bool isTrainingPaused() const; ///< was asked to; TrainPaused tells when it stands still
    void pauseTraining(bool paused);

    /// Ends in classified(); answers come one by one before. A run needs its project open.
    void classify(const QList<QString>& paths, const AskedModel& model, double reject);
    void classify(const Image& image, const AskedModel& model, double reject); ///< from the clipboard
    void stopClassifying();

    void closeProject();

signals:
    void opened();
    void closed();
    void datasetChanged();
    void runsChanged();
    void recipeChanged(); ///< a moment after the last of several changes
    void failed(const QString& sentence, const QString& details); ///< details may be empty

    void importProgress(const QString& what, qint64 done, qint64 total);
    void importEnded(bool stopped);

    void trainingStarted();
    void trainingEvents(const QList<graft::TrainEvent>& events); ///< in order, at most 30 times a second
    void trainingEnded(); ///< after the last events
    void raceStarted(const graft::learn::Plan& plan, int minutes);
    void raceNews(const QList<graft::ui::RaceNews>& news); ///< in order, at most 30 times a second
    void raceEnded(const QString& problem); ///< after the last news; why there was none, else empty
    void trainingPausedChanged(); ///< of a race, too
    void waitingTrainingsChanged();

    void classifyProgress(qint64 done, qint64 total);
    void answers(const QList<graft::engine::Prediction>& predictions); ///< as they come
    void classified(const QList<graft::engine::PictureProblem>& problems);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace graft::ui
