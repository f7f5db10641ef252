#include "tests/support/http_server.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace graft::tests {

HttpServer::HttpServer(Handler handler)
    : m_handler(std::move(handler))
    , m_listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(m_listener, generic, size) != 0 || listen(m_listener, 16) != 0
        || getsockname(m_listener, generic, &size) != 0)
        throw std::runtime_error("no port on 127.0.0.1");
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { accept(); });
}

HttpServer::~HttpServer()
{
    release();
    shutdown(m_listener, SHUT_RDWR);
    m_acceptor.join();
    {
        const std::scoped_lock lock(m_mutex);
        for (const int connection : m_connections)
            shutdown(connection, SHUT_RDWR);
    }
    for (std::thread& thread : m_threads)
        thread.join();
    for (const int connection : m_connections)
        close(connection);
    close(m_listener);
}

std::string HttpServer::address(const std::string& path) const
{
    return "http://127.0.0.1:" + std::to_string(m_port) + path;
}

std::vector<HttpServer::Request> HttpServer::requests() const
{
    const std::scoped_lock lock(m_mutex);
    return m_requests;
}

void HttpServer::release()
{
    const std::scoped_lock lock(m_mutex);
    m_release = true;
    m_released.notify_all();
}

HttpServer::Answer HttpServer::serve(const Request& request, const std::string& body, const std::string& etag)
{
    Answer answer;
    if (!etag.empty())
        answer.headers.push_back("ETag: " + etag);
    const auto range = request.headers.find("range");
    const auto condition = request.headers.find("if-range");
    const bool same = condition == request.headers.end() || condition->second == etag;
    if (range == request.headers.end() || !same) {
        answer.body = body;
        return answer;
    }
    const std::size_t first = std::stoul(range->second.substr(range->second.find('=') + 1));
    const std::string whole = std::to_string(body.size());
    if (first >= body.size()) {
        answer.status = 416;
        answer.headers.push_back("Content-Range: bytes */" + whole);
        return answer;
    }
    answer.status = 206;
    answer.headers.push_back("Content-Range: bytes " + std::to_string(first) + "-"
                             + std::to_string(body.size() - 1) + "/" + whole);
    answer.body = body.substr(first);
    return answer;
}

void HttpServer::accept()
{
    while (true) {
        const int connection = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0)
            return;
        const std::scoped_lock lock(m_mutex);
        m_connections.push_back(connection);
        m_threads.emplace_back([this, connection] { handle(connection); });
    }
}

void HttpServer::handle(int connection)
{
    std::string text;
    char piece[4096];
    while (text.find("\r\n\r\n") == std::string::npos) {
        const ssize_t count = recv(connection, piece, sizeof piece, 0);
        if (count <= 0)
            return;
        text.append(piece, static_cast<std::size_t>(count));
    }
    Request request;
    std::istringstream lines(text);
    std::string line;
    lines >> line >> request.target;
    std::getline(lines, line);
    while (std::getline(lines, line) && line != "\r") {
        std::string name = line.substr(0, line.find(':'));
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
        const std::size_t start = line.find_first_not_of(' ', name.size() + 1);
        request.headers[name] = line.substr(start, line.find('\r') - start);
    }
    {
        const std::scoped_lock lock(m_mutex);
        request.number = static_cast<int>(m_requests.size()) + 1;
        m_requests.push_back(request);
    }
    send(connection, m_handler(request));
    shutdown(connection, SHUT_RDWR);
}

void HttpServer::send(int connection, const Answer& answer)
{
    std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " So\r\nConnection: close\r\n";
    for (const std::string& header : answer.headers)
        head += header + "\r\n";
    const auto length = static_cast<std::int64_t>(answer.body.size());
    if (!answer.withoutLength)
        head += "Content-Length: " + std::to_string(answer.claim >= 0 ? answer.claim : length) + "\r\n";
    head += "\r\n";
    ::send(connection, head.data(), head.size(), MSG_NOSIGNAL);
    std::size_t done = 0;
    while (done < std::min(answer.body.size(), answer.dropAfter)) {
        if (done == answer.holdAfter) {
            std::unique_lock lock(m_mutex);
            m_released.wait(lock, [this] { return m_release; });
        }
        std::size_t end = std::min(answer.body.size(), answer.dropAfter);
        if (done < answer.holdAfter)
            end = std::min(end, answer.holdAfter);
        const ssize_t count = ::send(connection, answer.body.data() + done, end - done, MSG_NOSIGNAL);
        if (count <= 0)
            return;
        done += static_cast<std::size_t>(count);
        m_bodyBytes += count;
    }
}

} // namespace graft::tests
