#include "core/store/picture_paths.h"

#include <algorithm>

namespace graft::store {

namespace fs = std::filesystem;

StoredRoot storeRoot(const fs::path& root, const fs::path& project)
{
    if (root.empty())
        return {};
    StoredRoot stored {root.native(), {}};
    const fs::path relative = root.lexically_relative(project);
    const auto up = std::ranges::count(relative, fs::path(".."));
    const fs::path inside = project.relative_path();
    if (up < std::distance(inside.begin(), inside.end()))
        stored.relative = relative.native();
    return stored;
}

fs::path findRoot(const StoredRoot& stored, const fs::path& project)
{
    if (stored.relative.empty())
        return stored.absolute;
    fs::path moved = (project / stored.relative).lexically_normal();
    if (!moved.has_filename() && moved.has_relative_path())
        moved = moved.parent_path();
    std::error_code failure;
    if (!fs::is_directory(moved, failure) && fs::is_directory(stored.absolute, failure))
        return stored.absolute;
    return moved;
}

std::string storePath(const fs::path& path, const fs::path& root)
{
    // Compared as text, because a path that is taken apart and put together may lose a stroke.
    const std::string& text = path.native();
    const std::string prefix = root.native() + '/';
    return !root.empty() && text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

fs::path restorePath(const std::string& stored, const fs::path& root)
{
    return root / stored; // an absolute one replaces the root
}

} // namespace graft::store
