#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace graft::tests {

/// A small HTTP/1.1 server on 127.0.0.1 that misbehaves as it is told. One thread for each connection; each
/// connection carries one answer.
class HttpServer
{
public:
    struct Request {
        int number = 0; ///< from 1
        std::string target; ///< "/file"; the whole address where a client takes the server for a proxy
        std::map<std::string, std::string> headers; ///< names in lower case
    };

    struct Answer {
        int status = 200;
        std::vector<std::string> headers {}; ///< "ETag: \"a\""; Content-Length comes by itself
        std::string body {};
        std::int64_t claim = -1; ///< Content-Length, where it is not the truth
        bool withoutLength = false;
        std::size_t dropAfter = std::string::npos; ///< bytes of the body, then the connection ends
        std::size_t holdAfter = std::string::npos; ///< bytes of the body, then nothing until release()
    };

    using Handler = std::function<Answer(const Request&)>;

    explicit HttpServer(Handler handler);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    std::string address(const std::string& path = "/file") const; ///< "http://127.0.0.1:40123/file"
    std::vector<Request> requests() const;

    std::int64_t bodyBytes() const { return m_bodyBytes; } ///< handed to the system in all

    void release(); ///< lets everything go that is held, now and later

    /// What a good server gives: honours Range, and If-Range against `etag` (empty: it has none).
    static Answer serve(const Request& request, const std::string& body, const std::string& etag);

private:
    void accept();
    void handle(int connection);
    void send(int connection, const Answer& answer);

    Handler m_handler;
    int m_listener = -1;
    int m_port = 0;
    std::atomic<std::int64_t> m_bodyBytes = 0;
    mutable std::mutex m_mutex;
    std::condition_variable m_released;
    bool m_release = false;
    std::vector<Request> m_requests;
    std::vector<int> m_connections;
    std::vector<std::thread> m_threads;
    std::thread m_acceptor;
};

} // namespace graft::tests
