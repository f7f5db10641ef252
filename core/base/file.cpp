#include "core/base/file.h"

#include "core/base/error.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

namespace graft {

namespace fs = std::filesystem;

namespace {

class Hash
{
public:
    Hash() { EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr); }

    void add(std::string_view bytes) { EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size()); }

    std::string hex()
    {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
        unsigned int size = 0;
        EVP_DigestFinal_ex(m_context.get(), digest.data(), &size);
        constexpr std::string_view digits = "0123456789abcdef";
        std::string text;
        for (unsigned int i = 0; i < size; ++i) {
            text += digits[digest[i] >> 4U];
            text += digits[digest[i] & 15U];
        }
        return text;
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> m_context {EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

void flush(const fs::path& path)
{
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool flushed = descriptor >= 0 && fsync(descriptor) == 0;
    const int code = errno;
    if (descriptor >= 0)
        close(descriptor);
    if (!flushed && code != EINVAL && code != EROFS)
        throw Error(path.string(), "could not be written: " + describeErrno(code),
                    "Make room or choose another place, then try again.");
}

/// A new, empty file in the folder of `file` that nobody else uses.
fs::path temporaryBeside(const fs::path& file)
{
    std::string name = file.string() + ".XXXXXX";
    const int descriptor = mkostemp(name.data(), O_CLOEXEC);
    if (descriptor < 0)
        throw Error(file.string(), "could not be written: " + describeErrno(errno),
                    "Make room or choose another place, then try again.");
    const mode_t mask = umask(0);
    umask(mask);
    fchmod(descriptor, 0666 & ~mask);
    close(descriptor);
    return name;
}

} // namespace

std::string describeErrno(int code)
{
    switch (code) {
    case ENOSPC:
    case EDQUOT:
        return "the disk is full";
    case EACCES:
    case EPERM:
        return "you have no right to do this here";
    case EROFS:
        return "this disk can only be read";
    case ENOENT:
    case ENOTDIR:
        return "it is not there";
    case EISDIR:
        return "it is a folder";
    case ENAMETOOLONG:
        return "its name is too long";
    case EIO:
        return "the disk reported a failure";
    default:
        return std::strerror(code);
    }
}

std::string readFile(const fs::path& file, std::uint64_t limit)
{
    const auto fail = [&](int code) {
        throw Error(file.string(), "could not be read: " + describeErrno(code),
                    "Check the file and try again.");
    };
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        fail(errno);
    const std::unique_ptr<const int, void (*)(const int*)> closer(&descriptor,
                                                                  [](const int* d) { close(*d); });

    struct stat status {
    };

    if (fstat(descriptor, &status) != 0)
        fail(errno);
    if (!S_ISREG(status.st_mode))
        fail(S_ISDIR(status.st_mode) ? EISDIR : ENOENT);
    if (static_cast<std::uint64_t>(status.st_size) > limit)
        throw Error(file.string(), "is larger than " + std::to_string(limit) + " bytes",
                    "Choose another file.");
    std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = read(descriptor, bytes.data() + done, bytes.size() - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            fail(errno);
        if (count == 0)
            break; // it became shorter meanwhile
        done += static_cast<std::size_t>(count);
    }
    bytes.resize(done);
    return bytes;
}

void writeFile(const fs::path& file, const std::function<void(std::ostream&)>& write)
{
    std::error_code unknown;
    if (const fs::file_status status = fs::status(file, unknown);
        fs::exists(status) && !fs::is_regular_file(status))
        throw Error(file.string(), "could not be written: it is no ordinary file", "Choose another name.");
    const fs::path temporary = temporaryBeside(file);
    try {
        {
            std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
            errno = 0;
            write(stream);
            stream.close();
            if (!stream)
                throw Error(file.string(),
                            "could not be written: "
                                + (errno != 0 ? describeErrno(errno) : "the disk is full"),
                            "Make room or choose another place, then try again.");
        }
        flush(temporary);
        std::error_code failure;
        fs::rename(temporary, file, failure);
        if (failure)
            throw Error(file.string(), "could not be replaced: " + describeErrno(failure.value()),
                        "Make room or choose another place, then try again.");
        flush(file.has_parent_path() ? file.parent_path() : fs::path("."));
    } catch (...) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        throw;
    }
}

void writeFile(const fs::path& file, std::string_view content)
{
    writeFile(file, [&](std::ostream& stream) {
        stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    });
}

std::string sha256(std::string_view bytes)
{
    Hash hash;
    hash.add(bytes);
    return hash.hex();
}

std::string sha256OfFile(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        throw Error(file.string(), "could not be read: " + describeErrno(errno),
                    "Check the file and try again.");
    Hash hash;
    std::vector<char> piece(std::size_t {1} << 20U);
    while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())) || stream.gcount() > 0)
        hash.add({piece.data(), static_cast<std::size_t>(stream.gcount())});
    return hash.hex();
}

fs::path userDataFolder()
{
    const char* configured = std::getenv("XDG_DATA_HOME");
    const char* home = std::getenv("HOME");
    fs::path folder = configured && *configured == '/' ? fs::path(configured)
                                                       : fs::path(home ? home : "/tmp") / ".local/share";
    folder /= "graft";
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        throw Error(folder.string(), "could not be made: " + describeErrno(failure.value()),
                    "Check your rights there, or set XDG_DATA_HOME to a folder of your own.");
    return folder;
}

} // namespace graft
