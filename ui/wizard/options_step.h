#pragma once
#include <QWizardPage>

namespace graft::ui {

class Session;
class TrainingDraft;

/// The step that decides how the network learns. GUI thread.
class OptionsStep : public QWizardPage
{
    Q_OBJECT
public:
    OptionsStep(Session& session, TrainingDraft& draft, QWidget* parent = nullptr);

private:
    Session& m_session;
    TrainingDraft& m_draft;
};

} // namespace graft::ui
