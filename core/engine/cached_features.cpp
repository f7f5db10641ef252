#include "core/engine/cached_features.h"

#include "core/base/file.h"
#include "core/engine/feature_cache.h"
#include "core/engine/picture_batches.h"
#include "core/engine/precision.h"
#include "core/engine/rows_ahead.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace graft::engine {

namespace {

using dataset::Side;
using Pictures = std::vector<const dataset::Picture*>;

std::string wayOf(const FeatureMaker& maker, const std::string& stage, const Chosen& chosen)
{
    const PreprocessSpec& spec = maker.preprocess;
    std::string way = maker.weightsSha256 + "|" + stage + "|" + std::to_string(spec.resize) + "|"
        + std::to_string(spec.crop) + "|" + std::to_string(static_cast<int>(spec.interpolation)) + "|"
        + chosen.id() + (chosen.folded ? "|folded" : "|unfolded");
    for (std::size_t i = 0; i < spec.mean.size(); ++i)
        way += "|" + std::to_string(spec.mean[i]) + "/" + std::to_string(spec.std[i]);
    if (maker.pooling != learn::Plan {}.pooling) // those of before know no other
        way += "|" + maker.pooling;
    return way;
}

/// What is computed for some pictures with one way of running the network: either the pictures as they are,
/// or their augmented copies 1 to `copies`.
class Computation
{
public:
    Computation(const FeatureMaker& maker, const FeatureWishes& wishes, const Chosen& way, Pictures pictures,
                bool augmented)
        : m_maker(maker)
        , m_wishes(wishes)
        , m_way(way)
        , m_pictures(std::move(pictures))
        , m_augmented(augmented)
    {
        const std::string drawn = augmented ? "|" + wishes.view->fingerprint() : std::string();
        for (const std::string& stage : wishes.stages)
            m_caches.emplace_back(maker.cacheFolder, wayOf(maker, stage, way) + drawn, maker.channels(stage));
        std::ranges::copy_if(m_pictures, std::back_inserter(m_missing),
                             [&](const dataset::Picture* picture) { return !isKnown(*picture); });
        std::ranges::sort(m_missing, {}, [](const dataset::Picture* p) { return p->path; });
    }

    /// Pictures of which something has to be computed.
    std::int64_t missing() const { return std::ssize(m_missing); }

    std::vector<std::filesystem::path> missingFiles() const
    {
        std::vector<std::filesystem::path> files;
        for (const dataset::Picture* picture : m_missing)
            files.push_back(picture->path);
        return files;
    }

    std::int64_t perPicture() const { return m_augmented ? m_wishes.copies : 1; }

    PassReport run(const Progress& first, const ProgressSink& progress, std::stop_token stop)
    {
        neural::Interpreter network = interpreter(m_maker.trunk(), m_way, m_wishes.device);
        RowsAhead rows(network, m_wishes.stages,
                       [this](std::span<const std::size_t> positions,
                              const std::vector<std::vector<float>>& own) { keep(positions, own); });
        PassReport pass =
            forEachBatch(missingFiles(), pictureMaker(), first, progress, std::move(stop),
                         [&](std::span<const std::size_t> positions, const neural::Batch& batch) {
                             rows.add(positions, batch);
                             if (m_wishes.betweenBatches)
                                 m_wishes.betweenBatches();
                         });
        rows.finish();
        m_fellBack = network.fellBack();
        return pass;
    }

    const std::string& fellBack() const { return m_fellBack; }

    /// The rows of one stage, of those of `pictures` that are known.
    void take(std::size_t stage, const Pictures& pictures, FeatureSet& set, Side side) const
    {
        auto& features = set.sides[static_cast<int>(side)];
        features.channels = m_caches[stage].channels();
        for (const dataset::Picture* picture : pictures) {
            for (int copy = firstCopy(); copy <= lastCopy(); ++copy) {
                const auto row = m_caches[stage].find(keyOf(*picture, copy));
                if (row.empty())
                    continue;
                features.values.insert(features.values.end(), row.begin(), row.end());
                features.labels.push_back(picture->label);
                features.groups.push_back(picture->group);
                features.augmented.push_back(m_augmented);
                set.pictures[static_cast<int>(side)].push_back(picture);
            }
        }
    }

private:
    int firstCopy() const { return m_augmented ? 1 : 0; }

    int lastCopy() const { return m_augmented ? m_wishes.copies : 0; }

    static std::string keyOf(const dataset::Picture& picture, int copy)
    {
        return copy == 0 ? picture.sha256 : sha256(picture.sha256 + "/" + std::to_string(copy));
    }

    bool isKnown(const dataset::Picture& picture) const
    {
        for (int copy = firstCopy(); copy <= lastCopy(); ++copy) {
            const std::string key = keyOf(picture, copy);
            if (std::ranges::any_of(m_caches,
                                    [&](const FeatureCache& cache) { return cache.find(key).empty(); }))
                return false;
        }
        return true;
    }

