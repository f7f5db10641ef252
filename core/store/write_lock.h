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

/// Whether the last process that had the right is known to be gone without giving it back, as after a kill or
/// a power cut. False where nothing is known, and for a process of another computer. Takes no lock.
bool diedWithWriteLock(const std::filesystem::path& folder);

} // namespace graft::store
