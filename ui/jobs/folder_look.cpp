#include "ui/jobs/folder_look.h"

#include "core/store/project.h"

namespace graft::ui {

namespace fs = std::filesystem;

namespace {

/// Hidden folders hold no classes, and a project beside the pictures is none.
bool isClassFolder(const fs::directory_entry& entry)
{
    std::error_code problem;
    return entry.is_directory(problem) && !entry.path().filename().string().starts_with('.')
        && !store::isProject(entry.path());
}

} // namespace

FolderLook lookAt(const fs::path& path)
{
    std::error_code problem;
    const fs::path folder = path.filename() == "project.sqlite" ? path.parent_path() : path;
    if (!fs::is_directory(folder, problem))
        return {FolderLook::Kind::Nothing, folder};
    if (store::isProject(folder))
        return {FolderLook::Kind::Project, folder};
    if (fs::exists(folder / "labels.csv", problem))
        return {FolderLook::Kind::Classes, folder};
    fs::directory_iterator entries(folder, fs::directory_options::skip_permission_denied, problem);
    for (; !problem && entries != fs::directory_iterator(); entries.increment(problem)) {
        if (isClassFolder(*entries))
            return {FolderLook::Kind::Classes, folder};
    }
    // A folder that cannot be read goes on as one with classes: the import says what is wrong with it.
    return {problem ? FolderLook::Kind::Classes : FolderLook::Kind::Flat, folder};
}

} // namespace graft::ui
