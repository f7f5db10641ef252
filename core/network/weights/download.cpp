#include "core/network/weights/download.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/network/weights/download_meter.h"
#include "core/network/weights/pause.h"
#include "core/network/weights/transfer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace graft::network {

namespace fs = std::filesystem;

namespace {

const char* const importInstead = "or import the file from a USB stick.";

std::string wholeMegabytes(std::int64_t bytes)
{
    return std::to_string(std::llround(static_cast<double>(bytes) / 1e6));
}

std::string hostOf(const std::string& address)
{
    const std::size_t start = address.find("//") + 2;
    return address.substr(start, address.find('/', start) - start);
}

/// What went wrong, as the middle of a sentence.
std::string describe(const TransferResult& result, const std::string& address,
                     const DownloadPatience& patience)
{
    const std::string status = " (HTTP " + std::to_string(result.status) + ")";
    switch (result.end) {
    case TransferEnd::Unreachable: // https: one of the great servers of the world
        return address.starts_with("https://") ? "no internet" : hostOf(address) + " cannot be reached";
    case TransferEnd::Stalled:
        return "nothing came from " + hostOf(address) + " for "
            + std::to_string(
                   std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(patience.stall).count(), 1))
            + " s";
    case TransferEnd::ProxyTrouble:
        return "the proxy of this computer lets nothing through";
    case TransferEnd::ServerTrouble:
        return hostOf(address) + " has a fault or too much to do" + status;
    case TransferEnd::Refused:
        return hostOf(address) + " does not give the file" + status;
    case TransferEnd::Misled:
        return hostOf(address) + " leads to an address that is not safe";
    case TransferEnd::Untrusted:
        return hostOf(address) + " cannot prove who it is (its certificate is not valid here)";
    default:
        return "the connection to " + hostOf(address) + " broke";
    }
}

class Download
{
public:
    Download(const DownloadRequest& request, const DownloadPatience& patience, const DownloadSink& sink,
             std::stop_token stop)
        : m_request(request)
        , m_patience(patience)
        , m_meter(sink, request.bytes, patience.progressEvery, false)
        , m_stop(std::move(stop))
        , m_mixed(lengthOf(request.file) > 0)
    {
    }

    void run();

private:
    bool isRight();
    void requireRoom() const;
    std::optional<Error> from(const std::string& address);
    bool worthRetrying(TransferEnd end) const;
    Error failure(const TransferResult& result, const std::string& address) const;
    Error wrongFile(const std::string& happened) const;

    std::int64_t least() const { return m_request.bytes - m_request.tolerance; }

    std::int64_t most() const { return m_request.bytes + m_request.tolerance; }

    const DownloadRequest& m_request;
    const DownloadPatience& m_patience;
    DownloadMeter m_meter;
    std::stop_token m_stop;
    bool m_mixed; ///< the file is of more than one transfer: its parts may not belong together
    bool m_arrived = false; ///< something came over the network in this call
    std::string m_hash; ///< of the last complete file
};

bool Download::isRight()
{
    m_hash = sha256OfFile(m_request.file);
    return m_hash.starts_with(m_request.sha256);
}

void Download::requireRoom() const
{
    std::error_code failure;
    const auto space = fs::space(m_request.file.parent_path(), failure);
    const std::int64_t needed = m_request.bytes - lengthOf(m_request.file) + m_request.room;
    const auto free = static_cast<std::int64_t>(
        std::min<std::uintmax_t>(space.available, std::numeric_limits<std::int64_t>::max()));
    const bool told = !failure && space.capacity > 0; // some file systems say nothing
    if (told && free < needed)
        throw Error(m_request.title,
                    "needs " + wholeMegabytes(needed) + " MB in " + m_request.file.parent_path().string()
                        + ", and " + wholeMegabytes(free) + " MB are free there",
                    "Make room, then try again.");
}

bool Download::worthRetrying(TransferEnd end) const
{
    switch (end) {
    case TransferEnd::Dropped:
    case TransferEnd::Stalled:
    case TransferEnd::ServerTrouble:
    case TransferEnd::RangeRefused:
        return true;
    case TransferEnd::Unreachable:
    case TransferEnd::ProxyTrouble:
        return m_arrived; // a network that was there a moment ago may come back
    default:
        return false;
    }
}

