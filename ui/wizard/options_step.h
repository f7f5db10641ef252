#pragma once
#include "core/engine/plan_costs.h"
#include "ui/wizard/step_frame.h"

#include <QWizardPage>

#include <memory>
#include <optional>

class QButtonGroup;
class QLabel;
class QStackedWidget;

namespace graft::ui {

class CostLine;
class JobQueue;
class MessageBar;
class OptionExplainer;
class OptionsForm;
class Session;
class SimpleOptions;
class TrainingDraft;

/// The step that decides how the network learns: in two words, or with every number. Complete where the
/// strategy takes the plan. GUI thread.
class OptionsStep : public QWizardPage
{
    Q_OBJECT
public:
    enum class View { Simple, Expert };

    OptionsStep(Session& session, TrainingDraft& draft, QWidget* parent = nullptr);
    ~OptionsStep() override;

    bool isComplete() const override;

    void setView(View view);

    OptionsForm* form() const { return m_form; }

    SimpleOptions* simple() const { return m_simple; }

    OptionExplainer* explainer() const { return m_explainer; }

    CostLine* cost() const { return m_cost; }

    QString problem() const { return m_problem; } ///< why it is not complete; a sentence, or empty

protected:
    void showEvent(QShowEvent* event) override;

private:
    QLayout* makeTop();
    QWidget* makeSide();
    void takeDataset();
    void takeAdvice();
    void findDevices();
    void refresh();
    void showProblem();
    std::optional<engine::PlanCosts> costsOf(const learn::Plan& plan);

    Session& m_session;
    TrainingDraft& m_draft;
    std::unique_ptr<engine::CostEstimator> m_estimator;
    QLabel* m_subtitle;
    MessageBar* m_messages;
    QButtonGroup* m_views;
    QStackedWidget* m_stack;
    SimpleOptions* m_simple;
    OptionsForm* m_form;
    OptionExplainer* m_explainer;
    CostLine* m_cost;
    JobQueue* m_jobs;
    QString m_refusal; ///< of the plan by its strategy, or by the network
    QString m_problem;
    bool m_asked = false; ///< for the devices
    Completeness m_completeness;
};

} // namespace graft::ui
