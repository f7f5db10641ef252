#pragma once
#include "ui/jobs/weights_jobs.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;

namespace graft::ui {

class WeightsFoot;

/// One weight file: what it is, how good it is, its licence, and at the foot its state with what can be done.
class WeightsCard : public QFrame
{
    Q_OBJECT
public:
    explicit WeightsCard(QWidget* parent = nullptr);

    void setItem(const WeightsItem& item);

    QString stateText() const; ///< the sentence at the foot

signals:
    void download();
    void cancel();
    void import();

private:
    QLayout* makeAccuracy();
    QLayout* makeFacts();
    void showDetails();

    WeightsItem m_item;
    QLabel* m_title;
    QLabel* m_facts; ///< size and licence
    QProgressBar* m_accuracy;
    QLabel* m_share;
    QLabel* m_recipe;
    QPushButton* m_details;
    WeightsFoot* m_foot;
};

} // namespace graft::ui
