#pragma once
#include "core/neural/interpreter.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace graft::engine {

/// Features that were computed before, by the content of the picture. One file for each way to compute them
/// (weights, cut, preprocessing, precision), in the project's cache folder; it may be deleted at any time.
/// Records are only appended, each with a checksum: what a crash cut off or a disk changed is left out and
/// computed again.
class FeatureCache
{
public:
    /// Reads what is there. `way` is everything that decides the numbers besides the picture. Never throws
    /// for a damaged file.
    FeatureCache(const std::filesystem::path& folder, const std::string& way, int channels);

    /// What one row takes in the file.
    static std::int64_t bytesPerRow(int channels);

    int channels() const { return m_channels; }

    /// The row of a picture; empty where it is not known.
    std::span<const float> find(const std::string& pictureSha256) const;

    /// Keeps a row, here and on the disk. A full disk is no reason to fail: then it is kept here only.
    void add(const std::string& pictureSha256, std::span<const float> row);

private:
    std::filesystem::path m_file;
    int m_channels;
    std::vector<float> m_rows;
    std::unordered_map<std::string, std::size_t> m_positions; ///< by SHA-256: which row
};

} // namespace graft::engine
