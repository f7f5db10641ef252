#pragma once
#include <filesystem>
#include <string>

namespace graft::store {

/// Where a project's pictures are, kept in two ways, so that the project may move with its pictures or
/// without them.
struct StoredRoot {
    std::string absolute;
    std::string relative; ///< to the project's folder; empty where they have nothing but "/" in common
};

/// Both paths absolute. Looks at names only, not at the disk.
StoredRoot storeRoot(const std::filesystem::path& root, const std::filesystem::path& project);

/// The relative one where such a folder is there, else the absolute one where that is there, else the
/// relative one.
std::filesystem::path findRoot(const StoredRoot& stored, const std::filesystem::path& project);

/// Relative to `root` where `path` lies under it, else unchanged; and back.
std::string storePath(const std::filesystem::path& path, const std::filesystem::path& root);
std::filesystem::path restorePath(const std::string& stored, const std::filesystem::path& root);

} // namespace graft::store
