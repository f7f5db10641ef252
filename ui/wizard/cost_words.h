#pragma once
#include "core/engine/plan_costs.h"
#include "core/store/project.h"

#include <QList>
#include <QString>

namespace graft::ui {

QString bytesText(std::int64_t bytes); ///< "320 MB", "0.9 GB"
QString timeText(const engine::PlanCosts& costs); ///< "2 min to 5 min", "not known yet"
/// How that came to be. `slowed`: see TrainingDraft.
QString timeSource(const engine::PlanCosts& costs, bool slowed);
/// Whether one of the trainings, or one that runs since then (seconds since 1970; 0: none does), was at work
/// while the advice was measured. False while it is not complete.
bool slowedByTraining(const learn::Advice& advice, const QList<store::RunRecord>& runs, qint64 runningSince);

QString costSentence(const engine::PlanCosts& costs); ///< "Takes 2 min to 5 min here, 0.9 GB of memory."

} // namespace graft::ui
