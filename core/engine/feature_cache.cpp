#include "core/engine/feature_cache.h"

#include "core/base/file.h"

#include <cstring>
#include <fstream>

namespace graft::engine {

namespace {

constexpr std::size_t keyLength = 64; // hexadecimal digits of a SHA-256

/// FNV-1a, 64 bits: enough to see a torn or changed record.
std::uint64_t checksum(std::string_view bytes)
{
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char byte : bytes)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
    return hash;
}

std::string record(const std::string& key, std::span<const float> row)
{
    std::string bytes = key;
    bytes.append(reinterpret_cast<const char*>(row.data()), row.size_bytes());
    const std::uint64_t sum = checksum(bytes);
    bytes.append(reinterpret_cast<const char*>(&sum), sizeof sum);
    return bytes;
}

} // namespace

FeatureCache::FeatureCache(const std::filesystem::path& folder, const std::string& way, int channels)
    : m_file(folder / ("features-" + sha256(way).substr(0, 16) + ".bin"))
    , m_channels(channels)
{
    const std::size_t rowBytes = static_cast<std::size_t>(channels) * sizeof(float);
    const auto recordBytes = static_cast<std::size_t>(bytesPerRow(channels));
    std::error_code failure;
    const auto size = std::filesystem::file_size(m_file, failure);
    if (failure)
        return;
    if (size % recordBytes != 0) // the program ended inside a record; new ones must begin at a multiple
        std::filesystem::resize_file(m_file, size / recordBytes * recordBytes, failure);
    std::ifstream stream(m_file, std::ios::binary);
    std::string bytes(recordBytes, '\0');
    while (stream.read(bytes.data(), static_cast<std::streamsize>(recordBytes))) {
        std::uint64_t sum = 0;
        std::memcpy(&sum, bytes.data() + keyLength + rowBytes, sizeof sum);
        if (sum != checksum(std::string_view(bytes).substr(0, keyLength + rowBytes)))
            continue;
        if (!m_positions.try_emplace(bytes.substr(0, keyLength), m_positions.size()).second)
            continue;
        m_rows.resize(m_rows.size() + static_cast<std::size_t>(channels));
        std::memcpy(m_rows.data() + m_rows.size() - static_cast<std::size_t>(channels),
                    bytes.data() + keyLength, rowBytes);
    }
}

std::int64_t FeatureCache::bytesPerRow(int channels)
{
    return static_cast<std::int64_t>(keyLength + static_cast<std::size_t>(channels) * sizeof(float)
                                     + sizeof(std::uint64_t));
}

std::span<const float> FeatureCache::find(const std::string& pictureSha256) const
{
    const auto found = m_positions.find(pictureSha256);
    if (found == m_positions.end())
        return {};
    const auto channels = static_cast<std::size_t>(m_channels);
    return std::span(m_rows).subspan(found->second * channels, channels);
}

void FeatureCache::add(const std::string& pictureSha256, std::span<const float> row)
{
    if (!m_positions.try_emplace(pictureSha256, m_positions.size()).second)
        return;
    m_rows.insert(m_rows.end(), row.begin(), row.end());
    const std::string bytes = record(pictureSha256, row);
    std::ofstream stream(m_file, std::ios::binary | std::ios::app);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

} // namespace graft::engine
