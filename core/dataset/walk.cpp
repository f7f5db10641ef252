#include "core/dataset/walk.h"

#include "core/base/error.h"
#include "core/base/file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <dirent.h>
#include <memory>
#include <set>
#include <sys/stat.h>
#include <utility>

namespace graft::dataset {

namespace fs = std::filesystem;

namespace {

using Status = struct stat;

Identity identityOf(const Status& status)
{
    return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino)};
}

bool passedOver(std::string_view name)
{
    constexpr std::array<std::string_view, 4> leftBehind {"Thumbs.db", "desktop.ini", "__MACOSX", "@eaDir"};
    return name.starts_with('.') || std::ranges::find(leftBehind, name) != leftBehind.end();
}

/// Names in a folder, sorted. Returns an errno, 0 where it went well.
int list(const fs::path& folder, std::vector<std::string>& names)
{
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(opendir(folder.c_str()), closedir);
    if (!stream)
        return errno;
    errno = 0;
    while (const dirent* entry = readdir(stream.get())) {
        if (!passedOver(entry->d_name))
            names.emplace_back(entry->d_name);
        errno = 0;
    }
    const int code = errno;
    std::ranges::sort(names);
    return code;
}

class Walker
{
public:
    Walker(const ProgressSink& progress, std::stop_token stop)
        : m_progress(progress)
        , m_stop(std::move(stop))
    {
    }

    Walk run(const fs::path& root)
    {
        rememberParents(root);
        std::vector<std::string> names;
        if (const int code = list(root, names); code != 0)
            throw Error(root.string(), "cannot be read: " + describeErrno(code),
                        "Choose a folder that you may open.");
        m_waiting.push_back({root, {}});
        walkReal();
        // Links last: what a folder really contains belongs to it, not to who links there.
        while (!m_links.empty() && !m_stop.stop_requested())
            followLinks();
        std::ranges::sort(m_walk.files, {}, &FoundFile::path);
        std::ranges::sort(m_walk.tops);
        return std::move(m_walk);
    }

private:
    struct Folder {
        fs::path path;
        std::string top;
    };

    /// The root and all folders it is in: a link back to one of them would read the root again.
    void rememberParents(const fs::path& root)
    {
        std::error_code failure;
        fs::path path = fs::canonical(root, failure);
        Status status {};
        while (!failure && stat(path.c_str(), &status) == 0) {
            m_read.insert(identityOf(status));
            if (path == path.parent_path())
                break;
            path = path.parent_path();
        }
    }

    void walkReal()
    {
        while (!m_waiting.empty() && !m_stop.stop_requested()) {
            const Folder folder = std::move(m_waiting.back());
            m_waiting.pop_back();
            std::vector<std::string> names;
            if (const int code = list(folder.path, names); code != 0)
                report(ProblemKind::FolderUnreadable, folder, folder.path,
                       "cannot be read: " + describeErrno(code) + ". Check the rights of the folder");
            const bool isRoot = folder.top.empty();
            for (const auto& name : names)
                look({folder.path / name, isRoot ? name : folder.top}, isRoot);
            if (m_progress)
                m_progress({"Looking for pictures", static_cast<std::int64_t>(m_walk.files.size()), 0});
        }
    }

    /// `entry.top` is what it belongs to if it is a folder.
    void look(const Folder& entry, bool inRoot)
    {
        const Folder owner {entry.path, inRoot ? std::string() : entry.top};
        Status status {};
        if (lstat(entry.path.c_str(), &status) != 0)
            return; // gone since the folder was listed
        const bool link = S_ISLNK(status.st_mode);
        if (link && stat(entry.path.c_str(), &status) != 0) {
            report(ProblemKind::Missing, owner, entry.path, "is a link that leads nowhere");
        } else if (S_ISDIR(status.st_mode)) {
            if (inRoot)
                m_walk.tops.push_back(entry.top);
            if (link)
                m_links.push_back(entry);
            else
                enter(entry, status);
        } else if (S_ISREG(status.st_mode)) {
            m_walk.files.push_back({entry.path, owner.top, identityOf(status), link});
        } else {
            report(ProblemKind::NotAPicture, owner, entry.path,
                   "is not a picture: it is a pipe, a socket or a device");
        }
    }

    void enter(const Folder& folder, const Status& status)
    {
        if (m_read.insert(identityOf(status)).second)
            m_waiting.push_back(folder);
        else
            report(ProblemKind::LinkLoop, folder, folder.path,
                   "leads to a folder that is read already. Its pictures count once");
    }

    void followLinks()
    {
        std::vector<Folder> links = std::exchange(m_links, {});
        std::ranges::sort(links, {}, &Folder::path);
        for (const auto& link : links) {
            Status status {};
            if (stat(link.path.c_str(), &status) == 0)
                enter(link, status);
            walkReal();
        }
    }

    void report(ProblemKind kind, const Folder& owner, const fs::path& path, const std::string& what)
    {
        m_walk.problems.push_back(
            {kind, path, owner.top, path.filename().string() + " " + what + ".", true, {}});
    }

    const ProgressSink& m_progress;
    std::stop_token m_stop;
    Walk m_walk;
    std::set<Identity> m_read; ///< folders
    std::vector<Folder> m_waiting;
    std::vector<Folder> m_links;
};

} // namespace

Walk walk(const fs::path& root, const ProgressSink& progress, std::stop_token stop)
{
    return Walker(progress, std::move(stop)).run(root);
}

} // namespace graft::dataset
