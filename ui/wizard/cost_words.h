#pragma once
#include "core/engine/plan_costs.h"

#include <QString>

namespace graft::ui {

QString timeRange(double lowSeconds, double highSeconds); ///< "2 min to 5 min"; "2 min" where they are alike
QString bytesText(std::int64_t bytes); ///< "320 MB", "0.9 GB"
QString timeText(const engine::PlanCosts& costs); ///< "about 2 min to 5 min", "not known yet"
QString timeSource(const engine::PlanCosts& costs); ///< how that came to be; a sentence
QString costSentence(const engine::PlanCosts& costs); ///< "About 2 min to 5 min here, 0.9 GB of memory."

} // namespace graft::ui
