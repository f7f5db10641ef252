#pragma once
#include <filesystem>

namespace graft::store {

/// The right to write to a project: an advisory lock (flock) on its file "lock", which names the holder's
/// process, host and program. Given back when the object or the process ends, however it ends.
class WriteLock
{
public:
    /// Throws Error where another window or program (this process included) holds it, naming that one.
    explicit WriteLock(const std::filesystem::path& folder);
    ~WriteLock();
    WriteLock(const WriteLock&) = delete;
    WriteLock& operator=(const WriteLock&) = delete;

private:
    int m_descriptor = -1;
};

} // namespace graft::store
