#pragma once
#include "core/learn/advice.h"
#include "ui/jobs/weights_jobs.h"

#include <QFrame>

#include <optional>

class QLabel;
class QProgressBar;
class QRadioButton;

namespace graft::ui {

class WeightsFoot;

/// What one card of the step "backbone" shows.
struct BackboneFacts {
    WeightsItem item;
    std::int64_t weights = 0; ///< numbers that are learned
    double picturesPerSecond = 0.0; ///< measured here; 0: not
    double fastest = 0.0; ///< pictures per second of the fastest of all cards, where the bar ends
    std::optional<learn::Answers> suits; ///< cross-validated on the project's pictures
    bool best = false; ///< for these pictures, beyond chance
};

/// One network that can be chosen: how large, how good and how fast it is, and whether its weights are here.
/// A click anywhere chooses it.
class BackboneCard : public QFrame
{
    Q_OBJECT
public:
    explicit BackboneCard(QWidget* parent = nullptr);

    void setFacts(const BackboneFacts& facts);

    const BackboneFacts& facts() const { return m_facts; }

    QRadioButton* radio() const { return m_radio; } ///< for the group that all cards share

    WeightsFoot* foot() const { return m_foot; }

protected:
    void mousePressEvent(QMouseEvent* event) override;

private:
    QLayout* makeHead();
    QLayout* makeBars();
    void showBars();
    void showSuits();
    void showChosen(bool chosen);

    BackboneFacts m_facts;
    QRadioButton* m_radio;
    QLabel* m_size;
    QProgressBar* m_accuracy;
    QLabel* m_top1;
    QProgressBar* m_speed;
    QLabel* m_perSecond;
    QLabel* m_suits;
    QLabel* m_best;
    WeightsFoot* m_foot;
};

} // namespace graft::ui
