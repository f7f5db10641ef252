#include "ui/wizard/summary_step.h"

#include "ui/session.h"
#include "ui/wizard/training_draft.h"

namespace graft::ui {

SummaryStep::SummaryStep(Session& session, TrainingDraft& draft, QWidget* parent)
    : QWizardPage(parent)
    , m_session(session)
    , m_draft(draft)
{
    setTitle(tr("Ready to train"));
    setSubTitle(tr("This is what Graft will do."));
    setButtonText(QWizard::FinishButton, tr("Train"));
    static_cast<void>(m_session);
    static_cast<void>(m_draft);
}

} // namespace graft::ui
