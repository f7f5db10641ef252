#include "core/engine/weights_store.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/network/backbone.h"
#include "core/network/weights/weights_file.h"

#include <algorithm>
#include <atomic>
#include <unistd.h>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

/// Beside a file that was imported in spite of its hash: that hash, so that damage is still seen.
fs::path unofficialMark(const fs::path& file)
{
    return file.string() + ".unofficial";
}

std::string firstLine(const fs::path& file)
{
    const std::string text = readFile(file);
    return text.substr(0, text.find('\n'));
}

fs::path storedFile(const network::WeightsEntry& entry)
{
    return userDataFolder() / "weights" / entry.fileName;
}

/// What a present file is. A hash decides where it is computed: a mark may be left over from before the
/// official file came, where a kill met the moment between.
void judge(WeightsStatus& status, const network::WeightsEntry& entry, bool check)
{
    std::error_code failure;
    const fs::path mark = unofficialMark(status.file);
    const std::string marked = fs::exists(mark, failure) ? firstLine(mark) : std::string();
    if (check) {
        const std::string hash = sha256OfFile(status.file);
        const bool official = entry.hasHash(hash);
        const bool unofficial = !official && hash == marked;
        status.state = official ? WeightsState::Ready
            : unofficial        ? WeightsState::Unofficial
                                : WeightsState::Damaged;
        if (official || unofficial)
            status.sha256 = hash;
        return;
    }
    if (!marked.empty()) {
        status.state = WeightsState::Unofficial;
        status.sha256 = marked;
        return;
    }
    const bool fits = entry.hasSize(static_cast<std::int64_t>(fs::file_size(status.file, failure)));
    status.state = fits && !failure ? WeightsState::Ready : WeightsState::Damaged;
}

} // namespace

fs::path weightsFolder()
{
    const fs::path folder = userDataFolder() / "weights";
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        throw Error(folder.string(), "could not be made: " + describeErrno(failure.value()),
                    "Check your rights there, or set XDG_DATA_HOME to a folder of your own.");
    return folder;
}

fs::path partialFile(const network::WeightsEntry& entry)
{
    return storedFile(entry).string() + ".part";
}

WeightsStatus statusOf(const network::WeightsEntry& entry, bool check)
{
    WeightsStatus status {.id = entry.id,
                          .backbone = entry.backbone,
                          .title = entry.title,
                          .recipe = entry.recipe,
                          .licence = entry.licence,
                          .terms = entry.terms,
                          .source = entry.addresses.front(),
                          .sha256 = entry.sha256,
                          .bytes = entry.bytes,
                          .top1 = entry.top1,
                          .state = WeightsState::Missing,
                          .partial = 0,
                          .file = storedFile(entry)};
    std::error_code failure;
    if (fs::is_regular_file(status.file, failure))
        judge(status, entry, check);
    if (status.state == WeightsState::Unofficial) { // what is known of the official file is not true of it
        status.recipe = status.terms =
            "Not known: this file was imported by hand and is not the official one.";
        status.licence = "not known (weights imported by hand, not the official file)";
        status.top1 = 0.0;
    }
    if (status.state == WeightsState::Missing || status.state == WeightsState::Damaged) {
        const auto length = fs::file_size(partialFile(entry), failure);
        status.partial = failure ? 0 : static_cast<std::int64_t>(length);
    }
    return status;
}

const network::WeightsEntry& chosenEntry(const std::string& id)
{
    const auto entries = network::weightsEntries(id);
    const auto here = std::ranges::find_if(entries, [](const network::WeightsEntry& entry) {
        const WeightsState state = statusOf(entry, false).state;
        return state == WeightsState::Ready || state == WeightsState::Unofficial;
    });
    return here != entries.end() ? *here : entries.front();
}

Incoming::Incoming(const network::WeightsEntry& entry)
{
    static std::atomic<int> count = 0;
    m_path = weightsFolder()
        / (entry.fileName + ".incoming-" + std::to_string(getpid()) + "-" + std::to_string(count++));
}

Incoming::~Incoming()
{
    std::error_code ignored;
    fs::remove(m_path, ignored);
}

void requireFit(const network::WeightsEntry& entry, const fs::path& file, const std::string& name)
{
    network::readWeights(readFile(file), name, network::backbone(entry.backbone));
}

WeightsStatus adopt(const network::WeightsEntry& entry, const fs::path& file, const std::string& hash)
{
    const fs::path stored = storedFile(entry);
    const bool official = entry.hasHash(hash);
    if (!official)
        writeFile(unofficialMark(stored), hash + "\n");
    std::error_code failure;
    fs::rename(file, stored, failure);
    if (failure)
        throw Error(stored.string(), "could not be replaced: " + describeErrno(failure.value()),
                    "Check your rights in this folder.");
    if (official)
        fs::remove(unofficialMark(stored), failure);
    WeightsStatus status = statusOf(entry, false);
    status.sha256 = hash;
    return status;
}

} // namespace graft::engine
