#include "core/network/weights/transfer.h"

#include "core/base/error.h"
#include "core/base/file.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <curl/curl.h>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace graft::network {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t trickle = 1000; // bytes: less than this within the stall time counts as nothing
constexpr long longestRedirects = 10;
constexpr long bufferBytes = 256L * 1024;

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

/// Once per process; a local static is initialised by one thread alone.
bool curlIsReady()
{
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return ready;
}

fs::path versionFile(const fs::path& file)
{
    return file.string() + ".from";
}

TransferEnd endOfStatus(long status)
{
    constexpr long requestTimeout = 408;
    constexpr long unsatisfiable = 416;
    constexpr long tooMany = 429;
    if (status == unsatisfiable)
        return TransferEnd::RangeRefused;
    if (status >= 500 || status == requestTimeout || status == tooMany)
        return TransferEnd::ServerTrouble;
    return TransferEnd::Refused;
}

TransferEnd endOfCode(CURLcode code)
{
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return TransferEnd::Stalled;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
        return TransferEnd::Unreachable;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
        return TransferEnd::ProxyTrouble;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return TransferEnd::Untrusted;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_TOO_MANY_REDIRECTS:
        return TransferEnd::Misled;
    default:
        return TransferEnd::Dropped;
    }
}

/// "bytes 600-999/1000". Numbers that are not there stay as they were.
void readContentRange(std::string_view text, std::int64_t& first, std::int64_t& whole)
{
    const auto number = [](std::string_view digits, std::int64_t& value) {
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    };
    if (const auto start = text.find_first_of("0123456789"); start != std::string_view::npos)
        number(text.substr(start), first);
    if (const auto slash = text.find('/'); slash != std::string_view::npos)
        number(text.substr(slash + 1), whole);
}

class Transfer
{
public:
    Transfer(const TransferRequest& request, const std::function<void(std::int64_t, std::int64_t)>& tick)
        : m_request(request)
        , m_tick(tick)
        , m_start(lengthOf(request.file))
    {
        m_result.bytes = m_start;
    }

    ~Transfer()
    {
        if (m_descriptor >= 0)
            close(m_descriptor);
    }

    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    TransferResult run(const std::stop_token& stop);

private:
    static std::size_t onBody(char* bytes, std::size_t, std::size_t size, void* self);
    void prepare();
    Headers conditions() const;
    TransferEnd perform(const std::stop_token& stop);
    TransferEnd endOf(CURLcode code);
    bool begin();
    bool open();
    bool take(std::string_view bytes);
    bool stalls();
    std::string header(const char* name) const;

    bool endWith(TransferEnd end)
    {
        m_decided = true;
        m_result.end = end;
        return false;
    }

    bool cannotWrite()
    {
        m_result.code = errno;
        return endWith(TransferEnd::CannotWrite);
    }

    const TransferRequest& m_request;
    const std::function<void(std::int64_t, std::int64_t)>& m_tick;
    std::int64_t m_start; ///< bytes that were there
    TransferResult m_result;
    Easy m_easy {curl_easy_init(), curl_easy_cleanup};
    Multi m_multi {curl_multi_init(), curl_multi_cleanup};
    int m_descriptor = -1;
    bool m_begun = false; ///< the answer's head was looked at
    bool m_decided = false; ///< m_result.end is final
    Clock::time_point m_windowStart = Clock::now();
    std::int64_t m_windowBytes = 0; ///< that arrived since m_windowStart
};

void Transfer::prepare()
{
    CURL* easy = m_easy.get();
    const bool plain = m_request.address.starts_with("http://");
    const bool local = m_request.address.starts_with("http://127.0.0.1:");
    curl_easy_setopt(easy, CURLOPT_URL, m_request.address.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, local ? "http,https" : "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, longestRedirects);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "Graft/" GRAFT_VERSION);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, bufferBytes);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); // a stop must not wait for the name service
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, 0L); // the stall time rules that, too
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::onBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
    if (m_start > 0)
        curl_easy_setopt(easy, CURLOPT_RANGE, (std::to_string(m_start) + "-").c_str());
}

/// If-Range: the rest only where the beginning is of the same version, else the whole. Without a known
/// version the rest is asked for all the same; the caller's SHA-256 finds what does not belong together.
Headers Transfer::conditions() const
{
    std::error_code failure;
    if (m_start == 0 || !fs::is_regular_file(versionFile(m_request.file), failure))
        return {nullptr, curl_slist_free_all};
    try {
        const std::string line = "If-Range: " + readFile(versionFile(m_request.file), bufferBytes);
        return {curl_slist_append(nullptr, line.c_str()), curl_slist_free_all};
    } catch (const Error&) {
        return {nullptr, curl_slist_free_all};
    }
}

std::string Transfer::header(const char* name) const
{
    curl_header* found = nullptr;
    const int lastAnswer = -1; // not that of a redirect
    if (curl_easy_header(m_easy.get(), name, 0, CURLH_HEADER, lastAnswer, &found) != CURLHE_OK)
        return {};
    return found->value;
}

