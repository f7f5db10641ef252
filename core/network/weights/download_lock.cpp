#include "core/base/error.h"
#include "core/base/file.h"
#include "core/network/weights/download_meter.h"
#include "core/network/weights/pause.h"
#include "core/network/weights/transfer.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace graft::network {

DownloadLock::DownloadLock(const std::filesystem::path& file, std::int64_t total,
                           const DownloadPatience& patience, const DownloadSink& sink,
                           const std::stop_token& stop)
{
    const std::string name = file.string() + ".lock";
    m_descriptor = open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (m_descriptor < 0)
        throw Error(file.parent_path().string(), "nothing can be stored there: " + describeErrno(errno),
                    "Check your rights in this folder.");
    DownloadMeter meter(sink, total, patience.progressEvery, true);
    while (flock(m_descriptor, LOCK_EX | LOCK_NB) != 0) {
        const int code = errno;
        const bool taken = code == EWOULDBLOCK || code == EINTR;
        if (taken && !stop.stop_requested()) {
            meter.show(lengthOf(file));
            pause(patience.progressEvery, stop);
            continue;
        }
        close(m_descriptor);
        if (taken)
            throw Stopped();
        throw Error(name, "could not be locked: " + describeErrno(code),
                    "Store weights on a disk of this computer.");
    }
}

DownloadLock::~DownloadLock()
{
    // The file stays: removing it would let two programs lock two different files of the same name.
    close(m_descriptor);
}

} // namespace graft::network
