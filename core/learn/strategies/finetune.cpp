#include "core/learn/strategies/finetune.h"

#include "core/learn/plan_checks.h"

#include <utility>

namespace graft::learn {

namespace {

// Statistics of small batches, and of few pictures, are worse than those of ImageNet: they stay frozen.
constexpr NetworkDefaults own {
    .rate = 0.003, .epochs = 20, .patience = 5, .headDropout = 0.2, .batchStatistics = "frozen"};
constexpr double stageDecay = 0.7;

Plan complete(Plan plan, int)
{
    return completeNetworkPlan(std::move(plan), own);
}

} // namespace

StrategySpec finetuneStrategy()
{
    return {"finetune", "Fine-tuning",
            "Many pictures of everyday things: the whole pretrained network learns on, the lower layers "
            "slowly. Takes minutes to hours.",
            complete, LearnFromPictures {.headFirst = true, .stageDecay = stageDecay}};
}

} // namespace graft::learn
