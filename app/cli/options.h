#pragma once
#include "core/augment/recipe.h"

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace graft::cli {

// Arguments that several commands share, so that they look and are checked alike.

CLI::Option* addProject(CLI::App& app, std::string& project); ///< the positional P.graft
CLI::Option* addPictures(CLI::App& app, std::vector<std::string>& paths); ///< the positional PATH...
CLI::Option* addRun(CLI::App& app, std::string& run);
CLI::Option* addBackbone(CLI::App& app, std::string& backbone);
CLI::Option* addCut(CLI::App& app, std::string& cut);
CLI::Option* addDevice(CLI::App& app, std::string& device);
CLI::Option* addPrecision(CLI::App& app, std::string& precision);
CLI::Option* addRecipe(CLI::App& app, std::string& recipe); ///< for recipeFrom()
CLI::Option* addTestTimeCopies(CLI::App& app, int& copies);

/// The recipe behind a preset's id or a JSON file. Throws Error.
augment::Recipe recipeFrom(const std::string& presetOrFile);

/// What a run keeps of that: a preset by its id, a file by its content, whatever becomes of the file. Throws
/// as recipeFrom().
std::string storedRecipe(const std::string& presetOrFile);

/// A whole number from 0. CLI11 would take -1 as the largest one.
void requireDigits(CLI::Option& option);

/// Before work that takes long: throws Error where `file` can surely not be written at its end, because its
/// folder is not there or something that is no file has its name.
void requireWritable(const std::string& file);

} // namespace graft::cli
