#include "core/augment/recipe.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace graft::augment {

using nlohmann::json;

namespace {

[[noreturn]] void reject(const std::string& subject, const std::string& happened)
{
    throw Error(subject, happened, "Correct the recipe, or use another one.");
}

void requireObject(const json& value, const std::string& subject)
{
    if (!value.is_object())
        reject(subject, "is not written as {\"name\": value}");
}

/// The members of an object, of which all must be known.
void requireKnown(const json& object, const std::string& subject, std::initializer_list<const char*> known)
{
    requireObject(object, subject);
    for (const auto& [key, value] : object.items())
        if (std::ranges::none_of(known, [&](const char* name) { return key == name; }))
            reject(subject, key + " is nothing that it has");
}

double number(const json& value, const std::string& subject, const std::string& what)
{
    if (!value.is_number())
        reject(subject, what + " is no number");
    return value.get<double>();
}

int wholeNumber(const json& value, const std::string& subject, const std::string& what, int most)
{
    const double given = number(value, subject, what);
    if (!(given >= 0.0 && given <= most) || given != static_cast<int>(given))
        reject(subject, what + " is no whole number from 0 to " + std::to_string(most));
    return static_cast<int>(given);
}

const BorderMode& borderMode(const json& value)
{
    std::string known;
    for (const BorderMode& mode : borderModes()) {
        if (value == mode.id)
            return mode;
        known += (known.empty() ? "" : ", ") + std::string(mode.id);
    }
    throw Error("border", "mode is not known", "Choose one of: " + known + ".");
}

std::string_view idOf(Border::Mode mode)
{
    return std::ranges::find(borderModes(), mode, &BorderMode::mode)->id;
}

Border borderFrom(const json& object)
{
    requireKnown(object, "border", {"mode", "colour"});
    Border border;
    if (object.contains("mode"))
        border.mode = borderMode(object["mode"]).mode;
    if (object.contains("colour")) {
        const json& colour = object["colour"];
        if (!colour.is_array() || colour.size() != border.colour.size())
            reject("border", "colour is not written as [red, green, blue]");
        for (std::size_t c = 0; c < border.colour.size(); ++c)
            border.colour[c] = static_cast<std::uint8_t>(wholeNumber(colour[c], "border", "colour", 255));
    }
    return border;
}

Choice choiceFrom(const json& object)
{
    requireKnown(object, "choice", {"count", "strength"});
    Choice choice;
    if (object.contains("count"))
        choice.count = wholeNumber(object["count"], "choice", "count", static_cast<int>(mostSteps));
    if (object.contains("strength"))
        choice.strength = number(object["strength"], "choice", "strength");
    return choice;
}

void readSettings(const json& object, const OpSpec& op, Step& step)
{
    requireObject(object, std::string(op.id));
    for (const auto& [key, value] : object.items()) {
        const auto parameter = std::ranges::find(op.parameters, std::string_view(key), &ParamSpec::id);
        if (parameter == op.parameters.end())
            reject(std::string(op.id), key + " is no parameter of it");
        step.settings[static_cast<std::size_t>(parameter - op.parameters.begin())] =
            number(value, std::string(op.id), key);
    }
}

Step stepFrom(const json& object)
{
    requireKnown(object, "step", {"op", "enabled", "probability", "settings"});
    if (!object.contains("op") || !object["op"].is_string())
        reject("step", "does not say its op");
    const auto id = object["op"].get<std::string>();
    Step step = initialStep(id);
    if (object.contains("enabled")) {
        if (!object["enabled"].is_boolean())
            reject(id, "enabled is neither true nor false");
        step.enabled = object["enabled"].get<bool>();
    }
    if (object.contains("probability"))
        step.probability = number(object["probability"], id, "probability");
    if (object.contains("settings"))
        readSettings(object["settings"], *findOp(id), step);
    return step;
}

} // namespace

std::string toJson(const Recipe& recipe)
{
    json steps = json::array();
    for (const Step& step : recipe.steps) {
        json settings = json::object();
        const auto& parameters = findOp(step.op)->parameters;
        for (std::size_t i = 0; i < parameters.size(); ++i)
            settings[std::string(parameters[i].id)] = step.settings[i];
        steps.push_back({{"op", step.op},
                         {"enabled", step.enabled},
                         {"probability", step.probability},
                         {"settings", settings}});
    }
    const json object {{"version", Recipe::version},
                       {"border", {{"mode", idOf(recipe.border.mode)}, {"colour", recipe.border.colour}}},
                       {"choice", {{"count", recipe.choice.count}, {"strength", recipe.choice.strength}}},
                       {"steps", steps}};
    return object.dump();
}

Recipe recipeFromJson(std::string_view text)
{
    const json object = json::parse(text, nullptr, false);
    if (!object.is_object())
        reject("recipe", "is not the JSON that it should be");
    if (object.contains("version")
        && wholeNumber(object["version"], "recipe", "version", 1'000'000) > Recipe::version)
        throw Error("recipe", "was made by a newer version of this program", "Update this program.");
    requireKnown(object, "recipe", {"version", "border", "choice", "steps"});
    Recipe recipe;
    if (object.contains("border"))
        recipe.border = borderFrom(object["border"]);
    if (object.contains("choice"))
        recipe.choice = choiceFrom(object["choice"]);
    if (object.contains("steps")) {
        if (!object["steps"].is_array())
            reject("recipe", "steps is no list");
        for (const json& step : object["steps"])
            recipe.steps.push_back(stepFrom(step));
    }
    requireValid(recipe);
    return recipe;
}

} // namespace graft::augment
