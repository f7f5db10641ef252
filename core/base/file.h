#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace graft {

/// The whole file. Throws Error (missing, no right, larger than `limit` bytes).
std::string readFile(const std::filesystem::path& file, std::uint64_t limit = std::uint64_t {1} << 40U);

/// Writes a new file beside `file`, flushes it to the disk and renames it over `file`: a reader sees the old
/// content or the new one, never a part, whatever happens in between. Throws Error (disk full, no right) and
/// then leaves `file` as it was and no temporary behind.
void writeFile(const std::filesystem::path& file, const std::function<void(std::ostream&)>& write);
void writeFile(const std::filesystem::path& file, std::string_view content);

/// 64 hexadecimal digits (FIPS 180-4).
std::string sha256(std::string_view bytes);

/// Of a file, read in pieces. Throws Error.
std::string sha256OfFile(const std::filesystem::path& file);

/// The sentence for an errno: "the disk is full", "there is no right to write here".
std::string describeErrno(int code);

/// $XDG_DATA_HOME/graft (~/.local/share/graft): weights. Made when missing.
std::filesystem::path userDataFolder();

} // namespace graft
