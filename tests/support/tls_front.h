#pragma once
#include <filesystem>
#include <memory>
#include <string>

namespace graft::tests {

/// TLS before a plain server on 127.0.0.1, with a certificate of its own that nobody has signed. One
/// connection after the other; each carries one request.
class TlsFront
{
public:
    struct Certificate {
        std::string name = "IP:127.0.0.1"; ///< whose it says it is
        long validSeconds = 3600; ///< from now; below 0: it ended then
    };

    /// `backend` is "http://127.0.0.1:PORT".
    TlsFront(const std::string& backend, const Certificate& certificate);
    ~TlsFront();
    TlsFront(const TlsFront&) = delete;
    TlsFront& operator=(const TlsFront&) = delete;

    std::string address() const; ///< "https://127.0.0.1:40123/file"
    void writeCertificate(const std::filesystem::path& file) const; ///< PEM, for who wants to trust it

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace graft::tests
