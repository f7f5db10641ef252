#include "core/learn/strategies/finetune.h"

#include "core/learn/plan_checks.h"

#include <utility>

namespace graft::learn {

namespace {

// Statistics of small batches, and of few pictures, are worse than those of ImageNet: they stay frozen.
constexpr NetworkDefaults own {
    .rate = 0.01, .epochs = 20, .patience = 5, .headDropout = 0.2, .batchStatistics = "frozen"};
constexpr double stageDecay = 0.7;

// Measured, see the proof in CONTRIBUTING.md: on 250 pictures `own.rate` spoils the classifier that was
// fitted first; on 5,400 the lower one learns too little in three epochs.
constexpr int fewPictures = 1000;
constexpr double rateOfFew = 0.003;

Plan complete(Plan plan, int trainingPictures)
{
    NetworkDefaults defaults = own;
    if (trainingPictures < fewPictures)
        defaults.rate = rateOfFew;
    return completeNetworkPlan(std::move(plan), defaults);
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
