#include "core/augment/recipe.h"

#include <algorithm>

namespace graft::augment {

namespace {

/// Requires as many settings as the op has parameters; tests read every preset.
Step step(std::string_view op, double probability, std::vector<double> settings = {})
{
    return {std::string(op), true, probability, std::move(settings)};
}

Recipe gentlePhoto()
{
    return {.steps = {step("random_resized_crop", 1.0, {70, 20}), step("flip_horizontal", 0.5),
                      step("rotate", 0.5, {10}), step("brightness", 0.5, {20}), step("contrast", 0.5, {20}),
                      step("saturation", 0.5, {20})},
            .border = {},
            .choice = {}};
}

Recipe strongPhoto()
{
    return {.steps = {step("random_resized_crop", 1.0, {40, 33}), step("flip_horizontal", 0.5),
                      step("rotate", 0.7, {20}), step("perspective", 0.3, {25}), step("elastic", 0.2, {3, 4}),
                      step("brightness", 0.8, {40}), step("contrast", 0.8, {40}), step("gamma", 0.3, {30}),
                      step("temperature", 0.3, {50}), step("saturation", 0.8, {50}), step("hue", 0.5, {15}),
                      step("greyscale", 0.05), step("shadow", 0.2, {50}), step("gaussian_blur", 0.2, {0.7}),
                      step("jpeg", 0.2, {40}), step("gaussian_noise", 0.3, {15}),
                      step("cutout", 0.3, {1, 35, 128})},
            .border = {},
            .choice = {}};
}

Recipe document()
{
    return {.steps = {step("rotate", 0.8, {5}), step("shift", 0.8, {5}), step("zoom", 0.8, {10}),
                      step("perspective", 0.3, {8}), step("brightness", 0.7, {20}),
                      step("contrast", 0.7, {25}), step("gamma", 0.5, {25}),
                      step("gaussian_blur", 0.2, {0.3}), step("gaussian_noise", 0.3, {10})},
            .border = {.mode = Border::Mode::Repeat},
            .choice = {}};
}

Recipe digits()
{
    return {.steps = {step("rotate", 0.8, {12}), step("shift", 0.8, {8}), step("zoom", 0.8, {15}),
                      step("shear", 0.5, {12}), step("elastic", 0.5, {3, 4}), step("brightness", 0.3, {20}),
                      step("contrast", 0.3, {20}), step("gaussian_blur", 0.2, {0.8})},
            .border = {.mode = Border::Mode::Repeat},
            .choice = {}};
}

Recipe topView()
{
    return {.steps = {step("flip_horizontal", 0.5), step("flip_vertical", 0.5), step("quarter_turns", 1.0),
                      step("random_resized_crop", 0.8, {60, 10}), step("rotate", 0.3, {45}),
                      step("brightness", 0.5, {25}), step("contrast", 0.5, {25}),
                      step("temperature", 0.3, {30}), step("saturation", 0.5, {25}),
                      step("gaussian_blur", 0.2, {0.4}), step("gaussian_noise", 0.2, {8})},
            .border = {},
            .choice = {}};
}

} // namespace

std::span<const Preset> presets()
{
    static const std::array list {
        Preset {"none", "None", "Pictures are used as they are.", {}},
        Preset {"gentle_photo", "Photos, gentle",
                "For most photos: a little nearer, turned, lighter or paler, and mirrored.", gentlePhoto()},
        Preset {"strong_photo", "Photos, strong",
                "For few photos and long training: other views, light, colours and cameras.", strongPhoto()},
        Preset {"document", "Documents and X-rays, no flips",
                "For pages and medical pictures, in which left and right matter.", document()},
        Preset {"digits", "Digits and letters",
                "For handwriting and print: slanted and uneven, never mirrored or turned far.", digits()},
        Preset {"top_view", "Views from above",
                "For microscopes, satellites and drones: there is no right way up.", topView()},
    };
    return list;
}

const Preset& preset(std::string_view id)
{
    const auto found = std::ranges::find(presets(), id, &Preset::id);
    if (found != presets().end())
        return *found;
    std::string known;
    for (const Preset& preset : presets())
        known += (known.empty() ? "" : ", ") + std::string(preset.id);
    throw Error(std::string(id), "is no preset that this program knows", "Choose one of: " + known + ".");
}

Recipe readRecipe(std::string_view presetOrJson)
{
    const std::size_t first = presetOrJson.find_first_not_of(" \t\r\n");
    const bool isJson = first != std::string_view::npos && presetOrJson[first] == '{';
    return isJson ? recipeFromJson(presetOrJson) : preset(presetOrJson).recipe;
}

} // namespace graft::augment
