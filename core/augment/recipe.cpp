#include "core/augment/recipe.h"

#include <algorithm>
#include <array>

namespace graft::augment {

std::span<const BorderMode> borderModes()
{
    static constexpr std::array modes {
        BorderMode {Border::Mode::Mirror, "mirror", "Mirror", "The picture goes on mirrored."},
        BorderMode {Border::Mode::Repeat, "repeat", "Repeat the edge",
                    "The outermost pixels go on; right for things on an even ground."},
        BorderMode {Border::Mode::Colour, "colour", "One colour", "What is empty is filled with a colour."},
    };
    return modes;
}

namespace {

const OpSpec& requireOp(std::string_view id)
{
    if (const OpSpec* op = findOp(id))
        return *op;
    std::string known;
    for (const OpSpec& op : ops())
        known += (known.empty() ? "" : ", ") + std::string(op.id);
    throw Error(std::string(id), "is no augmentation that this program knows",
                "Choose one of: " + known + ".");
}

void requireShare(const std::string& subject, const char* what, double value)
{
    if (!(value >= 0.0 && value <= 1.0))
        throw Error(subject, std::string(what) + " is out of range", "Choose between 0 and 1.");
}

} // namespace

Step initialStep(std::string_view id)
{
    Step step;
    step.op = id;
    for (const ParamSpec& parameter : requireOp(id).parameters)
        step.settings.push_back(parameter.initial);
    return step;
}

bool changesPictures(const Recipe& recipe)
{
    return std::ranges::any_of(recipe.steps,
                               [](const Step& step) { return step.enabled && step.probability > 0.0; });
}

void requireValid(const Recipe& recipe)
{
    if (recipe.steps.size() > mostSteps)
        throw Error("recipe", "has more than " + std::to_string(mostSteps) + " steps", "Leave some out.");
    for (const Step& step : recipe.steps) {
        const OpSpec& op = requireOp(step.op);
        requireInRange(op.id, op.parameters, step.settings);
        requireShare(step.op, "probability", step.probability);
    }
    if (recipe.choice.count < 0)
        throw Error("choice", "count is negative", "Choose 0 for all steps, or how many of them.");
    requireShare("choice", "strength", recipe.choice.strength);
}

} // namespace graft::augment
