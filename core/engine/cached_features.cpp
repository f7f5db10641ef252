#include "core/engine/cached_features.h"

#include "core/engine/feature_cache.h"
#include "core/engine/picture_batches.h"
#include "core/engine/precision.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace graft::engine {

namespace {

using dataset::Side;

std::string wayOf(const std::string& weightsSha256, const std::string& stage, const PreprocessSpec& spec,
                  const Chosen& chosen)
{
    std::string way = weightsSha256 + "|" + stage + "|" + std::to_string(spec.resize) + "|"
        + std::to_string(spec.crop) + "|" + std::to_string(static_cast<int>(spec.interpolation)) + "|"
        + chosen.id() + (chosen.folded ? "|folded" : "|unfolded");
    for (std::size_t i = 0; i < spec.mean.size(); ++i)
        way += "|" + std::to_string(spec.mean[i]) + "/" + std::to_string(spec.std[i]);
    return way;
}

/// Computes one or more sides with one way of running the network.
class Computation
{
public:
    Computation(FeatureCache cache, const std::vector<const dataset::Picture*>& pictures)
        : m_cache(std::move(cache))
    {
        for (const dataset::Picture* picture : pictures) {
            if (m_cache.find(picture->sha256).empty())
                m_missing.push_back(picture);
        }
        std::ranges::sort(m_missing, {}, [](const dataset::Picture* p) { return p->path; });
    }

    const FeatureCache& cache() const { return m_cache; }

    std::int64_t missing() const { return static_cast<std::int64_t>(m_missing.size()); }

    std::vector<std::filesystem::path> missingFiles() const
    {
        std::vector<std::filesystem::path> files;
        for (const dataset::Picture* picture : m_missing)
            files.push_back(picture->path);
        return files;
    }

    PassReport run(neural::Interpreter& network, const PreprocessSpec& spec, const std::string& stage,
                   const Progress& first, const ProgressSink& progress, std::stop_token stop)
    {
        return forEachBatch(missingFiles(), spec, first, progress, stop,
                            [&](std::span<const std::size_t> positions, const neural::Batch& batch) {
                                const auto rows = network.pooled(batch, stage);
                                const auto channels = static_cast<std::size_t>(m_cache.channels());
                                for (std::size_t i = 0; i < positions.size(); ++i)
                                    m_cache.add(m_missing[positions[i]]->sha256,
                                                std::span(rows).subspan(i * channels, channels));
                            });
    }

private:
    FeatureCache m_cache;
    std::vector<const dataset::Picture*> m_missing;
};

void take(FeatureSet& set, Side side, const FeatureCache& cache,
          const std::vector<const dataset::Picture*>& pictures)
{
    auto& features = set.sides[static_cast<int>(side)];
    features.channels = cache.channels();
    for (const dataset::Picture* picture : pictures) {
        const auto row = cache.find(picture->sha256);
        if (row.empty())
            continue;
        features.values.insert(features.values.end(), row.begin(), row.end());
        features.labels.push_back(picture->label);
        set.pictures[static_cast<int>(side)].push_back(picture);
    }
}

} // namespace

FeatureSet cachedFeatures(const dataset::Dataset& data, const std::filesystem::path& cacheFolder,
                          const std::string& weightsSha256, const PreprocessSpec& preprocess, int channels,
                          const std::function<const Trunk&()>& trunk, const FeatureWishes& wishes,
                          const ProgressSink& progress, std::stop_token stop)
{
    const auto start = std::chrono::steady_clock::now();
    std::vector<const dataset::Picture*> learned;
    std::vector<const dataset::Picture*> measured;
    for (const dataset::Picture& picture : data.pictures) {
        if (wishes.sides[static_cast<int>(picture.side)])
            (picture.side == Side::Training ? learned : measured).push_back(&picture);
    }
    const auto computation = [&](const Chosen& way, const std::vector<const dataset::Picture*>& pictures) {
        return Computation(
            FeatureCache(cacheFolder, wayOf(weightsSha256, wishes.stage, preprocess, way), channels),
            pictures);
    };

    const Chosen exact;
    std::vector<const dataset::Picture*> all = learned;
    all.insert(all.end(), measured.begin(), measured.end());
    Chosen chosen;
    Computation learning = computation(exact, learned);
    if (wishes.precision != "float32" && learning.missing() > 0) {
        // The answer of the measurement is not stored: whichever way has all pictures already is good.
        const Chosen rounded {.precision = neural::Precision::BFloat16, .folded = true};
        const Chosen unfolded {.precision = neural::Precision::BFloat16, .folded = false};
        if (computation(rounded, learned).missing() == 0)
            chosen = rounded;
        else if (computation(unfolded, learned).missing() == 0)
            chosen = unfolded;
        else
            chosen = choosePrecision(trunk(), wishes.stage, wishes.precision, learning.missingFiles(),
                                     wishes.device);
    }

    FeatureSet set;
    set.precision = chosen.id();
    const bool oneWay = chosen.precision == exact.precision;
    Computation measuring = computation(exact, oneWay ? all : measured);
    if (!oneWay)
        learning = computation(chosen, learned);
    const std::int64_t total = measuring.missing() + (oneWay ? 0 : learning.missing());
    Progress first {"Reading features", 0, total};
    const auto run = [&](Computation& part, const Chosen& way) {
        if (part.missing() == 0 || set.stopped)
            return;
        neural::Interpreter network = interpreter(trunk(), way, wishes.device);
        const PassReport pass = part.run(network, preprocess, wishes.stage, first, progress, stop);
        set.problems.insert(set.problems.end(), pass.problems.begin(), pass.problems.end());
        set.stopped = pass.stopped;
        first.done += part.missing();
    };
    if (!oneWay)
        run(learning, chosen);
    run(measuring, exact);
    set.computed = total - static_cast<std::int64_t>(set.problems.size());
    set.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

    take(set, Side::Training, oneWay ? measuring.cache() : learning.cache(), learned);
    for (const Side side : {Side::Validation, Side::Test}) {
        std::vector<const dataset::Picture*> pictures;
        std::ranges::copy_if(measured, std::back_inserter(pictures),
                             [&](const dataset::Picture* p) { return p->side == side; });
        take(set, side, measuring.cache(), pictures);
    }
    return set;
}

} // namespace graft::engine
