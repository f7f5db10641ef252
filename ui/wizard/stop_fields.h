#pragma once
#include "core/learn/plan.h"

#include <QWidget>

class QCheckBox;
class QRadioButton;
class QSpinBox;

namespace graft::ui {

/// Epochs, or minutes where the strategy can be timed.
class LengthField : public QWidget
{
    Q_OBJECT
public:
    explicit LengthField(QWidget* parent = nullptr);

    void show(const learn::Plan& complete); ///< silent
    void writeTo(learn::Plan& plan) const;

signals:
    void edited(); ///< by a person

private:
    QRadioButton* m_byEpochs;
    QRadioButton* m_byMinutes;
    QSpinBox* m_epochs;
    QSpinBox* m_minutes;
};

/// For how many epochs a better result is waited for; 0, never to stop early, is an open box.
class PatienceField : public QWidget
{
    Q_OBJECT
public:
    explicit PatienceField(QWidget* parent = nullptr);

    void show(const learn::Plan& complete); ///< silent
    void writeTo(learn::Plan& plan) const;

signals:
    void edited(); ///< by a person

private:
    QCheckBox* m_early;
    QSpinBox* m_epochs;
};

} // namespace graft::ui
