#pragma once
#include "ui/models/race_state.h"
#include "ui/models/training_state.h"

#include <QStatusBar>

#include <optional>

class QLabel;
class QProgressBar;
class QToolButton;

namespace graft::ui {

class IconLabel;
class Session;
class WeightsJobs;

/// The line at the bottom: the job that runs, with its progress and Stop, or Pause of a training or race; the
/// machine; and that nothing leaves it, or, while weights are downloaded, how far they are.
class StatusStrip : public QStatusBar
{
    Q_OBJECT
public:
    explicit StatusStrip(Session& session, WeightsJobs& weights, QWidget* parent = nullptr);

    /// "Run 4, epoch 8 of 20", "Race, strategy 3 of 4" while a training runs, else empty: for the navigation.
    QString trainingHint() const { return m_hint; }

signals:
    void trainingHintChanged();
    void jobClicked(); ///< the running training was
    void downloadClicked();

private:
    enum class Job { None, Import, Training, Race, Classifying };

    bool isTraining() const { return m_job == Job::Training || m_job == Job::Race; }

    void begin(Job job, const char* iconName, const QString& text);
    void progress(const QString& text, qint64 done, qint64 total);
    void end(const char* iconName, const QString& text);
    void takeEvents(const QList<TrainEvent>& events);
    void showTraining();
    void showEnded();
    void takeNews(const QList<RaceNews>& news);
    void endRace(const QString& problem);
    void showPaused(); ///< whether it was asked to
    void showWaiting();
    void endImport(bool stopped);
    void stop();
    void setHint(const QString& hint);
    QWidget* makeDownload();
    void showDownload();
    void refreshMachine();

    Session& m_session;
    WeightsJobs& m_weights;
    Job m_job = Job::None;
    TrainingState m_training; ///< the running one
    RaceState m_race; ///< the running one
    QString m_hint;
    IconLabel* m_icon;
    QToolButton* m_text;
    QProgressBar* m_bar;
    QLabel* m_left;
    QLabel* m_waiting; ///< trainings that wait
    QToolButton* m_pause;
    QToolButton* m_stop;
    QLabel* m_machine;
    QWidget* m_lock; ///< "Nothing leaves this computer"
    QWidget* m_download; ///< in its place
    QToolButton* m_downloadText;
    QProgressBar* m_downloadBar;
};

} // namespace graft::ui
