#pragma once
#include "core/learn/plan.h"

#include <QWizard>

namespace graft::ui {

class Adviser;
class Session;
class StepList;
class TrainingDraft;
class WeightsJobs;

/// The wizard that plans a training or a race. Edits a draft and hands it over when it is accepted. A step
/// that has something to do of its own sets a text for QWizard::CustomButton1: the button at the left. The
/// session and the weights must outlive it. GUI thread.
class NewTraining : public QWizard
{
    Q_OBJECT
public:
    NewTraining(Session& session, WeightsJobs& weights, learn::Plan start, QWidget* parent = nullptr);
    ~NewTraining() override;

    /// As large as it may become above this window, pixels.
    static QSize sizeFor(const QWidget* window);

    TrainingDraft& draft() { return *m_draft; }

    void accept() override;

signals:
    void trainingWanted(const graft::learn::Plan& plan);
    void raceWanted(const graft::learn::Plan& plan, int minutes); ///< for each strategy

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void addSteps(Session& session, WeightsJobs& weights);
    void watchTrainings(const Session& session); ///< times that are measured beside one are too long
    void makeButtons();
    void showStep();
    void fitFrame();

    TrainingDraft* m_draft;
    Adviser* m_adviser;
    StepList* m_steps;
};

} // namespace graft::ui
