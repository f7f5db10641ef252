#include "tests/support/tls_front.h"

#include <arpa/inet.h>
#include <csignal>
#include <cstdio>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace graft::tests {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Cert = std::unique_ptr<X509, decltype(&X509_free)>;
using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

Cert selfSigned(EVP_PKEY* key, const TlsFront::Certificate& wanted)
{
    Cert cert(X509_new(), X509_free);
    X509_set_version(cert.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
    constexpr long day = 24 * 3600;
    X509_gmtime_adj(X509_getm_notBefore(cert.get()), -day);
    X509_gmtime_adj(X509_getm_notAfter(cert.get()), wanted.validSeconds);
    X509_set_pubkey(cert.get(), key);
    X509_NAME* name = X509_get_subject_name(cert.get());
    const auto* text = reinterpret_cast<const unsigned char*>("Test");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(cert.get(), name);
    X509V3_CTX context;
    X509V3_set_ctx(&context, cert.get(), cert.get(), nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> names(
        X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, wanted.name.c_str()),
        X509_EXTENSION_free);
    X509_add_ext(cert.get(), names.get(), -1);
    if (X509_sign(cert.get(), key, EVP_sha256()) == 0)
        throw std::runtime_error("no certificate");
    return cert;
}

sockaddr_in loopback(int port)
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

} // namespace

struct TlsFront::Impl {
    void accept();
    void carry(SSL* client) const;

    int backendPort = 0;
    int listener = -1;
    int port = 0;
    Key key {EVP_EC_gen("P-256"), EVP_PKEY_free};
    Cert cert {nullptr, X509_free};
    Context context {SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
    std::thread acceptor;
};

void TlsFront::Impl::accept()
{
    sigset_t brokenPipe; // OpenSSL writes without MSG_NOSIGNAL, and clients break off
    sigemptyset(&brokenPipe);
    sigaddset(&brokenPipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &brokenPipe, nullptr);
    while (true) {
        const int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0)
            return;
        const Session client(SSL_new(context.get()), SSL_free);
        SSL_set_fd(client.get(), connection);
        if (SSL_accept(client.get()) == 1) {
            carry(client.get());
            SSL_shutdown(client.get());
        }
        close(connection);
    }
}

/// The head of the request there, the whole answer back.
void TlsFront::Impl::carry(SSL* client) const
{
    char piece[16384];
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
        const int count = SSL_read(client, piece, sizeof piece);
        if (count <= 0)
            return; // a client that does not trust the certificate says so, and nothing else
        head.append(piece, static_cast<std::size_t>(count));
    }
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(backendPort);
    if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0
        && send(server, head.data(), head.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(head.size())) {
        ssize_t count = 0;
        while ((count = recv(server, piece, sizeof piece, 0)) > 0
               && SSL_write(client, piece, static_cast<int>(count)) > 0) { }
    }
    close(server);
}

TlsFront::TlsFront(const std::string& backend, const Certificate& certificate)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->backendPort = std::stoi(backend.substr(backend.rfind(':') + 1));
    m_impl->cert = selfSigned(m_impl->key.get(), certificate);
    SSL_CTX_use_certificate(m_impl->context.get(), m_impl->cert.get());
    SSL_CTX_use_PrivateKey(m_impl->context.get(), m_impl->key.get());
    m_impl->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(m_impl->listener, generic, size) != 0 || listen(m_impl->listener, 16) != 0
        || getsockname(m_impl->listener, generic, &size) != 0)
        throw std::runtime_error("no port on 127.0.0.1");
    m_impl->port = ntohs(address.sin_port);
    m_impl->acceptor = std::thread([impl = m_impl.get()] { impl->accept(); });
}

TlsFront::~TlsFront()
{
    shutdown(m_impl->listener, SHUT_RDWR);
    m_impl->acceptor.join();
    close(m_impl->listener);
}

std::string TlsFront::address() const
{
    return "https://127.0.0.1:" + std::to_string(m_impl->port) + "/file";
}

void TlsFront::writeCertificate(const std::filesystem::path& file) const
{
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "w"), std::fclose);
    if (!stream || PEM_write_X509(stream.get(), m_impl->cert.get()) != 1)
        throw std::runtime_error("cannot write " + file.string());
}

} // namespace graft::tests
