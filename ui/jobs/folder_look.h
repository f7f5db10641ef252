#pragma once
#include <filesystem>

namespace graft::ui {

/// What a path from the desktop is, as far as a glance tells.
struct FolderLook {
    enum class Kind {
        Nothing, ///< it is not there, or it is a file that Graft cannot open
        Project,
        Classes, ///< a folder with sub-folders or with a list of labels
        Flat, ///< a folder whose pictures have no classes yet
    };

    Kind kind = Kind::Nothing;
    std::filesystem::path folder; ///< the project's where a file inside it was given
};

/// Touches the disk: for a worker thread. Does not throw.
FolderLook lookAt(const std::filesystem::path& path);

} // namespace graft::ui
