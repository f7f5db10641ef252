#include "core/engine/sort_copies.h"

#include "core/base/error.h"
#include "core/base/file.h"

#include <algorithm>
#include <system_error>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t longestName = 200; // bytes; file systems allow 255, and a number may follow

/// One plain folder name: no separators, nothing hidden, nothing that leads elsewhere.
std::string plain(std::string name)
{
    std::ranges::replace_if(
        name,
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/' || c == '\\'; },
        '_');
    if (name.size() > longestName)
        name.resize(longestName);
    while (!name.empty() && name.back() == ' ')
        name.pop_back();
    if (name.empty())
        return "class";
    if (name.front() == '.')
        name.front() = '_';
    return name;
}

std::string numbered(const std::string& stem, int number, const std::string& ending)
{
    return number == 1 ? stem + ending : stem + " (" + std::to_string(number) + ")" + ending;
}

bool sameContent(const fs::path& one, const fs::path& other)
{
    std::error_code failure;
    const std::uintmax_t size = fs::file_size(one, failure);
    if (failure || fs::file_size(other, failure) != size || failure)
        return false;
    return fs::equivalent(one, other, failure) || sha256OfFile(one) == sha256OfFile(other);
}

[[noreturn]] void fail(const fs::path& picture, const fs::path& folder, const std::error_code& failure)
{
    throw Error(picture.string(),
                "could not be copied to " + folder.string() + ": " + describeErrno(failure.value()),
                "Make room or choose another folder; what was copied stays.");
}

/// The first name in `folder` that is free, or holds `same`, which is then told by an empty path.
fs::path freeName(const fs::path& folder, const fs::path& name,
                  const std::function<bool(const fs::path&)>& same)
{
    const std::string stem = name.stem().native();
    const std::string ending = name.extension().native();
    for (int number = 1;; ++number) {
        fs::path target = folder / numbered(stem, number, ending);
        std::error_code failure;
        if (!fs::exists(fs::symlink_status(target, failure)))
            return target;
        if (same(target))
            return {};
    }
}

/// False where the same file was there already.
bool copyFile(const fs::path& folder, const fs::path& picture)
{
    for (;;) {
        const fs::path target = freeName(folder, picture.filename(), [&picture](const fs::path& other) {
            return sameContent(picture, other);
        });
        if (target.empty())
            return false;
        // Opens with O_EXCL: a file that another program makes meanwhile is not touched.
        std::error_code failure;
        if (fs::copy_file(picture, target, fs::copy_options::none, failure))
            return true;
        if (failure == std::errc::file_exists)
            continue;
        if (failure != std::errc::no_such_file_or_directory) {
            std::error_code ignored;
            fs::remove(target, ignored); // the part that was written
        }
        fail(picture, folder, failure);
    }
}

/// The same for a picture from memory.
bool saveContent(const fs::path& folder, const SortItem& item)
{
    const std::string content = item.content();
    const std::string hash = sha256(content);
    const fs::path target = freeName(folder, plain(item.picture.native()), [&hash](const fs::path& other) {
        std::error_code failure;
        return fs::is_regular_file(other, failure) && sha256OfFile(other) == hash;
    });
    if (target.empty())
        return false;
    writeFile(target, content);
    return true;
}

void makeFolder(const fs::path& folder)
{
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (!failure && !fs::is_directory(folder))
        failure = std::make_error_code(std::errc::file_exists);
    if (failure)
        throw Error(folder.string(), "could not be made: " + describeErrno(failure.value()),
                    "Choose another folder to sort into.");
}

} // namespace

std::vector<std::string> folderNames(const std::vector<std::string>& classes, const std::string& none)
{
    std::vector<std::string> names;
    const auto addUnique = [&](const std::string& name) {
        int number = 1;
        while (std::ranges::find(names, numbered(name, number, {})) != names.end())
            ++number;
        names.push_back(numbered(name, number, {}));
    };
    for (const std::string& name : classes)
        addUnique(plain(name));
    addUnique(plain(none));
    return names;
}

SortReport sortCopies(const fs::path& folder, const std::vector<std::string>& classes,
                      const std::string& none, const std::vector<SortItem>& items,
                      const ProgressSink& progress, const std::stop_token& stop)
{
    const std::vector<std::string> names = folderNames(classes, none);
    SortReport report;
    for (const SortItem& item : items) {
        if (stop.stop_requested()) {
            report.stopped = true;
            break;
        }
        const fs::path place =
            folder / (item.label < 0 ? names.back() : names.at(static_cast<std::size_t>(item.label)));
        makeFolder(place);
        const bool made = item.content ? saveContent(place, item) : copyFile(place, item.picture);
        ++(made ? report.copied : report.there);
        progress({"Copying pictures", report.copied + report.there, std::ssize(items)});
    }
    return report;
}

} // namespace graft::engine
