#include "core/learn/plan_choices.h"

#include "core/learn/strategy.h"
#include "core/neural/loss.h"
#include "core/neural/optimizer.h"

#include <algorithm>

namespace graft::learn {

namespace {

constexpr double carefulDropout = 0.5;
constexpr double carefulSmoothing = 0.1;

template <class Specs>
std::vector<PlanChoice> choicesOf(const Specs& specs)
{
    std::vector<PlanChoice> choices;
    for (const auto& spec : specs)
        choices.push_back({spec.id, spec.title, spec.sentence});
    return choices;
}

/// The numbers of an effort, in a plan of this strategy.
struct Length {
    int epochs = 0;
    int patience = -1;

    bool operator==(const Length&) const = default;
};

Length lengthOf(const Plan& plan, Effort effort)
{
    if (effort == Effort::Normal)
        return {};
    Plan open;
    open.strategy = plan.strategy;
    const Plan own = strategy(plan.strategy).complete(open, 1);
    if (effort == Effort::Thorough)
        return {2 * own.epochs, 2 * own.patience};
    return {(own.epochs + 1) / 2, (own.patience + 1) / 2};
}

} // namespace

std::vector<PlanChoice> optimizerChoices()
{
    return choicesOf(neural::optimizers());
}

std::vector<PlanChoice> lossChoices()
{
    return choicesOf(neural::losses());
}

std::string_view titleOf(const Plan& plan)
{
    if (plan.strategy == "scratch" && plan.init != "random")
        return "All layers from weights";
    const auto all = strategies();
    const auto found = std::ranges::find(all, plan.strategy, &StrategySpec::id);
    return found == all.end() ? std::string_view(plan.strategy) : found->title;
}

bool learnsInEpochs(const Plan& plan)
{
    return plan.strategy != "svm";
}

bool canBeTimed(const Plan& plan)
{
    return std::holds_alternative<LearnFromPictures>(strategy(plan.strategy).way);
}

void setEffort(Plan& plan, Effort effort)
{
    const Length length = lengthOf(plan, effort);
    plan.epochs = length.epochs;
    plan.patience = length.patience;
    plan.minutes = 0.0;
}

std::optional<Effort> effortOf(const Plan& plan)
{
    if (plan.minutes > 0.0)
        return {};
    for (const Effort effort : {Effort::Normal, Effort::Quick, Effort::Thorough}) {
        if (lengthOf(plan, effort) == Length {plan.epochs, plan.patience})
            return effort;
    }
    return {};
}

void setCareful(Plan& plan, bool careful)
{
    const Plan own;
    plan.headDropout = careful ? carefulDropout : own.headDropout;
    plan.labelSmoothing = careful ? carefulSmoothing : own.labelSmoothing;
}

bool isCareful(const Plan& plan)
{
    return plan.headDropout >= carefulDropout && plan.labelSmoothing >= carefulSmoothing;
}

Plan suited(Plan plan)
{
    const Plan open;
    if (!learnsInEpochs(plan))
        plan.headDropout = open.headDropout;
    if (plan.strategy != "svm") {
        plan.kernel = open.kernel;
        plan.penalty = open.penalty;
    }
    if (plan.kernel != "rbf")
        plan.gamma = open.gamma;
    if (plan.strategy != "scratch") {
        plan.inputSize = open.inputSize;
        plan.init = open.init;
    }
    if (!canBeTimed(plan)) {
        plan.minutes = open.minutes;
        plan.batchStatistics = open.batchStatistics;
    }
    return plan;
}

Plan recommendedOptions(const Plan& plan)
{
    Plan open;
    open.strategy = plan.strategy;
    open.backbone = plan.backbone;
    open.cut = plan.cut;
    open.init = plan.init;
    open.recipe = plan.recipe;
    open.copies = plan.copies;
    return open;
}

} // namespace graft::learn
