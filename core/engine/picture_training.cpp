#include "core/base/error.h"
#include "core/engine/cross_validation.h"
#include "core/engine/data_fingerprint.h"
#include "core/engine/machine.h"
#include "core/engine/precision.h"
#include "core/engine/training_pictures.h"
#include "core/engine/training_run.h"
#include "core/learn/checkpoint.h"
#include "core/network/cut.h"
#include "core/neural/training_probe.h"

#include <algorithm>
#include <cmath>
#include <mutex>

namespace graft::engine {

namespace {

using dataset::Side;

/// Problems of the threads that read, told on the thread that trains.
class Problems
{
public:
    void add(const PictureProblem& problem)
    {
        const std::scoped_lock lock(m_mutex);
        m_problems.push_back(problem);
    }

    void tellTo(TrainingRun& run)
    {
        std::vector<PictureProblem> problems;
        {
            const std::scoped_lock lock(m_mutex);
            problems.swap(m_problems);
        }
        for (const PictureProblem& problem : problems)
            run.tellProblem(problem);
    }

private:
    std::mutex m_mutex;
    std::vector<PictureProblem> m_problems;
};

/// The pictures' size: the network's own, or what the plan says, with as much around the crop.
PreprocessSpec preprocessOf(const TrainingRun& run)
{
    PreprocessSpec spec = run.trunk.preprocess;
    if (const int size = run.plan().inputSize; size > 0 && size != spec.crop) {
        spec.resize = std::max(
            size, static_cast<int>(std::lround(static_cast<double>(spec.resize) * size / spec.crop)));
        spec.crop = size;
    }
    return spec;
}

/// Of what is free, half is left to the network and to other programs.
std::int64_t memoryForPictures()
{
    return machine().memoryFree / 2;
}

class PictureTraining
{
public:
    PictureTraining(TrainingRun& run, const learn::LearnFromPictures& way)
        : m_run(run)
        , m_way(way)
        , m_preprocess(preprocessOf(run))
        , m_stage(network::stageOf(*run.trunk.spec, run.plan().cut))
        , m_view(std::make_shared<TrainingView>(m_preprocess, augment::readRecipe(run.plan().recipe),
                                                run.plan().seed))
        , m_clock(run.pause.get())
    {
        m_pictures = dataFingerprint(run.data);
        const bool auxiliary = run.plan().init == "random"; // whose lower layers it teaches
        const network::Graph backbone =
            run.trunk.spec->build({.inputSize = m_preprocess.crop, .auxiliary = auxiliary});
        m_graph = network::classifierOn(backbone, m_stage, run.classes(),
                                        auxiliary ? network::Auxiliary::Keep : network::Auxiliary::Drop,
                                        {network::poolingNamed(run.plan().pooling),
                                         std::max(0.0, run.plan().headDropout)}); // a run of before has none
        m_weights = network::randomWeights(m_graph, run.plan().seed);
        for (auto& [name, tensor] : network::weightsOf(m_graph, run.trunk.weights))
            m_weights.insert_or_assign(name, tensor);
    }

    /// Without a model where it was stopped before the first epoch ended.
    void train()
    {
        m_run.announce();
        learn::RunResult& result = m_run.record.result;
        result.device = m_run.device.id;
        result.precision = neural::idOf(neural::Precision::Float32);
        if (m_run.resumed && std::filesystem::exists(m_run.checkpointFile()))
            m_resume = std::make_shared<learn::Checkpoint>(
                learn::loadCheckpoint(m_run.checkpointFile(), m_pictures));
        if (m_way.headFirst && !m_resume && !beginWithHead())
            return;
        const learn::NetworkModel model = learnNetwork();
        result.history = model.history;
        result.epochs = static_cast<int>(model.history.size());
        result.bestEpoch = model.bestEpoch;
        result.device = m_run.device.id = model.device;
        result.precision = neural::idOf(model.precision);
        if (model.bestEpoch == 0)
            return;
        if (!model.stopped)
            checkFolds(model);
        const double seconds = model.history.back().seconds;
        const auto count = static_cast<double>(m_run.pictures(Side::Training).size());
        result.imagesPerSecond = seconds > 0.0 ? count * result.epochs / seconds : 0.0;
        measure(model);
    }