    PictureMaker pictureMaker() const
    {
        if (!m_augmented)
            return plainPictures(m_maker.preprocess);
        return {.bytes = m_wishes.view->bytes(),
                .perFile = static_cast<std::size_t>(m_wishes.copies),
                .make = [this](std::size_t file, const Image& decoded, std::span<std::uint8_t> out) {
                    const TrainingView& view = *m_wishes.view;
                    const TrainingPicture picture = view.prepare(decoded, m_missing[file]->sha256);
                    for (int copy = 1; copy <= m_wishes.copies; ++copy)
                        view.write(
                            picture, static_cast<std::uint32_t>(copy),
                            out.subspan(static_cast<std::size_t>(copy - 1) * view.bytes(), view.bytes()));
                }};
    }

    void keep(std::span<const std::size_t> positions, const std::vector<std::vector<float>>& rows)
    {
        const auto each = static_cast<std::size_t>(perPicture());
        for (std::size_t stage = 0; stage < m_caches.size(); ++stage) {
            const auto channels = static_cast<std::size_t>(m_caches[stage].channels());
            for (std::size_t i = 0; i < positions.size(); ++i) {
                const int copy = firstCopy() + static_cast<int>(positions[i] % each);
                m_caches[stage].add(keyOf(*m_missing[positions[i] / each], copy),
                                    std::span(rows[stage]).subspan(i * channels, channels));
            }
        }
    }

    const FeatureMaker& m_maker;
    const FeatureWishes& m_wishes;
    Chosen m_way;
    Pictures m_pictures;
    bool m_augmented;
    std::vector<FeatureCache> m_caches; ///< by stage
    Pictures m_missing;
    std::string m_fellBack;
};

/// How the training side is computed: what was computed before is taken as it is, whatever a measurement
/// would say today.
Chosen wayToLearn(const FeatureMaker& maker, const FeatureWishes& wishes, const Pictures& learned)
{
    const auto computation = [&](const Chosen& way) {
        return Computation(maker, wishes, way, learned, false);
    };
    const Computation exact = computation({});
    if (wishes.precision == "float32" || exact.missing() == 0)
        return {};
    for (const bool folded : {true, false}) {
        const Chosen rounded {.precision = neural::Precision::BFloat16, .folded = folded};
        if (computation(rounded).missing() == 0)
            return rounded;
    }
    return choosePrecision(maker.trunk(), wishes.stages.front(), wishes.precision, exact.missingFiles(),
                           wishes.device);
}

} // namespace

std::vector<FeatureSet> cachedFeatures(const dataset::Dataset& data, const FeatureMaker& maker,
                                       const FeatureWishes& wishes, const ProgressSink& progress,
                                       std::stop_token stop)
{
    const auto start = std::chrono::steady_clock::now();
    Pictures of[3];
    for (const dataset::Picture& picture : data.pictures) {
        const int side = static_cast<int>(picture.side);
        if (wishes.sides[side])
            of[side].push_back(&picture);
    }
    const Pictures& learned = of[static_cast<int>(Side::Training)];
    Pictures exactly = of[static_cast<int>(Side::Validation)];
    exactly.insert(exactly.end(), of[static_cast<int>(Side::Test)].begin(),
                   of[static_cast<int>(Side::Test)].end());
    const Chosen chosen = wayToLearn(maker, wishes, learned);
    const Chosen exact;
    const bool oneWay = chosen.precision == exact.precision;
    if (oneWay) // then one pass does for all sides
        exactly.insert(exactly.begin(), learned.begin(), learned.end());
    std::vector<Computation> parts;
    parts.reserve(3); // at most; the parts that learning takes from come first
    if (!oneWay)
        parts.emplace_back(maker, wishes, chosen, learned, false);
    parts.emplace_back(maker, wishes, exact, exactly, false);
    const bool augmented = wishes.view && wishes.copies > 0 && !learned.empty();
    if (augmented)
        parts.emplace_back(maker, wishes, chosen, learned, true);

    FeatureSet common;
    common.precision = chosen.id();
    Progress first {"Reading features", 0, 0};
    for (const Computation& part : parts)
        first.total += part.missing();
    for (Computation& part : parts) {
        if (part.missing() == 0 || common.stopped)
            continue;
        const PassReport pass = part.run(first, progress, stop);
        for (const PictureProblem& problem : pass.problems) { // of copies: told already
            if (std::ranges::find(common.problems, problem.path, &PictureProblem::path)
                == common.problems.end())
                common.problems.push_back(problem);
        }
        common.stopped = pass.stopped;
        if (common.fellBack.empty())
            common.fellBack = part.fellBack();
        common.computed += (part.missing() - std::ssize(pass.problems)) * part.perPicture();
        first.done += part.missing();
    }
    common.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

    std::vector<FeatureSet> sets(wishes.stages.size(), common);
    const Computation& measuring = parts[oneWay ? 0 : 1];
    for (std::size_t stage = 0; stage < sets.size(); ++stage) {
        parts.front().take(stage, learned, sets[stage], Side::Training);
        if (augmented)
            parts.back().take(stage, learned, sets[stage], Side::Training);
        for (const Side side : {Side::Validation, Side::Test})
            measuring.take(stage, of[static_cast<int>(side)], sets[stage], side);
    }
    return sets;
}

} // namespace graft::engine
