#include "core/store/write_lock.h"

#include "core/base/error.h"
#include "core/base/file.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <csignal>
#include <fcntl.h>
#include <sstream>
#include <sys/file.h>
#include <unistd.h>

namespace graft::store {

namespace {

std::string hostName()
{
    std::array<char, HOST_NAME_MAX + 1> name {};
    return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

struct Holder {
    std::string process; ///< its number; empty where there is none, or it could not say
    std::string host;
    std::string program;
};

Holder holderIn(int descriptor)
{
    std::array<char, 512> text {};
    const ssize_t size = pread(descriptor, text.data(), text.size(), 0);
    std::istringstream lines(std::string(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))));
    Holder holder;
    std::getline(lines, holder.process);
    std::getline(lines, holder.host);
    std::getline(lines, holder.program);
    return holder;
}

/// "process 4242", and on which computer where it is not this one.
std::string describeHolder(int descriptor)
{
    const auto [process, host, program] = holderIn(descriptor);
    if (process.empty())
        return "another process";
    const std::string holder = program.empty() ? "process " + process : program + ", process " + process;
    return host.empty() || host == hostName() ? holder : holder + " on the computer " + host;
}

} // namespace

WriteLock::WriteLock(const std::filesystem::path& folder)
{
    const std::filesystem::path file = folder / "lock";
    m_descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (m_descriptor < 0)
        throw Error(folder.string(), "could not be opened for writing: " + describeErrno(errno),
                    "Check the rights of this folder, or copy the project to a place of your own.");
    if (flock(m_descriptor, LOCK_EX | LOCK_NB) != 0) {
        const int code = errno;
        const std::string holder = code == EWOULDBLOCK ? describeHolder(m_descriptor) : std::string();
        close(m_descriptor);
        if (code == EWOULDBLOCK)
            throw Error(folder.string(), "This project is open in another window (" + holder + ")",
                        "Close it there, then try again.");
        throw Error(folder.string(), "could not be locked: " + describeErrno(code),
                    "Put the project on a disk of this computer.");
    }
    // Only for the message above: a full disk must not keep anyone out.
    const std::string text =
        std::to_string(getpid()) + '\n' + hostName() + '\n' + program_invocation_short_name + '\n';
    if (ftruncate(m_descriptor, 0) == 0) [[maybe_unused]]
        const ssize_t written = pwrite(m_descriptor, text.data(), text.size(), 0);
}

WriteLock::~WriteLock()
{
    // The file stays: removing it would let two programs lock two different files of the same name.
    [[maybe_unused]] const int emptied = ftruncate(m_descriptor, 0);
    close(m_descriptor);
}

bool diedWithWriteLock(const std::filesystem::path& folder)
{
    const int descriptor = open((folder / "lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const Holder holder = holderIn(descriptor);
    close(descriptor);
    pid_t process = 0;
    const char* end = holder.process.data() + holder.process.size();
    const bool isNumber = std::from_chars(holder.process.data(), end, process).ptr == end && process > 0;
    return isNumber && holder.host == hostName() && kill(process, 0) != 0 && errno == ESRCH;
}

} // namespace graft::store
