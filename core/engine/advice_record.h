#pragma once
#include "core/store/project.h"

namespace graft::engine {

/// Writes what the project's latest advice says of a run that is about to begin into the run's folder
/// (advice.json), so that it can be held against what comes. Nothing where the advice does not speak of such
/// a run: other pictures, another network, cut or start. A disk that is full costs the verdict, not the
/// training.
void keepForecast(const store::Project& project, const store::RunRecord& run);

} // namespace graft::engine
