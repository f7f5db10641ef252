#pragma once
#include "core/learn/plan.h"

#include <optional>
#include <string_view>
#include <vector>

namespace graft::learn {

/// Something that a plan may name, for a menu.
struct PlanChoice {
    std::string_view id;
    std::string_view title;
    std::string_view sentence; ///< for a person
};

std::vector<PlanChoice> optimizerChoices(); ///< in menu order
std::vector<PlanChoice> lossChoices();

/// What a run of `plan` is called: the title of its strategy, but where scratch begins with weights not "From
/// scratch". The id itself where only a newer Graft knows the strategy.
std::string_view titleOf(const Plan& plan);

/// How long to learn, for a person who leaves the numbers to Graft: Quick is half of the strategy's own
/// epochs and patience, Thorough twice as many. Normal leaves both to the strategy.
enum class Effort { Quick, Normal, Thorough };

/// Whether the strategy learns in epochs at all; the solver of svm runs to its end.
bool learnsInEpochs(const Plan& plan);

/// Whether it can be given minutes instead of epochs.
bool canBeTimed(const Plan& plan);

/// Sets epochs, patience and minutes. Requires learnsInEpochs().
void setEffort(Plan& plan, Effort effort);

/// Empty where the plan has other numbers than setEffort() would give.
std::optional<Effort> effortOf(const Plan& plan);

/// Against learning few pictures by heart: half of the features are dropped in each step, and the wanted
/// probability of the true class is 0.9 instead of 1 (label smoothing 0.1). Off: both as the strategy has
/// them. Requires learnsInEpochs().
void setCareful(Plan& plan, bool careful);

bool isCareful(const Plan& plan); ///< at least as much of both

/// Without what was chosen for another strategy and is refused by this one.
Plan suited(Plan plan);

/// The plan with all options as Graft recommends them: what is learned, on what, and from which pictures
/// (strategy, backbone, cut, init, recipe, copies) stays.
Plan recommendedOptions(const Plan& plan);

} // namespace graft::learn
