#pragma once
#include "core/engine/plan_costs.h"

#include <QWidget>

class QLabel;

namespace graft::ui {

class IconLabel;

/// What a plan costs on this computer, in one sentence; a warning where the memory that is free is less.
class CostLine : public QWidget
{
    Q_OBJECT
public:
    explicit CostLine(QWidget* parent = nullptr);

    /// `memoryFree` in bytes; `slowed` as of TrainingDraft.
    void setCosts(const engine::PlanCosts& costs, std::int64_t memoryFree, bool slowed);

    QString text() const;

private:
    IconLabel* m_mark;
    QLabel* m_text;
};

} // namespace graft::ui
