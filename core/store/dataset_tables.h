#pragma once
#include "core/dataset/dataset.h"
#include "core/dataset/split.h"
#include "core/store/database.h"

namespace graft::store {

// The tables of pictures, classes and problems, and the settings that belong to them. `project` is the
// project's folder, absolute. The caller holds a transaction. All throw Error.

dataset::Dataset readDataset(const Database& database, const std::filesystem::path& project);
dataset::SplitOptions readSplitOptions(const Database& database, const std::filesystem::path& project);

/// Replaces what was there.
void writeDataset(Database& database, const std::filesystem::path& project, const dataset::Dataset& dataset,
                  const dataset::SplitOptions& split);

} // namespace graft::store
