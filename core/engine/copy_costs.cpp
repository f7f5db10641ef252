#include "core/engine/copy_costs.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/engine/cached_features.h"
#include "core/engine/feature_cache.h"
#include "core/engine/linear_answers.h"
#include "core/engine/machine.h"
#include "core/engine/trunk.h"
#include "core/learn/strategy.h"
#include "core/network/cut.h"
#include "core/neural/devices.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace graft::engine {

namespace {

using dataset::Side;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t heldTimes = 3; // a row is in the cache's memory, in its side and in the task

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The plan, completed, and what it needs to make features.
class Workshop
{
public:
    Workshop(const store::Project& project, const learn::Plan& plan, int trainingPictures)
        : m_project(project)
        , m_strategy(learn::strategy(plan.strategy))
        , m_plan(m_strategy.complete(plan, trainingPictures))
    {
        if (!std::holds_alternative<learn::LearnFromFeatures>(m_strategy.way))
            throw Error(std::string(m_strategy.title), "draws every picture anew in each epoch",
                        "It has no number of copies to choose.");
        requireWeights(m_plan.backbone);
        m_trunk = loadTrunk(m_plan.backbone);
        m_stage = network::stageOf(*m_trunk.spec, m_plan.cut == "auto" ? "last" : m_plan.cut);
        m_device = neural::chooseDevice(m_plan.device).id;
    }

    const Trunk& trunk() const { return m_trunk; }

    const std::string& stage() const { return m_stage; }

    int channels() const { return network::featureChannels(m_trunk.graph, m_stage); }

    neural::Interpreter network() const { return answering(m_trunk.graph, m_trunk.weights, m_device); }

    TrainingView view() const
    {
        return {m_trunk.preprocess, augment::readRecipe(m_plan.recipe), m_plan.seed};
    }

    /// Training side with copies, and validation. Throws Stopped.
    FeatureSet features(const dataset::Dataset& data, int copies, const ProgressSink& progress,
                        const std::stop_token& stop) const
    {
        const TrainingView ownView = view();
        const FeatureMaker maker {.cacheFolder = m_project.cacheFolder(),
                                  .weightsSha256 = m_trunk.weightsSha256,
                                  .preprocess = m_trunk.preprocess,
                                  .channels = [this](const std::string&) { return channels(); },
                                  .trunk = [this]() -> const Trunk& { return m_trunk; }};
        const FeatureWishes wishes {.stages = {m_stage},
                                    .precision = m_plan.precision,
                                    .device = m_device,
                                    .sides = {true, true, false},
                                    .view = &ownView,
                                    .copies = copies};
        FeatureSet set = std::move(cachedFeatures(data, maker, wishes, progress, stop).front());
        if (set.stopped)
            throw Stopped();
        return set;
    }

