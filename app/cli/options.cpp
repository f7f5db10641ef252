#include "app/cli/options.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/network/backbone.h"
#include "core/network/weights/catalogue.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

namespace graft::cli {

namespace fs = std::filesystem;

namespace {

std::string checkDevice(const std::string& device)
{
    constexpr std::string_view numbered = "cuda:";
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (device == "auto" || device == "cpu" || device == "cuda"
        || (device.starts_with(numbered) && device.size() > numbered.size()
            && device.size() < numbered.size() + 4
            && std::ranges::all_of(device.substr(numbered.size()), isDigit)))
        return {};
    return "is auto, cpu, cuda or cuda:N, not " + device;
}

std::vector<std::string> backboneIds()
{
    std::vector<std::string> ids;
    for (const network::BackboneSpec& spec : network::backbones()) {
        ids.emplace_back(spec.id);
        for (const network::WeightsEntry& entry : network::weightsCatalogue()) {
            if (entry.backbone == spec.id && entry.id != spec.id)
                ids.push_back(entry.id); // "resnet50:v2"
        }
    }
    return ids;
}

} // namespace

CLI::Option* addProject(CLI::App& app, std::string& project)
{
    return app.add_option("PROJECT", project, "The project, a folder Name.graft")->required()->type_name("");
}

CLI::Option* addPictures(CLI::App& app, std::vector<std::string>& paths)
{
    return app.add_option("PATH", paths, "Picture files, or folders that are searched for pictures")
        ->required()
        ->type_name("")
        ->check(CLI::Validator(
            [](const std::string& path) { return path.empty() ? "a path is empty" : std::string(); },
            std::string()));
}

CLI::Option* addRun(CLI::App& app, std::string& run)
{
    return app
        .add_option("--run", run,
                    "Which training, as run-3 or 3; else what a race recommended last, or the "
                    "latest finished one")
        ->type_name("ID");
}

CLI::Option* addBackbone(CLI::App& app, std::string& backbone)
{
    return app.add_option("--backbone", backbone, "Which network to build on (see graft-cli backbones)")
        ->type_name("ID")
        ->check(CLI::IsMember(backboneIds()).description(""))
        ->capture_default_str();
}

CLI::Option* addCut(CLI::App& app, std::string& cut)
{
    return app
        .add_option("--cut", cut, "Stage after which the network is cut off; last: before its classifier")
        ->type_name("STAGE")
        ->capture_default_str();
}

CLI::Option* addDevice(CLI::App& app, std::string& device)
{
    return app.add_option("--device", device, "What computes: auto, cpu, cuda or cuda:N")
        ->type_name("DEVICE")
        ->check(CLI::Validator(checkDevice, std::string()))
        ->capture_default_str();
}

CLI::Option* addPrecision(CLI::App& app, std::string& precision)
{
    return app
        .add_option("--precision", precision,
                    "Numbers to train and to compute features with; float16 needs a graphics card")
        ->type_name("TYPE")
        ->check(CLI::IsMember(std::vector<std::string> {"auto", "float32", "bfloat16", "float16"}))
        ->capture_default_str();
}

CLI::Option* addRecipe(CLI::App& app, std::string& recipe)
{
    return app
        .add_option("--recipe", recipe, "Augmentation: a preset (see graft-cli ops), or a recipe as a file")
        ->type_name("PRESET|FILE.json");
}

CLI::Option* addTestTimeCopies(CLI::App& app, int& copies)
{
    return app
        .add_option("--tta", copies,
                    "Test-time augmentation: answer with the mean over the picture as it is and this many "
                    "draws of the recipe that the model learned with")
        ->type_name("N")
        ->check(CLI::Range(0, 1000).description(""))
        ->capture_default_str();
}

augment::Recipe recipeFrom(const std::string& presetOrFile)
{
    constexpr std::uint64_t mostBytes = 1U << 20U;
    if (presetOrFile.find_first_of("./") == std::string::npos)
        return augment::preset(presetOrFile).recipe;
    try {
        return augment::recipeFromJson(readFile(presetOrFile, mostBytes));
    } catch (const Error& error) {
        if (error.subject() == presetOrFile)
            throw;
        throw Error(presetOrFile,
                    "holds no recipe that can be used: " + error.subject() + " " + error.happened(),
                    error.next());
    }
}

std::string storedRecipe(const std::string& presetOrFile)
{
    const augment::Recipe recipe = recipeFrom(presetOrFile);
    const auto preset = std::ranges::find(augment::presets(), presetOrFile, &augment::Preset::id);
    return preset != augment::presets().end() ? presetOrFile : augment::toJson(recipe);
}

void requireDigits(CLI::Option& option)
{
    option.check(CLI::Validator(
        [](const std::string& text) {
            return text.find_first_not_of("0123456789") == std::string::npos
                ? std::string()
                : "is a whole number from 0, not " + text;
        },
        std::string()));
}

void requireWritable(const std::string& file)
{
    std::error_code failure;
    const fs::path folder = fs::absolute(file).parent_path();
    if (!fs::is_directory(folder, failure))
        throw Error(file, "there is no folder " + folder.string(), "Make it, or choose another place.");
    const fs::file_status status = fs::status(file, failure);
    if (file.ends_with('/') || (fs::exists(status) && !fs::is_regular_file(status)))
        throw Error(file, "is not the name of a file", "Choose another name.");
}

} // namespace graft::cli
