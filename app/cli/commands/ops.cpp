#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/text.h"
#include "core/augment/op.h"
#include "core/augment/recipe.h"

#include <cmath>

namespace graft::cli {

namespace {

Json parametersJson(const augment::OpSpec& op)
{
    Json list = Json::array();
    for (const ParamSpec& parameter : op.parameters)
        list.push_back({{"id", parameter.id},
                        {"title", parameter.title},
                        {"unit", parameter.unit},
                        {"low", parameter.low},
                        {"high", parameter.high},
                        {"initial", parameter.initial},
                        {"step", parameter.step},
                        {"identity", std::isnan(parameter.identity) ? Json() : Json(parameter.identity)}});
    return list;
}

/// "limit 0 to 180 °"
std::string parametersText(const augment::OpSpec& op)
{
    std::string text;
    for (const ParamSpec& parameter : op.parameters) {
        text += (text.empty() ? "" : ", ") + std::string(parameter.id) + " " + shortText(parameter.low)
            + " to " + shortText(parameter.high);
        if (!parameter.unit.empty())
            text += " " + std::string(parameter.unit);
    }
    return text;
}

Answer listOps(Work&)
{
    Json ops = Json::array();
    Table table({"id", "name", "numbers", "can change the label"});
    for (const augment::OpSpec& op : augment::ops()) {
        ops.push_back({{"id", op.id},
                       {"title", op.title},
                       {"sentence", op.sentence},
                       {"group", title(op.group)},
                       {"label_hint", op.labelHint.empty() ? Json() : Json(op.labelHint)},
                       {"parameters", parametersJson(op)}});
        table.add({std::string(op.id), std::string(op.title), parametersText(op), std::string(op.labelHint)});
    }
    Json presets = Json::array();
    Table ready({"id", "name", "when"});
    for (const augment::Preset& preset : augment::presets()) {
        presets.push_back({{"id", preset.id},
                           {"title", preset.title},
                           {"sentence", preset.sentence},
                           {"recipe", Json::parse(augment::toJson(preset.recipe))}});
        ready.add({std::string(preset.id), std::string(preset.title), std::string(preset.sentence)});
    }
    return {dump({{"ops", std::move(ops)}, {"presets", std::move(presets)}}),
            table.text() + "\nReady recipes, for --recipe:\n\n" + ready.text(),
            Done,
            {},
            {}};
}

} // namespace

Action prepareOps(CLI::App&)
{
    return listOps;
}

} // namespace graft::cli
