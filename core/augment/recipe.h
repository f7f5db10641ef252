#pragma once
#include "core/augment/op.h"
#include "core/augment/warp.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace graft::augment {

/// One op of a recipe.
struct Step {
    std::string op; ///< id
    bool enabled = true;
    double probability = 1.0; ///< with which it happens to a picture
    std::vector<double> settings; ///< one for each of the op's parameters

    bool operator==(const Step&) const = default;
};

/// Only some of the enabled steps happen to a picture (E. Cubuk and others, "RandAugment", 2020, without
/// taking one twice): `count` of them, drawn anew for each picture, in the recipe's order, each still with
/// its probability.
struct Choice {
    int count = 0; ///< 0: all of them
    double strength = 1.0; ///< 0..1: how far each parameter goes from what changes nothing to its setting

    bool operator==(const Choice&) const = default;
};

/// What happens to training pictures, in order. Geometry that stands together costs one warp, and so do
/// tables of light: geometry first, then light and colour, then quality and masking is fastest, and lets the
/// warp see what lies around the crop. The border is one for the whole recipe, since the ops become one warp.
struct Recipe {
    static constexpr int version = 1; ///< of the JSON

    std::vector<Step> steps;
    Border border;
    Choice choice;

    bool operator==(const Recipe&) const = default;
};

/// Can it change a picture: is a step switched on that happens with any probability? Of a step whose settings
/// change nothing it is not known. Requires what requireValid() asks for.
bool changesPictures(const Recipe& recipe);

/// A way to fill what a picture leaves empty, for a person.
struct BorderMode {
    Border::Mode mode;
    std::string_view id;
    std::string_view title;
    std::string_view sentence;
};

/// THE list, in menu order.
std::span<const BorderMode> borderModes();

/// The op with its initial settings. Throws Error where there is no such op.
Step initialStep(std::string_view op);

/// Throws Error, naming the op and the parameter: an op that is not known, settings of wrong number or out of
/// range, a probability or strength outside of 0..1, more steps than `mostSteps`.
void requireValid(const Recipe& recipe);

constexpr std::size_t mostSteps = 64;

/// {"version": 1, "border": {"mode": "mirror", "colour": [128, 128, 128]}, "choice": {"count": 0, "strength":
/// 1.0}, "steps": [{"op": "rotate", "enabled": true, "probability": 0.5, "settings": {"limit": 15.0}}]}. What
/// is read is the same recipe to the last bit.
std::string toJson(const Recipe& recipe);

/// Keys that are missing keep their defaults. Throws Error, naming what is wrong: no JSON, a newer version, a
/// key or parameter that is not known, or as requireValid().
Recipe recipeFromJson(std::string_view text);

/// A ready recipe.
struct Preset {
    std::string_view id;
    std::string_view title;
    std::string_view sentence; ///< when one would choose it
    Recipe recipe;
};

/// THE list, in menu order; the first one changes nothing.
std::span<const Preset> presets();

/// Throws Error, naming the ids that exist.
const Preset& preset(std::string_view id);

/// What a person asks for in one word or one text: the recipe of the preset with that id, or the recipe that
/// the JSON says. Throws Error as preset() and recipeFromJson().
Recipe readRecipe(std::string_view presetOrJson);

} // namespace graft::augment
