#pragma once
#include <filesystem>
#include <vector>

namespace graft::engine {

/// A file is itself; of a folder all files in it and below, sorted, hidden ones left out. What is not there
/// stays in the list, to be reported when it is read.
std::vector<std::filesystem::path> expandFolders(const std::vector<std::filesystem::path>& paths);

} // namespace graft::engine
