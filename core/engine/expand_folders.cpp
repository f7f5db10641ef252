#include "core/engine/expand_folders.h"

#include <algorithm>

namespace graft::engine {

namespace fs = std::filesystem;

std::vector<fs::path> expandFolders(const std::vector<fs::path>& paths)
{
    std::vector<fs::path> files;
    for (const fs::path& path : paths) {
        std::error_code failure;
        if (!fs::is_directory(path, failure)) {
            files.push_back(path);
            continue;
        }
        const auto first = static_cast<std::ptrdiff_t>(files.size());
        auto it =
            fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied, failure);
        for (; !failure && it != fs::end(it); it.increment(failure)) {
            const bool hidden = it->path().filename().string().starts_with('.');
            if (hidden && it->is_directory(failure))
                it.disable_recursion_pending();
            else if (!hidden && it->is_regular_file(failure))
                files.push_back(it->path());
        }
        std::sort(files.begin() + first, files.end());
    }
    return files;
}

} // namespace graft::engine