    learn::LinearModel learn(const learn::FeatureTask& task, const std::stop_token& stop) const
    {
        learn::TrainHooks hooks;
        hooks.stop = stop;
        learn::LinearModel model = std::get<learn::LearnFromFeatures>(m_strategy.way)(task, m_plan, hooks);
        if (stop.stop_requested())
            throw Stopped();
        return model;
    }

private:
    const store::Project& m_project;
    const learn::StrategySpec& m_strategy;
    learn::Plan m_plan;
    Trunk m_trunk;
    std::string m_stage;
    std::string m_device;
};

std::vector<const dataset::Picture*> trainingPicturesOf(const dataset::Dataset& data)
{
    std::vector<const dataset::Picture*> pictures;
    for (const dataset::Picture& picture : data.pictures) {
        if (picture.side == Side::Training)
            pictures.push_back(&picture);
    }
    return pictures;
}

/// Up to `count`, spread over all of them, that can be read.
std::vector<TrainingPicture> readSome(const std::vector<const dataset::Picture*>& pictures, std::size_t count,
                                      const TrainingView& view, const std::stop_token& stop)
{
    count = std::min(count, pictures.size());
    std::vector<TrainingPicture> some(count);
    parallelFor(count, usableProcessors(), stop, [&](std::size_t i) {
        try {
            some[i] = view.read(pictures[i * pictures.size() / count]->path);
        } catch (const PictureError&) { // told when the training leaves it out
        }
    });
    std::erase_if(some, [](const TrainingPicture& picture) { return picture.base.rgb.empty(); });
    return some;
}

/// Seconds for one copy, drawn and sent through the network; for about a second and a half.
double timeCopies(const Workshop& workshop, const std::vector<TrainingPicture>& pictures,
                  const TrainingView& view, const std::stop_token& stop)
{
    constexpr double enough = 1.5; // seconds
    constexpr std::size_t batch = 16;
    neural::Interpreter network = workshop.network();
    std::vector<std::uint8_t> pixels(batch * view.bytes());
    const auto once = [&](std::uint32_t copy) {
        parallelFor(batch, usableProcessors(), stop, [&](std::size_t i) {
            view.write(pictures[i % pictures.size()], copy,
                       std::span(pixels).subspan(i * view.bytes(), view.bytes()));
        });
        network.pooled({pixels, static_cast<int>(batch)}, workshop.stage());
    };
    once(1); // the first time warms up
    const auto start = Clock::now();
    std::uint32_t rounds = 0;
    while (secondsSince(start) < enough) {
        if (stop.stop_requested())
            throw Stopped();
        once(2 + rounds++);
    }
    return secondsSince(start) / (static_cast<double>(rounds) * batch);
}

/// Seconds that learning takes for each row. The numbers are noise around one centre for each class: what
/// they are changes little, how many they are is what counts.
double timeLearning(const Workshop& workshop, int classes, const std::stop_token& stop)
{
    constexpr int rows = 512;
    learn::FeatureTask task;
    task.classes = classes;
    task.training.channels = workshop.channels();
    Draws draws({.seed = 1, .sample = 0, .copy = 0, .op = 0});
    for (int row = 0; row < rows; ++row) {
        task.training.labels.push_back(row % classes);
        for (int c = 0; c < task.training.channels; ++c)
            task.training.values.push_back(
                static_cast<float>(draws.uniform() + (c % classes == row % classes ? 0.2 : 0.0)));
    }
    task.validation.channels = task.training.channels;
    const auto start = Clock::now();
    workshop.learn(task, stop);
    return secondsSince(start) / rows;
}

/// At most `perClass` training pictures of each class, and the validation pictures.
dataset::Dataset subsetOf(const dataset::Dataset& data, int perClass)
{
    dataset::Dataset subset {.root = data.root, .classes = data.classes, .pictures = {}, .problems = {}};
    std::map<int, int> taken;
    std::vector<const dataset::Picture*> byContent; // in an order that has nothing to do with their names
    for (const dataset::Picture& picture : data.pictures)
        byContent.push_back(&picture);
    std::ranges::sort(byContent, {}, [](const dataset::Picture* p) { return p->sha256; });
    for (const dataset::Picture* picture : byContent) {
        if (picture->side == Side::Validation
            || (picture->side == Side::Training && taken[picture->label]++ < perClass))
            subset.pictures.push_back(*picture);
    }
    return subset;
}

/// Of a training side that holds each picture and then `copies` of each: only the first `wanted` copies.
learn::LabelledFeatures withCopies(const learn::LabelledFeatures& all, int copies, int wanted)
{
    learn::LabelledFeatures some;
    some.channels = all.channels;
    const auto channels = static_cast<std::ptrdiff_t>(all.channels);
    int copy = 0;
    for (std::size_t row = 0; row < all.labels.size(); ++row) {
        const int number = all.augmented[row] ? 1 + copy++ % copies : 0;
        if (number > wanted)
            continue;
        const auto begin = all.values.begin() + static_cast<std::ptrdiff_t>(row) * channels;
        some.values.insert(some.values.end(), begin, begin + channels);
        some.labels.push_back(all.labels[row]);
        some.groups.push_back(all.groups[row]);
        some.augmented.push_back(all.augmented[row]);
    }
    return some;
}

} // namespace

