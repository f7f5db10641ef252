#include "app/cli/sort_into.h"

#include "core/base/error.h"
#include "core/base/file.h"

#include <algorithm>
#include <system_error>

namespace graft::cli {

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

/// False where the same file was there already.
bool copyTo(const fs::path& folder, const fs::path& picture)
{
    const std::string stem = picture.stem().native();
    const std::string ending = picture.extension().native();
    for (int number = 1;; ++number) {
        const fs::path target = folder / numbered(stem, number, ending);
        std::error_code failure;
        if (fs::exists(fs::symlink_status(target, failure))) {
            if (sameContent(picture, target))
                return false;
            continue;
        }
        // Opens with O_EXCL: a file that another program makes meanwhile is not touched.
        if (fs::copy_file(picture, target, fs::copy_options::none, failure))
            return true;
        if (failure == std::errc::file_exists)
            continue;
        std::error_code ignored;
        fs::remove(target, ignored); // the part that was written
        throw Error(picture.string(),
                    "could not be copied to " + folder.string() + ": " + describeErrno(failure.value()),
                    "Make room or choose another folder; what was copied stays.");
    }
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

std::vector<std::string> folderNames(const std::vector<std::string>& classes)
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
    addUnique("none of these");
    return names;
}

SortReport sortInto(const fs::path& folder, const std::vector<std::string>& classes,
                    const std::vector<engine::Prediction>& predictions, const ProgressSink& progress,
                    std::stop_token stop)
{
    const std::vector<std::string> names = folderNames(classes);
    SortReport report;
    for (const engine::Prediction& prediction : predictions) {
        if (stop.stop_requested()) {
            report.stopped = true;
            break;
        }
        const std::string& name =
            prediction.rejected ? names.back() : names.at(static_cast<std::size_t>(prediction.best));
        makeFolder(folder / name);
        ++(copyTo(folder / name, prediction.path) ? report.copied : report.there);
        progress({"Copying pictures", report.copied + report.there, std::ssize(predictions)});
    }
    return report;
}

} // namespace graft::cli
