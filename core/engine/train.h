#pragma once
#include "core/engine/train_control.h"
#include "core/store/project.h"

namespace graft::engine {

/// Trains on the project's pictures and leaves a run folder: plan.json, events.jsonl, model.safetensors,
/// result.json. Blocks; call it on a thread of its own. Every event goes to the sink, the last one is
/// TrainEnded; a failure is told by that event and by the record, and not thrown. Only what prevents a run
/// from being made at all is thrown as Error (a plan with nonsense in it, fewer than two usable classes,
/// weights that are not here, a full disk). A stop request keeps the best epoch so far.
store::RunRecord train(store::Project& project, const learn::Plan& plan, const TrainControl& control);

/// Goes on with a run that was stopped or interrupted, from the last epoch that ended; on the CPU it ends
/// with the weights, to the bit, of a run that was never interrupted. A strategy on frozen features begins
/// anew, which gives the same. As train(); throws Error too where the run is finished, or its pictures are
/// others.
store::RunRecord resume(store::Project& project, const std::string& run, const TrainControl& control);

} // namespace graft::engine