/// Looks at the head of the answer before anything of the file is touched: a login page must not cost what
/// was fetched yesterday.
bool Transfer::begin()
{
    constexpr long whole = 200;
    constexpr long part = 206;
    m_begun = true;
    curl_easy_getinfo(m_easy.get(), CURLINFO_RESPONSE_CODE, &m_result.status);
    std::int64_t first = 0;
    if (m_result.status == part) {
        first = -1;
        readContentRange(header("Content-Range"), first, m_result.offered);
        if (first != m_start)
            return endWith(TransferEnd::RangeRefused);
    } else if (m_result.status == whole) {
        curl_off_t length = -1;
        curl_easy_getinfo(m_easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
        m_result.offered = std::max<std::int64_t>(length, 0);
    } else {
        readContentRange(header("Content-Range"), first, m_result.offered);
        const TransferEnd end = endOfStatus(m_result.status);
        const bool allIsHere = end == TransferEnd::RangeRefused && m_result.offered == m_start && m_start > 0;
        return endWith(allIsHere ? TransferEnd::Complete : end);
    }
    if (m_result.offered != 0 && (m_result.offered < m_request.least || m_result.offered > m_request.most))
        return endWith(TransferEnd::WrongFile);
    if (header("Content-Type").starts_with("text/html"))
        return endWith(TransferEnd::WrongFile);
    m_result.continued = first > 0;
    m_result.bytes = first;
    return open();
}

bool Transfer::open()
{
    m_descriptor = ::open(m_request.file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (m_descriptor < 0)
        return cannotWrite();
    if (m_start > m_result.bytes && ftruncate(m_descriptor, m_result.bytes) != 0)
        return cannotWrite();
    if (lseek(m_descriptor, m_result.bytes, SEEK_SET) < 0)
        return cannotWrite();
    if (m_result.continued)
        return true;
    std::string version = header("ETag");
    if (version.empty() || version.starts_with("W/")) // a weak one may not be used for ranges
        version = header("Last-Modified");
    std::error_code ignored;
    fs::remove(versionFile(m_request.file), ignored);
    try {
        if (!version.empty())
            writeFile(versionFile(m_request.file), version);
    } catch (const Error&) {
        errno = ENOSPC;
        return cannotWrite();
    }
    return true;
}

bool Transfer::take(std::string_view bytes)
{
    if (m_result.bytes + static_cast<std::int64_t>(bytes.size()) > m_request.most)
        return endWith(TransferEnd::WrongFile);
    while (!bytes.empty()) {
        const ssize_t count = write(m_descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return cannotWrite();
        bytes.remove_prefix(static_cast<std::size_t>(count));
        m_result.bytes += count;
        m_result.received += count;
        m_windowBytes += count;
    }
    return true;
}

std::size_t Transfer::onBody(char* bytes, std::size_t, std::size_t size, void* self)
{
    auto& transfer = *static_cast<Transfer*>(self);
    const bool taken = (transfer.m_begun || transfer.begin()) && transfer.take({bytes, size});
    return taken ? size : 0; // another number than `size` ends the transfer
}

bool Transfer::stalls()
{
    const auto now = Clock::now();
    if (now - m_windowStart < m_request.stall)
        return false;
    const bool nothing = m_windowBytes < trickle;
    m_windowStart = now;
    m_windowBytes = 0;
    return nothing;
}

TransferEnd Transfer::endOf(CURLcode code)
{
    if (m_decided)
        return m_result.end;
    if (code == CURLE_OK && !m_begun && !begin()) // an answer without a body
        return m_result.end;
    if (code == CURLE_OK && m_result.bytes >= m_request.least) {
        if (fsync(m_descriptor) == 0 || errno == EINVAL)
            return TransferEnd::Complete;
        cannotWrite();
        return m_result.end;
    }
    if (code == CURLE_OK)
        return m_result.offered == 0 ? TransferEnd::WrongFile : TransferEnd::Dropped;
    long proxyStatus = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_HTTP_CONNECTCODE, &proxyStatus);
    return proxyStatus >= 300 ? TransferEnd::ProxyTrouble : endOfCode(code);
}

TransferEnd Transfer::perform(const std::stop_token& stop)
{
    const int longestWait =
        static_cast<int>(std::clamp<std::int64_t>(m_request.stall.count() / 4, 1, 100)); // ms
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(m_multi.get()); });
    int running = 1;
    while (true) {
        if (curl_multi_perform(m_multi.get(), &running) != CURLM_OK)
            return TransferEnd::Dropped;
        if (stop.stop_requested())
            return TransferEnd::Stopped;
        m_tick(m_result.bytes, m_result.offered);
        if (running == 0)
            break;
        if (stalls())
            return TransferEnd::Stalled;
        curl_multi_poll(m_multi.get(), nullptr, 0, longestWait, nullptr);
    }
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(m_multi.get(), &left);
    return endOf(message ? message->data.result : CURLE_RECV_ERROR);
}

TransferResult Transfer::run(const std::stop_token& stop)
{
    if (!m_easy || !m_multi)
        return m_result;
    prepare();
    const Headers headers = conditions();
    curl_easy_setopt(m_easy.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_multi_add_handle(m_multi.get(), m_easy.get());
    m_result.end = perform(stop);
    curl_multi_remove_handle(m_multi.get(), m_easy.get());
    return m_result;
}

} // namespace

TransferResult transfer(const TransferRequest& request,
                        const std::function<void(std::int64_t, std::int64_t)>& tick,
                        const std::stop_token& stop)
{
    if (!curlIsReady())
        return {};
    return Transfer(request, tick).run(stop);
}

std::int64_t lengthOf(const fs::path& file)
{
    std::error_code failure;
    const auto length = fs::is_regular_file(file, failure) ? fs::file_size(file, failure) : 0;
    return failure ? 0 : static_cast<std::int64_t>(length);
}

void discardBeginning(const fs::path& file)
{
    std::error_code ignored;
    fs::remove(file, ignored);
    fs::remove(versionFile(file), ignored);
}

} // namespace graft::network
