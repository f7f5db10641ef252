#include "core/engine/weights_search.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/wheel.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

std::string lowerCaseExtension(const fs::path& name)
{
    std::string extension = name.extension().string();
    std::ranges::transform(extension, extension.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    return extension;
}

void lookAt(const fs::path& file, const SearchEars& ears)
{
    std::error_code failure;
    const auto bytes = fs::file_size(file, failure);
    if (failure) {
        ears.problem(file, "could not be read: " + describeErrno(failure.value()));
        return;
    }
    if (lowerCaseExtension(file) != ".whl") {
        ears.found({file, {}, static_cast<std::int64_t>(bytes)});
        return;
    }
    std::vector<WheelMember> members;
    try {
        members = weightFilesIn(file);
    } catch (const Error& error) {
        ears.problem(file, error.happened());
    }
    for (const WheelMember& member : members)
        ears.found({file, member.name, member.bytes});
}

} // namespace

std::string Candidate::name() const
{
    return member.empty() ? file.filename().string() : fs::path(member).filename().string();
}

bool isNamedLikeWeights(const fs::path& name)
{
    constexpr std::array<std::string_view, 4> extensions {".pth", ".pt", ".bin", ".safetensors"};
    return std::ranges::find(extensions, lowerCaseExtension(name)) != extensions.end();
}

void searchWeights(const fs::path& place, const SearchEars& ears, const std::stop_token& stop)
{
    std::error_code failure;
    if (fs::is_regular_file(place, failure)) {
        lookAt(place, ears);
        return;
    }
    if (!fs::is_directory(place, failure))
        throw Error(place.string(), "could not be read: " + describeErrno(failure ? failure.value() : ENOENT),
                    "Choose a weight file, or a folder with weight files.");
    std::vector<fs::path> folders {place};
    while (!folders.empty() && !stop.stop_requested()) {
        const fs::path folder = folders.back();
        folders.pop_back();
        fs::directory_iterator entry(folder, failure);
        for (; !failure && entry != fs::directory_iterator() && !stop.stop_requested();
             entry.increment(failure)) {
            std::error_code unknown;
            if (entry->symlink_status(unknown).type() == fs::file_type::directory)
                folders.push_back(entry->path());
            else if (entry->is_regular_file(unknown))
                lookAt(entry->path(), ears);
        }
        if (failure)
            ears.problem(folder, "could not be read: " + describeErrno(failure.value()));
    }
}

} // namespace graft::engine
