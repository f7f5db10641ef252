#pragma once
#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/engine/classifier.h"
#include "core/engine/weights.h"
#include "core/learn/advice.h"
#include "core/store/project.h"

#include <nlohmann/json.hpp>

namespace graft::cli {

/// Keeps the order in which keys are set. Keys are snake_case; CONTRIBUTING.md says what each holds.
using Json = nlohmann::ordered_json;

/// One object over several lines. Bytes that are not UTF-8 (file names may hold any) become U+FFFD.
std::string dump(const Json& json);

std::string absolutePath(const std::filesystem::path& path);

/// `accuracy`, `correct`, `total`, `interval`; null where nothing was measured.
Json scoreJson(const ConfusionMatrix& confusion);
Json scoreJson(const learn::Answers& answers);

/// `path`, `kind`, `reason`, `skipped`, `class`, `others` of each.
Json problemsJson(const std::vector<dataset::Problem>& problems);
Json problemsJson(const std::vector<engine::PictureProblem>& problems);

/// `subject`, `happened`, `next`, `message`.
Json errorJson(const Error& error);

Json runJson(const store::Project& project, const store::RunRecord& run);
Json weightsJson(const engine::WeightsStatus& status);

/// Puts `json` with the `error` and the sentence into an answer that failed.
Answer failed(Json json, const Error& error);

/// The files that could not be used, by name, for a person; empty where there are none.
std::string problemsText(const std::vector<dataset::Problem>& problems);
std::string problemsText(const std::vector<engine::PictureProblem>& problems);

/// The sentence for a command that could read none of its pictures.
Error nothingReadable(std::size_t problems);

} // namespace graft::cli
