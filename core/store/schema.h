#pragma once
#include "core/store/database.h"

#include <filesystem>

namespace graft::store {

/// Makes a new project database at `file`, whole or not at all. Throws Error.
void createDatabase(const std::filesystem::path& file);

/// Opens one, checks it, and where `writable` brings it up to this program's schema. Throws Error: damaged,
/// of another program, of a newer Graft, or older and not writable.
Database openDatabase(const std::filesystem::path& file, bool writable);

} // namespace graft::store
