#pragma once
#include "core/base/progress.h"
#include "core/dataset/dataset.h"

#include <compare>
#include <stop_token>

namespace graft::dataset {

/// Which file or folder it really is, whatever path leads to it.
struct Identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    auto operator<=>(const Identity&) const = default;
};

struct FoundFile {
    std::filesystem::path path; ///< absolute
    std::string top; ///< the folder directly in the root that it is in; empty where it is in the root itself
    Identity identity;
    bool link = false; ///< a symbolic link to a file
};

struct Walk {
    std::vector<FoundFile> files; ///< by path
    std::vector<std::string> tops; ///< folders directly in the root, by name, also those without files
    std::vector<Problem> problems; ///< className is the top folder
};

/// All files under `root`, without hidden ones and what operating systems leave behind. A folder is read
/// once, by its real path before any link to it. Throws Error where the root cannot be read.
Walk walk(const std::filesystem::path& root, const ProgressSink& progress, std::stop_token stop);

} // namespace graft::dataset
