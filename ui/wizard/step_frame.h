#pragma once
#include <QString>

class QLabel;
class QVBoxLayout;
class QWizardPage;

namespace graft::ui {

/// What all steps of the wizard look like: a heading with a line below it, and a body, all of it scrolled
/// where it does not fit.
struct StepFrame {
    QLabel* subtitle; ///< wraps
    QVBoxLayout* body; ///< 24 px from the sides, 16 px between what is added
};

/// Lays `page` out. Once for a page.
StepFrame frameStep(QWizardPage* page, const QString& title);

} // namespace graft::ui
