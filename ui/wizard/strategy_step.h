#pragma once
#include "core/learn/advice.h"

#include <QWizardPage>

class QCheckBox;
class QComboBox;
class QLabel;
class QRadioButton;

namespace graft::ui {

class Adviser;
class EvidencePanel;
class MessageBar;
class StrategyMap;
class TrainingDraft;

/// The step that chooses one of the four strategies on the map, beside what was measured. What Graft
/// recommends becomes chosen as long as nobody has chosen. Never blocks the way on. GUI thread.
class StrategyStep : public QWizardPage
{
    Q_OBJECT
public:
    /// The adviser must outlive the step.
    StrategyStep(Adviser& adviser, TrainingDraft& draft, QWidget* parent = nullptr);

    void initializePage() override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeMap();
    QLayout* makeStart();
    QLayout* makeRace();
    void find(); ///< an advice for the plan's backbone, if none was asked for yet
    void measureAgain();
    void choose(const std::string& strategy);
    void chooseCut(const std::string& stage);
    void setRace();
    void takeAdvice(const learn::Advice& advice);
    void followBackbone();
    void showPlan();
    void showAdvising();
    void showPlace();
    QString sentence() const;

    Adviser& m_adviser;
    TrainingDraft& m_draft;
    std::string m_askedFor; ///< the backbone that an advice was asked for
    std::string m_backbone; ///< the plan's
    bool m_chosenByHand = false;
    bool m_cutByHand = false;
    bool m_showing = false; ///< the draft's values are shown: nobody chooses
    QLabel* m_subtitle;
    MessageBar* m_messages;
    StrategyMap* m_map;
    QLabel* m_sentence;
    QWidget* m_start; ///< of strategy 4
    QRadioButton* m_fromWeights;
    QRadioButton* m_fromZero;
    EvidencePanel* m_evidence;
    QCheckBox* m_race;
    QComboBox* m_minutes;
};

} // namespace graft::ui