CopyCosts measureCopyCosts(const store::Project& project, const learn::Plan& plan, std::stop_token stop)
{
    const dataset::Dataset data = project.dataset();
    const auto pictures = trainingPicturesOf(data);
    const Workshop workshop(project, plan, static_cast<int>(pictures.size()));
    const TrainingView view = workshop.view();
    constexpr std::size_t some = 16;
    CopyCosts costs;
    costs.trainingPictures = static_cast<int>(pictures.size());
    const auto start = Clock::now();
    const std::vector<TrainingPicture> read = readSome(pictures, some, view, stop);
    costs.secondsPerPicture =
        secondsSince(start) / static_cast<double>(std::max<std::size_t>(1, read.size()));
    if (stop.stop_requested())
        throw Stopped();
    if (read.empty())
        throw Error(project.name(), "has no training pictures that can be read", "Add pictures first.");
    costs.secondsPerCopy = timeCopies(workshop, read, view, stop);
    costs.secondsPerRow = timeLearning(workshop, static_cast<int>(data.classes.size()), stop);
    costs.bytesPerCopy = FeatureCache::bytesPerRow(workshop.channels());
    return costs;
}

CopyEstimate estimate(const CopyCosts& costs, int copies)
{
    CopyEstimate whole;
    whole.rows = static_cast<std::int64_t>(costs.trainingPictures) * (1 + copies);
    const auto pictures = static_cast<double>(costs.trainingPictures);
    const int passes = copies > 0 ? 2 : 1; // the pictures as they are, and then their copies
    whole.seconds = pictures * costs.secondsPerPicture * passes
        + static_cast<double>(whole.rows) * (costs.secondsPerCopy + costs.secondsPerRow);
    whole.disk = whole.rows * costs.bytesPerCopy;
    whole.memory = whole.disk * heldTimes;
    return whole;
}

CopyBudget copyBudget(const store::Project& project)
{
    CopyBudget budget;
    budget.memory = machine().memoryFree / 2;
    std::error_code unknown;
    const auto space = std::filesystem::space(project.folder(), unknown);
    budget.disk = unknown ? 0 : static_cast<std::int64_t>(space.available / 2);
    return budget;
}

int copiesWithin(const CopyCosts& costs, const CopyBudget& budget)
{
    int low = 0;
    int high = mostCopies;
    while (low < high) { // what it takes only grows with the copies
        const int middle = (low + high + 1) / 2;
        const CopyEstimate whole = estimate(costs, middle);
        const bool fits =
            whole.seconds <= budget.seconds && whole.memory <= budget.memory && whole.disk <= budget.disk;
        (fits ? low : high) = fits ? middle : middle - 1;
    }
    return low;
}

std::vector<CopyPoint> measureCopies(const store::Project& project, const learn::Plan& plan,
                                     std::span<const int> counts, int perClass,
                                     const std::function<void(const CopyPoint&)>& each,
                                     const ProgressSink& progress, std::stop_token stop)
{
    const dataset::Dataset data = subsetOf(project.dataset(), perClass);
    const auto pictures = trainingPicturesOf(data);
    if (pictures.size() == data.pictures.size())
        throw Error(project.name(), "has no validation pictures to measure on",
                    "Give validation a share of the pictures.");
    const Workshop workshop(project, plan, static_cast<int>(pictures.size()));
    const int most = counts.back();
    const FeatureSet all = workshop.features(data, most, progress, stop);
    const auto& validation = all.sides[static_cast<int>(Side::Validation)];
    const auto classes = static_cast<int>(data.classes.size());
    std::vector<CopyPoint> points;
    for (const int copies : counts) {
        const learn::FeatureTask task {withCopies(all.sides[static_cast<int>(Side::Training)], most, copies),
                                       validation, classes};
        const learn::LinearModel model = workshop.learn(task, stop);
        points.push_back({copies, linearConfusion(model, validation, classes)});
        if (each)
            each(points.back());
    }
    return points;
}

} // namespace graft::engine
