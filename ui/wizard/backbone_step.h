#pragma once
#include <QWizardPage>

namespace graft::ui {

class Session;
class TrainingDraft;
class WeightsJobs;

/// The step that chooses the network that a training builds on. GUI thread.
class BackboneStep : public QWizardPage
{
    Q_OBJECT
public:
    BackboneStep(Session& session, WeightsJobs& weights, TrainingDraft& draft, QWidget* parent = nullptr);

private:
    Session& m_session;
    WeightsJobs& m_weights;
    TrainingDraft& m_draft;
};

} // namespace graft::ui
