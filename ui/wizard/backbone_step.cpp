#include "ui/wizard/backbone_step.h"

#include "ui/jobs/weights_jobs.h"
#include "ui/session.h"
#include "ui/wizard/training_draft.h"

namespace graft::ui {

BackboneStep::BackboneStep(Session& session, WeightsJobs& weights, TrainingDraft& draft, QWidget* parent)
    : QWizardPage(parent)
    , m_session(session)
    , m_weights(weights)
    , m_draft(draft)
{
    setTitle(tr("Choose a backbone"));
    setSubTitle(tr("A backbone is a network that has already seen 1.2 million ImageNet pictures. Speed is "
                   "measured on this computer."));
    static_cast<void>(m_session);
    static_cast<void>(m_weights);
    static_cast<void>(m_draft);
}

} // namespace graft::ui
