#include "core/engine/train.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/answer_network.h"
#include "core/engine/cached_features.h"
#include "core/engine/data_fingerprint.h"
#include "core/engine/linear_answers.h"
#include "core/engine/machine.h"
#include "core/engine/run_recorder.h"
#include "core/engine/trunk.h"
#include "core/network/cut.h"
#include "core/network/weights/catalogue.h"
#include "core/neural/devices.h"
#include "core/share/model_file.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <new>
#include <optional>
#include <set>

namespace graft::engine {

namespace {

using dataset::Side;

std::string now()
{
    const std::time_t time = std::time(nullptr);
    std::tm utc {};
    gmtime_r(&time, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

void requireTrainable(const store::Project& project, const dataset::Dataset& data)
{
    if (data.pictures.empty())
        throw Error(project.name(), "has no pictures yet",
                    "Import a folder with one sub-folder for each class.");
    std::set<int> usable;
    for (const dataset::Picture& picture : data.pictures) {
        if (picture.side == Side::Training)
            usable.insert(picture.label);
    }
    if (usable.size() < 2)
        throw Error(project.name(),
                    "has " + std::string(usable.empty() ? "no class" : "only one class")
                        + " with pictures to learn from",
                    "Telling apart needs at least two: add a folder with pictures of something else.");
}

/// Everything one run holds together while it trains.
class LinearRun
{
public:
    LinearRun(store::Project& project, store::RunRecord& record, dataset::Dataset data, RunRecorder& tell,
              std::stop_token stop)
        : m_project(project)
        , m_record(record)
        , m_data(std::move(data))
        , m_tell(tell)
        , m_stop(std::move(stop))
        , m_device(neural::chooseDevice(record.plan.device))
        , m_trunk(loadTrunk(record.plan.backbone))
        , m_stage(network::stageOf(*m_trunk.spec, record.plan.cut))
    {
    }

    void run(); ///< ends early, without a model, where it is stopped before the first epoch ended

private:
    void announce();
    FeatureSet readFeatures();
    learn::LinearModel learn(FeatureSet& features);
    void guess(int epoch, const learn::LinearModel& model, const FeatureSet& features);
    void saveModel(const learn::LinearModel& model, int trainingPictures);

    store::Project& m_project;
    store::RunRecord& m_record;
    dataset::Dataset m_data;
    RunRecorder& m_tell;
    std::stop_token m_stop;
    neural::Device m_device;
    Trunk m_trunk;
    std::string m_stage;
};

void LinearRun::announce()
{
    const auto count = [&](Side side) {
        return static_cast<int>(std::ranges::count(m_data.pictures, side, &dataset::Picture::side));
    };
    m_tell(TrainStarted {.run = m_record.id,
                         .title = std::string(learn::strategy(m_record.plan.strategy).title) + " on "
                             + std::string(m_trunk.spec->title),
                         .device = m_device.title,
                         .epochs = m_record.plan.epochs,
                         .trainingPictures = count(Side::Training),
                         .validationPictures = count(Side::Validation),
                         .testPictures = count(Side::Test),
                         .classes = m_data.classes});
}

FeatureSet LinearRun::readFeatures()
{
    const auto start = std::chrono::steady_clock::now();
    const auto progress = [&](const Progress& p) {
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        m_tell(TrainPreparing {p.what, static_cast<int>(p.done), static_cast<int>(p.total),
                               seconds > 0.0 ? static_cast<double>(p.done) / seconds : 0.0});
    };
    FeatureSet features = cachedFeatures(
        m_data, m_project.cacheFolder(), m_trunk.weightsSha256, m_trunk.preprocess,
        network::featureChannels(m_trunk.graph, m_stage), [&]() -> const Trunk& { return m_trunk; },
        {.stage = m_stage, .precision = m_record.plan.precision, .device = m_device.id}, progress, m_stop);
    for (const PictureProblem& problem : features.problems)
        m_tell(TrainNote {true, problem.reason + " This run goes on without it."});
    const std::set<std::int64_t> left(features.sides[0].labels.begin(), features.sides[0].labels.end());
    if (!features.stopped && left.size() < 2)
        throw Error(
            m_project.name(),
            "too few of its pictures can still be read: fewer than two classes are left to learn from",
            "Your files were not changed. Bring the pictures back to " + m_data.root.string()
                + ", or import the folder again.");
    return features;
}

learn::LinearModel LinearRun::learn(FeatureSet& features)
{
    learn::FeatureTask task {std::move(features.sides[0]), features.sides[1],
                             static_cast<int>(m_data.classes.size())};
    const learn::TrainHooks hooks {
        .sink = [&](const TrainEvent& event) { m_tell(event); },
        .afterEpoch = [&](int epoch, const learn::LinearModel& model) { guess(epoch, model, features); },
        .stop = m_stop};
    const learn::StrategySpec& spec = learn::strategy(m_record.plan.strategy);
    const auto* train = std::get_if<learn::LearnFromFeatures>(&spec.way);
    if (!train)
        throw Error(std::string(spec.title), "is not yet offered here", "Choose linear or svm.");
    return (*train)(task, m_record.plan, hooks);
}

/// A few validation pictures, spread over the classes, that stay the same in every epoch.
void LinearRun::guess(int epoch, const learn::LinearModel& model, const FeatureSet& features)
{
    constexpr std::size_t wanted = 5;
    const auto& side = features.sides[static_cast<int>(Side::Validation)];
    const auto rows = static_cast<std::size_t>(side.rows());
    Guesses event {epoch, {}};
    const std::size_t shown = std::min(wanted, rows);
    for (std::size_t i = 0; i < shown; ++i) {
        const std::size_t row = (2 * i + 1) * rows / (2 * shown);
        const auto probabilities = linearProbabilities(model, side, row);
        const auto best = std::ranges::max_element(probabilities);
        event.guesses.push_back({features.pictures[static_cast<int>(Side::Validation)][row]->path.string(),
                                 static_cast<int>(side.labels[row]),
                                 static_cast<int>(best - probabilities.begin()), *best});
    }
    if (!event.guesses.empty())
        m_tell(event);
}

void LinearRun::saveModel(const learn::LinearModel& model, int trainingPictures)
{
    const network::Graph graph =
        network::classifierOn(m_trunk.graph, m_stage, static_cast<int>(m_data.classes.size()));
    network::TensorMap all = m_trunk.weights;
    all.insert_or_assign("graft_head.weight", model.weight);
    all.insert_or_assign("graft_head.bias", model.bias);
    share::Model file {.card = {.title = m_project.name() + ", " + m_record.id,
                                .classes = m_data.classes,
                                .backbone = m_trunk.weightsId,
                                .cut = m_stage,
                                .preprocess = m_trunk.preprocess,
                                .plan = m_record.plan,
                                .validation = m_record.result.validation,
                                .test = m_record.result.test,
                                .trainingPictures = trainingPictures,
                                .dataFingerprint = dataFingerprint(m_data),
                                .weightsSha256 = m_trunk.weightsSha256,
                                .weightsLicence = m_trunk.licence,
                                .created = now(),
                                .program = std::string("Graft ") + version()},
                       .weights = network::weightsOf(graph, all),
                       .selfCheck = {}};
    neural::Interpreter network = answeringNetwork(file, m_device.id);
    file.selfCheck = selfCheckLogits(network, file.card.preprocess);
    share::saveModel(m_project.modelFile(m_record.id), file);
}

void LinearRun::run()
{
    announce();
    if (!m_device.why.empty())
        m_tell(TrainNote {false, m_device.why});
    FeatureSet features = readFeatures();
    learn::RunResult& result = m_record.result;
    result.device = m_device.id;
    result.precision = features.precision;
    if (features.computed > 0 && features.seconds > 0.0)
        result.imagesPerSecond = static_cast<double>(features.computed) / features.seconds;
    if (features.stopped)
        return;
    const int trainingPictures = features.sides[0].rows();
    const learn::LinearModel model = learn(features);
    result.history = model.history;
    result.epochs = static_cast<int>(model.history.size());
    result.bestEpoch = model.bestEpoch;
    if (model.bestEpoch == 0)
        return;
    const int classes = static_cast<int>(m_data.classes.size());
    result.validation = linearConfusion(model, features.sides[static_cast<int>(Side::Validation)], classes);
    result.test = linearConfusion(model, features.sides[static_cast<int>(Side::Test)], classes);
    saveModel(model, trainingPictures);
    m_record.hasModel = true;
}

/// Trains and turns every failure into the record's state.
void runAndRecord(store::Project& project, store::RunRecord& record, dataset::Dataset data, RunRecorder& tell,
                  const std::stop_token& stop)
{
    const auto start = std::chrono::steady_clock::now();
    const auto fail = [&](const std::string& problem) {
        record.state = store::RunState::Failed;
        record.problem = problem;
    };
    try {
        LinearRun run(project, record, std::move(data), tell, stop);
        run.run();
        record.state = stop.stop_requested() ? store::RunState::Stopped : store::RunState::Finished;
    } catch (const Error& error) {
        fail(error.what());
    } catch (const std::bad_alloc&) {
        fail("Not enough memory for this training. Your pictures are safe. Close other programs and try "
             "again.");
    } catch (const std::exception& error) {
        fail("This training failed in an unexpected way (" + std::string(error.what())
             + "). Your pictures are safe. Please report this.");
    }
    record.result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Outcome outcomeOf(store::RunState state)
{
    switch (state) {
    case store::RunState::Finished:
        return Outcome::Finished;
    case store::RunState::Stopped:
        return Outcome::Stopped;
    case store::RunState::Running:
    case store::RunState::Failed:
        break;
    }
    return Outcome::Failed;
}

} // namespace

store::RunRecord train(store::Project& project, const learn::Plan& plan, const TrainSink& sink,
                       std::stop_token stop)
{
    dataset::Dataset data = project.dataset();
    requireTrainable(project, data);
    const auto training = std::ranges::count(data.pictures, Side::Training, &dataset::Picture::side);
    const learn::Plan complete = learn::strategy(plan.strategy).complete(plan, static_cast<int>(training));
    network::stageOf(network::backbone(network::backboneOfWeights(complete.backbone)),
                     complete.cut); // throws where there is no such stage
    requireWeights(complete.backbone);
    wakeTensorLibrary(); // the number of threads is part of the device's title
    neural::chooseDevice(complete.device);
    store::RunRecord record = project.addRun(complete);
    RunRecorder tell(project.runFolder(record.id), sink);
    runAndRecord(project, record, std::move(data), tell, stop);
    try {
        project.updateRun(record);
    } catch (const Error& error) {
        record.state = store::RunState::Failed;
        record.problem = error.what();
    }
    tell(TrainEnded {outcomeOf(record.state), record.hasModel, record.problem});
    return record;
}

} // namespace graft::engine
