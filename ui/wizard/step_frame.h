#pragma once
#include <QString>

#include <optional>

class QLabel;
class QVBoxLayout;
class QWizardPage;

namespace graft::ui {

/// What all steps of the wizard look like: a heading with a line below it, and a body, all of it scrolled
/// where it does not fit.
struct StepFrame {
    QLabel* heading; ///< wraps
    QLabel* subtitle; ///< wraps
    QVBoxLayout* body; ///< 24 px from the sides, 16 px between what is added
};

/// Lays `page` out. Once for a page.
StepFrame frameStep(QWizardPage* page, const QString& title);

/// Says when a step becomes complete or stops being it, and only then: for each completeChanged() QWizard
/// hides the page and shows it again.
class Completeness
{
public:
    void tell(QWizardPage& page);

private:
    std::optional<bool> m_told;
};

} // namespace graft::ui
