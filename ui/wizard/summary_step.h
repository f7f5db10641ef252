#pragma once
#include <QWizardPage>

namespace graft::ui {

class Session;
class TrainingDraft;

/// The last step: what will be done, in plain sentences. GUI thread.
class SummaryStep : public QWizardPage
{
    Q_OBJECT
public:
    SummaryStep(Session& session, TrainingDraft& draft, QWidget* parent = nullptr);

private:
    Session& m_session;
    TrainingDraft& m_draft;
};

} // namespace graft::ui
