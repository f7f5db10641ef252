#pragma once
#include "core/learn/plan.h"

#include <string>

namespace graft::learn {

/// Throws Error that names the field and says what may be chosen ("a number from 1 to 1000").
void requireRange(const std::string& field, double value, double low, double high, const std::string& range);

/// A learning rate that suits the optimizer at this plan's batch, scaled from the one of SGD with momentum.
double usualRate(const std::string& optimizer, double ofSgd);

/// What a strategy that trains the network does where the plan leaves the choice to it.
struct NetworkDefaults {
    double rate = 0.01; ///< of SGD with momentum
    int epochs = 20;
    int patience = 5;
    double headDropout = 0.2; ///< as EfficientNet's own classifier
    const char* batchStatistics = "frozen";
};

/// Fills in what is left open and checks the rest. Throws Error.
Plan completeNetworkPlan(Plan plan, const NetworkDefaults& own);

/// Checks every number of a completed plan. Throws Error.
void requireSensible(const Plan& plan);

} // namespace graft::learn
