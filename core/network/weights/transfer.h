#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace graft::network {

/// One HTTP GET into a file that may hold the beginning already (RFC 9110, sections 13 and 14). Which version
/// of the resource that beginning is of (ETag or Last-Modified) is kept in a small file beside it.
struct TransferRequest {
    std::string address; ///< https, or http; a redirect leads to https only, or stays on 127.0.0.1
    std::filesystem::path file;
    std::int64_t least =
        0; ///< bytes that the whole may have; another length is refused before anything is written
    std::int64_t most = 0;
    std::chrono::milliseconds stall {30'000}; ///< no answer, or next to nothing, for so long: given up
};

enum class TransferEnd {
    Complete,
    Stopped,
    Dropped, ///< the connection broke, or the body ended before its announced length
    Stalled,
    Unreachable, ///< no such host as far as this network knows, or nobody answers there
    ProxyTrouble,
    ServerTrouble, ///< 5xx, 408, 429: may be better later
    Refused, ///< 4xx
    RangeRefused, ///< it cannot go on where `file` ends
    WrongFile, ///< announces or sends another length, or a web page
    Misled, ///< a redirect to where it must not lead, or no usable address
    Untrusted, ///< TLS: the server does not prove who it is
    CannotWrite,
};

struct TransferResult {
    TransferEnd end = TransferEnd::Dropped;
    long status = 0; ///< HTTP; 0 where there was no answer
    int code = 0; ///< errno of CannotWrite
    std::int64_t bytes = 0; ///< length of `file` now
    std::int64_t offered = 0; ///< the whole length that the server announced; 0 where it did not
    std::int64_t received = 0; ///< bytes that this transfer added
    bool continued = false; ///< it went on where `file` ended
};

/// Runs on the calling thread and calls `tick(bytes of the file, whole length or 0)` several times a second.
/// A stop ends it within a few milliseconds; what arrived is kept. Proxies come from the environment
/// (http_proxy, HTTPS_PROXY, ALL_PROXY, NO_PROXY), as libcurl reads it. Throws nothing of its own.
TransferResult transfer(const TransferRequest& request,
                        const std::function<void(std::int64_t, std::int64_t)>& tick,
                        const std::stop_token& stop);

/// The length of a file; 0 where there is none.
std::int64_t lengthOf(const std::filesystem::path& file);

/// Throws the beginning away, and what is known about it.
void discardBeginning(const std::filesystem::path& file);

} // namespace graft::network
