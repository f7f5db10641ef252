#pragma once
#include "ui/models/training_state.h"
#include "ui/page.h"

class QListView;
class QTimer;

namespace graft::store {
struct RunRecord;
}

namespace graft::ui {

class CurvePlot;
class FailureCard;
class GuessesView;
class ProgressBand;
class Session;
class TrainLog;
class VerdictBand;
class WaitingBand;

/// The training that runs, or else the latest one: progress or verdict, curves, guesses, what happened.
class TrainPage : public Page
{
    Q_OBJECT
public:
    explicit TrainPage(Session& session, QWidget* parent = nullptr);
    ~TrainPage() override;

    const TrainingState& training() const { return m_state; }

public slots:
    void takeEvents(const QList<graft::TrainEvent>& events); ///< in order
    void showRun(const graft::store::RunRecord& run); ///< one that is over

signals:
    void newTraining();
    void tryIt(const QString& run); ///< the one that is shown

private:
    void makeHeader();
    void makeBody();
    void begin(); ///< a training was asked for
    void refresh(); ///< shows what the session has
    void showEmpty();
    void showFailure(const QString& problem, bool hasModel);
    void showActions(bool running, bool hasModel);
    void showMemory();
    void showPaused(); ///< whether it was asked to
    void showWaiting();
    void saveLog();

    Session& m_session;
    TrainingState m_state;
    QString m_run; ///< id of the one that is shown; empty while there is none
    TrainLog* m_log;
    ProgressBand* m_progress;
    WaitingBand* m_waiting;
    VerdictBand* m_verdict;
    FailureCard* m_failure;
    QWidget* m_plots;
    CurvePlot* m_accuracy;
    CurvePlot* m_loss;
    GuessesView* m_guesses;
    QListView* m_logView;
    QPushButton* m_pause;
    QPushButton* m_stop;
    QPushButton* m_new;
    QPushButton* m_try;
    QTimer* m_memoryTimer;
};

} // namespace graft::ui
