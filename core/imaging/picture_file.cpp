#include "core/base/file.h"
#include "core/imaging/decode.h"
#include "core/imaging/format.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace graft::imaging {

namespace {

PictureError unreadable(const std::string& name, int code)
{
    if (code == ENOENT || code == ENOTDIR)
        return {PictureFault::Missing, name, "is not there (any more)", "Put it back, or leave it out."};
    if (code == ELOOP)
        return {PictureFault::Missing, name, "is a link that leads nowhere",
                "Mend the link, or leave it out."};
    return {PictureFault::Unreadable, name,
            code == EACCES || code == EPERM ? "cannot be read: you have no right to open it"
                                            : "cannot be read: " + describeErrno(code),
            "Check the file and its rights, then try again."};
}

/// Reads until `bytes` is full or the file ends.
void fill(int descriptor, std::string& bytes, std::size_t from, const std::string& name)
{
    while (from < bytes.size()) {
        const ssize_t count = read(descriptor, bytes.data() + from, bytes.size() - from);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw unreadable(name, errno);
        if (count == 0)
            break;
        from += static_cast<std::size_t>(count);
    }
    bytes.resize(from);
}

} // namespace

std::string readPicture(const std::filesystem::path& file, const Limits& limits)
{
    const std::string name = file.filename().string();

    struct stat status {
    };

    // Looked at before it is opened: opening a device can have effects, opening a pipe can wait for ever.
    if (stat(file.c_str(), &status) != 0)
        throw unreadable(name, errno);
    if (!S_ISREG(status.st_mode))
        throw PictureError(PictureFault::NotAPicture, name,
                           S_ISDIR(status.st_mode) ? "is a folder, not a picture" : "is not an ordinary file",
                           "Choose a picture file.");
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        throw unreadable(name, errno);
    const std::unique_ptr<const int, void (*)(const int*)> closer(&descriptor,
                                                                  [](const int* open) { close(*open); });
    const auto size = static_cast<std::uint64_t>(status.st_size);
    std::string bytes(std::min<std::uint64_t>(size, signatureBytes), '\0');
    fill(descriptor, bytes, 0, name);
    recognise(bytes, name); // a film of many gigabytes is told by its beginning
    if (size > limits.bytes)
        throw PictureError(PictureFault::TooBig, name,
                           "is too big: " + std::to_string(size >> 20U) + " MB, and Graft reads up to "
                               + std::to_string(limits.bytes >> 20U) + " MB",
                           "Make it smaller with a picture editor, or leave it out.");
    const std::size_t begun = bytes.size();
    bytes.resize(size);
    fill(descriptor, bytes, begun, name);
    return bytes;
}

} // namespace graft::imaging
