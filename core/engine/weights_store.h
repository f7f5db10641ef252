#pragma once
#include "core/engine/weights.h"
#include "core/network/weights/catalogue.h"

namespace graft::engine {

/// Where this user's weights are; made when missing. Throws Error.
std::filesystem::path weightsFolder();

/// Of a download that is not finished.
std::filesystem::path partialFile(const network::WeightsEntry& entry);

WeightsStatus statusOf(const network::WeightsEntry& entry, bool check);

/// The entry that `id` means: itself, or of a backbone's recipes the first that is here, or else the first.
const network::WeightsEntry& chosenEntry(const std::string& id);

/// A file in the weights folder that is removed when this ends, unless it was adopted.
class Incoming
{
public:
    explicit Incoming(const network::WeightsEntry& entry);
    ~Incoming();
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;

    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

/// Throws Error where `file` holds no weights of the entry's backbone; `name` is for messages.
void requireFit(const network::WeightsEntry& entry, const std::filesystem::path& file,
                const std::string& name);

/// Renames `file`, which lies in the weights folder, is flushed, fits and has the SHA-256 `hash`, to where
/// the weights of `entry` belong. Throws Error; what was there stays.
WeightsStatus adopt(const network::WeightsEntry& entry, const std::filesystem::path& file,
                    const std::string& hash);

} // namespace graft::engine
