#include "core/engine/advice_evidence.h"

#include "core/base/metrics.h"
#include "core/base/random.h"
#include "core/engine/picture_batches.h"
#include "core/engine/precision.h"
#include "core/network/cut.h"
#include "core/network/weights/catalogue.h"
#include "core/neural/trainer.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace graft::engine {

namespace {

using dataset::Picture;
using dataset::Side;

constexpr std::uint32_t sampleDraws = 5; // DrawKey::op of the choice of pictures

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// In an order that depends on the seed and on the pictures' content alone.
void shuffle(std::vector<Picture>& pictures, std::uint64_t seed)
{
    std::ranges::sort(pictures, {}, &Picture::sha256);
    Draws draws({seed, 0, 0, sampleDraws});
    for (std::size_t i = pictures.size(); i > 1; --i) // Fisher and Yates
        std::swap(pictures[i - 1],
                  pictures[static_cast<std::size_t>(draws.uniform() * static_cast<double>(i))]);
}

} // namespace

dataset::Dataset trainingSample(const dataset::Dataset& data, int most, std::uint64_t seed)
{
    dataset::Dataset sample {data.root, data.classes, {}, {}};
    std::map<int, int> counts;
    std::vector<Picture> all;
    for (const Picture& picture : data.pictures) {
        if (picture.side != Side::Training)
            continue;
        all.push_back(picture);
        ++counts[picture.label];
    }
    shuffle(all, seed);
    const double share =
        std::min(1.0, static_cast<double>(most) / static_cast<double>(std::max<std::size_t>(1, all.size())));
    std::map<int, int> taken;
    for (Picture& picture : all) {
        const int wanted = std::max(2, static_cast<int>(share * counts[picture.label]));
        if (taken[picture.label]++ < wanted)
            sample.pictures.push_back(std::move(picture));
    }
    return sample;
}

AdviceFeatures::AdviceFeatures(const store::Project& project, const std::string& backbone, std::string device)
    : m_cacheFolder(project.cacheFolder())
    , m_device(std::move(device))
    , m_trunk(loadTrunk(backbone))
    , m_stages(network::stageNames(m_trunk.graph))
    , m_lastStage(network::stageOf(*m_trunk.spec, "last"))
{
    m_trunk.graph.stages.push_back({imagenetStage, static_cast<int>(m_trunk.graph.nodes.size()) - 1});
}

std::vector<FeatureSet> AdviceFeatures::of(const dataset::Dataset& data, std::vector<std::string> stages,
                                           const ProgressSink& progress, std::stop_token stop) const
{
    const FeatureMaker maker {
        .cacheFolder = m_cacheFolder,
        .weightsSha256 = m_trunk.weightsSha256,
        .preprocess = m_trunk.preprocess,
        .channels = [&](const std::string& stage) { return network::featureChannels(m_trunk.graph, stage); },
        .trunk = [&]() -> const Trunk& { return m_trunk; }};
    const FeatureWishes wishes {.stages = std::move(stages),
                                .precision = "auto",
                                .device = m_device,
                                .sides = {true, false, false},
                                .view = nullptr,
                                .copies = 0};
    std::vector<FeatureSet> sets = cachedFeatures(data, maker, wishes, progress, std::move(stop));
    if (sets.front().stopped)
        throw Stopped();
    return sets;
}

double AdviceFeatures::forwardPerSecond(const std::vector<std::filesystem::path>& files) const
{
    neural::Interpreter network = interpreter(m_trunk, {}, m_device);
    bool warm = false;
    double seconds = 0.0;
    std::int64_t pictures = 0;
    auto begin = std::chrono::steady_clock::now();
    const PassReport pass = forEachBatch(files, plainPictures(m_trunk.preprocess), {}, {}, {},
                                         [&](std::span<const std::size_t>, const neural::Batch& batch) {
                                             if (!warm) { // the first batch makes room for the others
                                                 network.pooled(batch, m_lastStage);
                                                 warm = true;
                                             }
                                             begin = std::chrono::steady_clock::now();
                                             network.pooled(batch, m_lastStage);
                                             seconds += secondsSince(begin);
                                             pictures += batch.count;
                                         });
    seconds += pass.decodeSeconds;
    return seconds > 0.0 ? static_cast<double>(pictures) / seconds : 0.0;
}

double AdviceFeatures::trainingPerSecond(const std::vector<std::filesystem::path>& files, int classes) const
{
    constexpr int batchSize = 8; // a step of a small batch, for the sake of large networks
    constexpr int steps = 2; // that are timed, after one that makes room
    constexpr double rate = 1e-4;
    const network::Graph graph = network::classifierOn(m_trunk.graph, m_lastStage, classes);
    network::TensorMap weights = network::randomWeights(graph, 1);
    for (auto& [name, tensor] : network::weightsOf(graph, m_trunk.weights))
        weights.insert_or_assign(name, tensor);
    neural::TrainerOptions options;
    options.device = m_device;
    double perSecond = 0.0;
    neural::Trainer trainer(graph, weights, options);
    forEachBatch({files.begin(), files.begin() + std::min<std::ptrdiff_t>(batchSize, std::ssize(files))},
                 plainPictures(m_trunk.preprocess), {}, {}, {},
                 [&](std::span<const std::size_t>, const neural::Batch& batch) {
                     const std::vector<std::int64_t> labels(static_cast<std::size_t>(batch.count), 0);
                     auto begin = std::chrono::steady_clock::now();
                     for (int step = 0; step <= steps; ++step) {
                         trainer.accumulate(batch, labels);
                         trainer.update(rate);
                         trainer.score(); // waits for the device
                         if (step == 0)
                             begin = std::chrono::steady_clock::now();
                     }
                     perSecond = steps * batch.count / secondsSince(begin);
                 });
    return perSecond;
}

Familiarity familiarityOf(const learn::LabelledFeatures& logits)
{
    const auto classes = static_cast<std::size_t>(logits.channels);
    Familiarity familiarity;
    std::vector<int> named(classes);
    for (std::size_t row = 0; row < logits.labels.size(); ++row) {
        std::vector<float> shares(logits.values.begin() + static_cast<std::ptrdiff_t>(row * classes),
                                  logits.values.begin() + static_cast<std::ptrdiff_t>((row + 1) * classes));
        softmax(shares);
        const auto best = std::ranges::max_element(shares);
        familiarity.meanProbability += static_cast<double>(*best) / logits.rows();
        ++named[static_cast<std::size_t>(best - shares.begin())];
    }
    const auto often = std::ranges::max_element(named) - named.begin();
    familiarity.oftenSeenAs = network::imagenetLabels()[static_cast<std::size_t>(often)];
    return familiarity;
}

} // namespace graft::engine
