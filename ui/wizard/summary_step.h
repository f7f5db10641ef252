#pragma once
#include "core/engine/plan_costs.h"
#include "ui/wizard/step_frame.h"

#include <QWizardPage>

#include <memory>

class QGridLayout;
class QLabel;

namespace graft::ui {

class Session;
class TrainingDraft;

/// The last step: what will be done, in plain sentences, and what to expect. GUI thread.
class SummaryStep : public QWizardPage
{
    Q_OBJECT
public:
    SummaryStep(Session& session, TrainingDraft& draft, QWidget* parent = nullptr);
    ~SummaryStep() override;

    bool isComplete() const override;

    QString text() const; ///< all sentences, one to a line

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Figure {
        QLabel* value = nullptr;
        QLabel* source = nullptr;
    };

    QWidget* makeDeeds();
    QWidget* makeFigures();
    void takeDataset();
    void refresh();
    void showTraining(const learn::Plan& complete);
    void showRace(const learn::Plan& complete, int minutes);
    void showCosts(const engine::PlanCosts& costs);

    Session& m_session;
    TrainingDraft& m_draft;
    std::unique_ptr<engine::CostEstimator> m_estimator;
    QLabel* m_heading;
    QLabel* m_subtitle;
    QList<QLabel*> m_deeds; ///< sentences, in their order
    Figure m_accuracy;
    Figure m_time;
    Figure m_memory;
    Figure m_disk;
    bool m_possible = false;
    Completeness m_completeness;
};

} // namespace graft::ui