    /// Learns on the fold's training side and answers its test side. Throws Stopped.
    ConfusionMatrix answerFold(const std::string& what)
    {
        if (m_way.headFirst && !beginWithHead())
            throw Stopped();
        learn::NetworkHooks hooks;
        hooks.stop = m_run.stop;
        hooks.pause = m_run.pause.get();
        hooks.sink = [&](const TrainEvent& event) {
            if (const auto* done = std::get_if<EpochDone>(&event))
                m_run.tell(TrainPreparing {what, done->epoch, done->epochs, 0.0});
        };
        const learn::NetworkModel model = learn::trainNetwork(task(), m_run.plan(), hooks);
        if (model.stopped || model.bestEpoch == 0)
            throw Stopped();
        neural::Interpreter network = answeringWith(model.weights);
        return confusion(network, Side::Test);
    }

private:
    /// On small data, where the time allows.
    void checkFolds(const learn::NetworkModel& model)
    {
        constexpr double longest = 30.0; // minutes
        auto folds = foldsOfSmallData(m_run.data, m_run.plan().seed);
        if (folds.empty())
            return;
        learn::Plan plan = m_run.plan();
        plan.precision = m_run.record.result.precision; // as the run itself
        if (plan.minutes > 0.0)
            plan.epochs = static_cast<int>(model.history.size());
        const double each = model.history.back().seconds / static_cast<double>(model.history.size());
        const double expected = each * plan.epochs * static_cast<double>(folds.size()) / 60.0;
        const double left = plan.minutes > 0.0 ? plan.minutes - m_clock.seconds() / 60.0 : longest;
        if (expected > left) {
            m_run.tell(TrainNote {true,
                                  "There are few pictures, so the accuracy is uncertain. To check it in "
                                      + std::to_string(folds.size()) + " folds would take about "
                                      + std::to_string(static_cast<int>(std::ceil(expected)))
                                      + " minutes more, so that was left out."});
            return;
        }
        plan.minutes = 0.0;
        m_run.record.result.crossValidation =
            crossValidate(m_run, std::move(folds), plan, [&](TrainingRun& fold, const std::string& what) {
                return PictureTraining(fold, m_way).answerFold(what);
            });
    }

    SampleSource source(Side side, std::int64_t memory)
    {
        return trainingPictures(m_run.pictures(side), m_view, memory,
                                [this](const PictureProblem& problem) { m_problems.add(problem); });
    }

    bool beginWithHead()
    {
        auto head = learnHead(m_run, m_stage);
        if (!head)
            return false;
        m_weights.insert_or_assign("graft_head.weight", std::move(head->weight));
        m_weights.insert_or_assign("graft_head.bias", std::move(head->bias));
        return true;
    }

    /// The last stage, the new classifier, learns at the full rate, each one below at less.
    std::vector<neural::StageRate> stageRates() const
    {
        std::vector<neural::StageRate> rates;
        double factor = 1.0;
        for (auto stage = m_graph.stages.rbegin(); stage != m_graph.stages.rend(); ++stage) {
            rates.push_back({stage->name, factor});
            factor *= m_way.stageDecay;
        }
        std::ranges::reverse(rates);
        return rates;
    }

    int picturesAtTheEnd() const
    {
        const std::size_t test = m_run.measureTest ? m_run.pictures(Side::Test).size() : 0;
        return static_cast<int>(m_run.pictures(Side::Validation).size() + test);
    }

    /// Auto measures where the training is long enough to win that time back.
    neural::Precision precision()
    {
        constexpr std::int64_t worthPictures = 3000; // to learn from, over all epochs
        constexpr double worthMinutes = 1.0;
        constexpr std::size_t most = 8; // pictures to measure on
        if (m_resume)
            return m_resume->precision;
        if (const auto named = precisionOf(m_run.plan().precision))
            return *named;
        const SampleSource pictures = source(Side::Training, 0);
        const neural::Precision rounded = neural::shortNumbersOf(m_run.device.id);
        const bool isLong = m_run.plan().minutes > worthMinutes
            || pictures.count() * std::int64_t {m_run.plan().epochs} > worthPictures;
        if (rounded == neural::Precision::Float32 || !isLong)
            return neural::Precision::Float32;
        std::vector<std::size_t> wanted;
        for (std::size_t i = 0; i < most; ++i)
            wanted.push_back(i * pictures.labels.size() / most);
        std::vector<std::uint8_t> pixels(most * pictures.bytes);
        const auto read = pictures.read(wanted, 1, pixels);
        if (read.empty())
            return neural::Precision::Float32;
        std::vector<std::int64_t> labels;
        for (const std::size_t picture : read)
            labels.push_back(pictures.labels[picture]);
        neural::TrainerOptions options;
        options.device = m_run.device.id;
        options.trainFrom = m_run.plan().trainFrom;
        options.batchStatistics = m_run.plan().batchStatistics == "batch";
        options.loss.loss = neural::lossNamed(m_run.plan().loss);
        return neural::probeTraining(
                   m_graph, m_weights,
                   {std::span(pixels).first(read.size() * pictures.bytes), static_cast<int>(read.size())},
                   labels, options, rounded)
            .chosen;
    }