Error Download::wrongFile(const std::string& happened) const
{
    return {
        m_request.title, happened,
        "Try again in another network: a login page may be in the way. Or import the file from a USB stick."};
}

Error Download::failure(const TransferResult& result, const std::string& address) const
{
    if (result.end == TransferEnd::CannotWrite)
        return {m_request.file.string(), "could not be written: " + describeErrno(result.code),
                "Make room or check your rights there, then try again."};
    if (result.end == TransferEnd::WrongFile) {
        const std::int64_t length = std::max(result.offered, result.received);
        return wrongFile(hostOf(address) + " sent something else than the expected file ("
                         + std::to_string(length) + " bytes and not " + std::to_string(m_request.bytes)
                         + ")");
    }
    const std::string happened = describe(result, address, m_patience);
    if (result.bytes > 0)
        return {"Stopped at " + wholeMegabytes(result.bytes) + " of " + wholeMegabytes(m_request.bytes)
                    + " MB",
                happened, std::string("Try again, it continues there, ") + importInstead};
    return {m_request.title, "could not be fetched: " + happened,
            std::string("Try again later, ") + importInstead};
}

/// Nothing: the file is complete and right. Else why this address does not give it.
std::optional<Error> Download::from(const std::string& address)
{
    const TransferRequest request {.address = address,
                                   .file = m_request.file,
                                   .least = least(),
                                   .most = most(),
                                   .stall = m_patience.stall};
    std::int64_t farthest = lengthOf(m_request.file);
    bool startedOver = false;
    for (int tries = 0;; ++tries) {
        const TransferResult result = transfer(
            request, [this](std::int64_t done, std::int64_t) { m_meter.show(done); }, m_stop);
        m_arrived = m_arrived || result.received > 0;
        m_mixed = result.continued || (result.received == 0 && m_mixed);
        if (result.end == TransferEnd::Stopped)
            throw Stopped();
        if (result.end == TransferEnd::Complete) {
            m_meter.showNow(result.bytes);
            if (isRight())
                return {};
            discardBeginning(m_request.file);
            if (!m_mixed || startedOver)
                return wrongFile(hostOf(address)
                                 + " sent another file than expected (its SHA-256 begins with "
                                 + m_hash.substr(0, 8) + ", not " + m_request.sha256.substr(0, 8)
                                 + "), and it was thrown away");
            startedOver = true; // its beginning was from elsewhere, or damaged: once more, whole
            farthest = 0;
            tries = 0;
            continue;
        }
        if (!worthRetrying(result.end))
            return failure(result, address);
        if (result.end == TransferEnd::RangeRefused)
            discardBeginning(m_request.file);
        if (result.bytes > farthest) {
            farthest = result.bytes;
            tries = 0;
        }
        if (tries >= m_patience.retries)
            return failure(result, address);
        constexpr int mostDoublings = 5;
        pause(m_patience.firstPause * (1 << std::min(tries, mostDoublings)), m_stop);
    }
}

void Download::run()
{
    const std::int64_t here = lengthOf(m_request.file);
    if (here >= least() && here > 0 && isRight()) // ended between its last byte and its check
        return;
    if (here > most() || (here == m_request.bytes && m_request.tolerance == 0))
        discardBeginning(m_request.file);
    m_mixed = lengthOf(m_request.file) > 0;
    requireRoom();
    m_meter.show(lengthOf(m_request.file));
    std::optional<Error> first;
    for (const std::string& address : m_request.addresses) {
        const std::optional<Error> trouble = from(address);
        if (!trouble)
            return;
        if (!first)
            first = trouble; // the first address is the best known: its trouble says most
    }
    if (first)
        throw *first;
    throw Error(m_request.title, "there is no address to fetch it from", "Import the file from a USB stick.");
}

} // namespace

void download(const DownloadRequest& request, const DownloadPatience& patience, const DownloadSink& sink,
              const std::stop_token& stop)
{
    Download(request, patience, sink, stop).run();
}

void discardDownload(const fs::path& file)
{
    discardBeginning(file);
}

} // namespace graft::network
