#pragma once
#include "core/engine/plan_costs.h"

#include <QString>

namespace graft::ui {

QString bytesText(std::int64_t bytes); ///< "320 MB", "0.9 GB"
QString timeText(const engine::PlanCosts& costs); ///< "2 min to 5 min", "not known yet"
QString timeSource(const engine::PlanCosts& costs); ///< how that came to be; a sentence
QString costSentence(const engine::PlanCosts& costs); ///< "Takes 2 min to 5 min here, 0.9 GB of memory."

} // namespace graft::ui