    learn::NetworkTask task()
    {
        const std::int64_t memory = memoryForPictures();
        const auto training = std::ssize(m_run.pictures(Side::Training));
        const auto validation = std::ssize(m_run.pictures(Side::Validation));
        const std::int64_t all = std::max<std::int64_t>(1, training + validation);
        return {.graph = m_graph,
                .weights = m_weights,
                .training = source(Side::Training, memory / all * training),
                .validation = source(Side::Validation, memory / all * validation),
                .classes = m_run.classes(),
                .device = m_run.device.id,
                .precision = precision(),
                .stageRates = stageRates(),
                .resume = m_resume,
                .secondsBefore = m_clock.seconds(),
                .picturesAtTheEnd = picturesAtTheEnd()};
    }

    learn::NetworkModel learnNetwork()
    {
        const std::vector<const dataset::Picture*> validation = m_run.pictures(Side::Validation);
        const learn::NetworkHooks hooks {
            .sink =
                [&](const TrainEvent& event) {
                    m_problems.tellTo(m_run);
                    m_run.tell(event);
                },
            .stop = m_run.stop,
            .pause = m_run.pause.get(),
            .checkpoint = [&](const learn::Checkpoint& now) { keep(now); },
            .afterEpoch =
                [&](int epoch, std::span<const std::size_t> pictures, std::span<const float> logits) {
                    std::vector<const dataset::Picture*> read;
                    for (const std::size_t index : pictures)
                        read.push_back(validation[index]);
                    m_run.tellGuesses(epoch, read, logits);
                }};
        return learn::trainNetwork(task(), m_run.plan(), hooks);
    }

    /// A disk that is full costs the way back, not the training.
    void keep(const learn::Checkpoint& now)
    {
        try {
            learn::saveCheckpoint(m_run.checkpointFile(), now, m_pictures);
        } catch (const Error& error) {
            if (!m_toldCheckpoint)
                m_run.tell(TrainNote {true,
                                      std::string("This training could not be continued if it were "
                                                  "interrupted now: ")
                                          + error.what()});
            m_toldCheckpoint = true;
        }
    }

    void measure(const learn::NetworkModel& model)
    {
        neural::Interpreter network = answeringWith(model.weights);
        m_run.record.result.validation = confusion(network, Side::Validation);
        if (m_run.measureTest)
            m_run.record.result.test = confusion(network, Side::Test);
        m_problems.tellTo(m_run);
        m_run.saveModel(network::withoutAuxiliary(m_graph), model.weights, m_stage, m_preprocess,
                        static_cast<int>(m_run.pictures(Side::Training).size()));
        if (!m_run.stop.stop_requested()) {
            std::error_code notThere;
            std::filesystem::remove(m_run.checkpointFile(), notThere);
        }
    }

    neural::Interpreter answeringWith(network::TensorMap weights) const
    {
        const network::Graph graph = network::withoutAuxiliary(m_graph);
        network::keepOnly(graph, weights);
        return answering(graph, weights, m_run.device.id);
    }

    ConfusionMatrix confusion(neural::Interpreter& network, Side side)
    {
        constexpr std::size_t batch = 16;
        const SampleSource pictures = source(side, 0);
        const auto classes = static_cast<std::size_t>(m_run.classes());
        ConfusionMatrix matrix(m_run.classes());
        std::vector<std::uint8_t> pixels(batch * pictures.bytes);
        for (std::size_t begin = 0; begin < pictures.labels.size(); begin += batch) {
            std::vector<std::size_t> wanted;
            for (std::size_t i = begin; i < std::min(begin + batch, pictures.labels.size()); ++i)
                wanted.push_back(i);
            const auto read = pictures.read(wanted, 0, pixels);
            if (read.empty())
                continue;
            const auto logits = network.run(
                {std::span(pixels).first(read.size() * pictures.bytes), static_cast<int>(read.size())});
            for (std::size_t i = 0; i < read.size(); ++i) {
                const auto row = std::span(logits).subspan(i * classes, classes);
                matrix.add(static_cast<int>(pictures.labels[read[i]]),
                           static_cast<int>(std::ranges::max_element(row) - row.begin()));
            }
        }
        return matrix;
    }

    TrainingRun& m_run;
    learn::LearnFromPictures m_way;
    PreprocessSpec m_preprocess;
    std::string m_stage;
    std::shared_ptr<const TrainingView> m_view;
    WorkClock m_clock; ///< since the run began
    network::Graph m_graph;
    network::TensorMap m_weights;
    Problems m_problems;
    std::string m_pictures; ///< their fingerprint
    std::shared_ptr<const learn::Checkpoint> m_resume;
    bool m_toldCheckpoint = false;
};

} // namespace

void trainOnPictures(TrainingRun& run, const learn::LearnFromPictures& way)
{
    PictureTraining(run, way).train();
}

} // namespace graft::engine
