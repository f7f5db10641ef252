#include "core/learn/strategies/scratch.h"

#include "core/learn/plan_checks.h"

#include <utility>

namespace graft::learn {

namespace {

// Random weights have no statistics that are worth freezing.
constexpr NetworkDefaults own {
    .rate = 0.05, .epochs = 40, .patience = 10, .headDropout = 0.2, .batchStatistics = "batch"};

Plan complete(Plan plan, int)
{
    return completeNetworkPlan(std::move(plan), own);
}

} // namespace

StrategySpec scratchStrategy()
{
    return {"scratch", "From scratch",
            "Many pictures unlike everyday photos: the whole network learns at one rate, from random weights "
            "or from the pretrained ones. Takes hours.",
            complete, LearnFromPictures {}};
}

} // namespace graft::learn
