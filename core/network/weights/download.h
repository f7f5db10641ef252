#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace graft::network {

/// How far a download is.
struct DownloadProgress {
    std::int64_t done = 0; ///< bytes, those of earlier times included
    std::int64_t total = 0;
    double bytesPerSecond = 0.0; ///< smoothed over some seconds; 0 while nothing was measured
    double secondsLeft = -1.0; ///< below 0 while it is not known
    bool waiting = false; ///< another window or program fetches the same file, and these are its figures
};

/// Called on the thread that downloads, at most about ten times a second; must return quickly and not throw.
using DownloadSink = std::function<void(const DownloadProgress&)>;

struct DownloadRequest {
    std::vector<std::string>
        addresses; ///< tried in order; http instead of https only where a person asked for it
    std::filesystem::path file; ///< grows while bytes arrive; what is there already is continued
    std::string title; ///< for messages: "ResNet50, ImageNet"
    std::int64_t bytes = 0; ///< length of the whole
    std::int64_t tolerance = 0; ///< bytes by which that may be wrong
    std::string sha256; ///< whole or its first digits
    std::int64_t room = 0; ///< bytes that the caller will need on the same disk besides
};

/// When to give up.
struct DownloadPatience {
    std::chrono::milliseconds stall {30'000}; ///< without an answer, or with next to no bytes
    int retries = 4; ///< in a row that brought nothing new
    std::chrono::milliseconds firstPause {1'000}; ///< before the first retry; doubles with each further one
    std::chrono::milliseconds progressEvery {100};
};

/// Downloads with HTTP(S) through libcurl, on the calling thread: continues what is in `file` (also after a
/// kill), retries after drops, stalls and server faults, goes to the next address where one has no such file,
/// takes the proxy from the environment, and checks length and SHA-256. When it returns, `file` is complete
/// and flushed. Throws Error with a sentence for a person (no internet, disk full, another file than
/// expected, ...) and Stopped; both keep what was fetched, unless that is the wrong file. The caller holds a
/// DownloadLock.
void download(const DownloadRequest& request, const DownloadPatience& patience, const DownloadSink& sink,
              const std::stop_token& stop);

/// Throws away what was fetched into `file`, and what is known about it.
void discardDownload(const std::filesystem::path& file);

/// The right to download into `file`, and to move it away afterwards: an advisory lock (flock) on
/// "<file>.lock", given back when the object or its process ends, however it ends.
class DownloadLock
{
public:
    /// Waits while another thread or process has it, telling `sink` how far that one is of `total` bytes.
    /// Throws Error where the file cannot be made, and Stopped.
    DownloadLock(const std::filesystem::path& file, std::int64_t total, const DownloadPatience& patience,
                 const DownloadSink& sink, const std::stop_token& stop);
    ~DownloadLock();
    DownloadLock(const DownloadLock&) = delete;
    DownloadLock& operator=(const DownloadLock&) = delete;

private:
    int m_descriptor = -1;
};

} // namespace graft::network
