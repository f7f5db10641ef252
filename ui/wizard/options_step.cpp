#include "ui/wizard/options_step.h"

#include "ui/session.h"
#include "ui/wizard/training_draft.h"

namespace graft::ui {

OptionsStep::OptionsStep(Session& session, TrainingDraft& draft, QWidget* parent)
    : QWizardPage(parent)
    , m_session(session)
    , m_draft(draft)
{
    setTitle(tr("Options"));
    setSubTitle(tr("You can leave everything as it is."));
    static_cast<void>(m_session);
    static_cast<void>(m_draft);
}

} // namespace graft::ui
