#include "core/engine/advise.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/engine/advice_evidence.h"
#include "core/engine/data_fingerprint.h"
#include "core/engine/weights.h"
#include "core/learn/advice_json.h"
#include "core/learn/advisor.h"
#include "core/learn/linear_probe.h"
#include "core/learn/logme.h"
#include "core/learn/svm.h"
#include "core/neural/devices.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>
#include <numeric>

namespace graft::engine {

namespace {

using dataset::Side;
using learn::ProbeKind;

constexpr int mostMeasured = 1000; // pictures: more make the advice slower, and hardly surer
constexpr int mostRanked = 240; // pictures that networks are compared on
constexpr int folds = 5;
constexpr double curveShares[] = {0.25, 0.5};

const learn::LabelledFeatures& trainingRows(const FeatureSet& set)
{
    return set.sides[static_cast<int>(Side::Training)];
}

std::vector<std::filesystem::path> someFiles(const dataset::Dataset& sample, std::size_t count)
{
    std::vector<std::filesystem::path> files;
    for (std::size_t i = 0; i < std::min(count, sample.pictures.size()); ++i)
        files.push_back(sample.pictures[i].path);
    return files;
}

/// Throws Error unless these labels can be told apart and cross-validated.
void requireTwoClasses(const store::Project& project, std::span<const std::int64_t> labels)
{
    std::map<std::int64_t, int> counts;
    for (const std::int64_t label : labels)
        ++counts[label];
    if (std::ranges::count_if(counts, [](const auto& entry) { return entry.second > 1; }) >= 2)
        return;
    throw Error(project.name(), "has fewer than two classes with two pictures to learn from",
                "Add pictures: an advice is measured by learning from some and asking about the others.");
}

/// One advice in the making.
class Advising
{
public:
    Advising(store::Project& project, const AdviseOptions& options, const AdviceSink& each,
             const ProgressSink& progress, std::stop_token stop)
        : m_project(project)
        , m_options(options)
        , m_each(each)
        , m_progress(progress)
        , m_stop(std::move(stop))
        , m_data(project.dataset())
    {
    }

    learn::Advice run()
    {
        count();
        wakeTensorLibrary();
        const std::string device = neural::chooseDevice(m_options.device).id;
        const AdviceFeatures network(m_project, m_options.backbone, device);
        const dataset::Dataset sample = trainingSample(m_data, mostMeasured, m_options.seed);
        std::vector<FeatureSet> sets = look(network, sample);
        tryCuts(network, sets);
        drawCurve(sets);
        measurePace(network, sample);
        place(m_advice);
        forecast(m_advice, m_pace);
        recommend(m_advice);
        tell();
        if (m_options.rankBackbones)
            rank(network, sample, device);
        m_advice.seconds = seconds();
        m_advice.created = static_cast<std::uint64_t>(std::time(nullptr));
        m_project.setAdvice(learn::toJson(m_advice));
        tell();
        return m_advice;
    }

private:
    double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }

    void tell()
    {
        if (m_each)
            m_each(m_advice);
    }

    void progress(const char* what, std::int64_t done, std::int64_t total)
    {
        if (m_stop.stop_requested())
            throw Stopped();
        if (m_progress)
            m_progress({what, done, total});
    }

    int classes() const { return m_advice.classes; }

    void count()
    {
        if (m_data.pictures.empty())
            throw Error(m_project.name(), "has no pictures yet",
                        "Import a folder with one sub-folder for each class.");
        requireWeights(m_options.backbone);
        m_advice.backbone = m_options.backbone;
        m_advice.classes = static_cast<int>(m_data.classes.size());
        m_advice.dataFingerprint = dataFingerprint(m_data);
        m_pace.allPictures = static_cast<int>(m_data.pictures.size());
        bool first = true;
        for (const dataset::ClassCount& own : countClasses(m_data)) {
            m_advice.fewest = first ? own.training : std::min(m_advice.fewest, own.training);
            m_advice.most = std::max(m_advice.most, own.training);
            m_advice.pictures += own.training;
            m_pace.testPictures += own.test;
            first = false;
        }
        tell();
    }

    /// At every stage in the order of the network, and what the network says itself at the end.
    std::vector<FeatureSet> look(const AdviceFeatures& network, const dataset::Dataset& sample)
    {
        std::vector<std::string> stages = network.stages();
        stages.emplace_back(AdviceFeatures::imagenetStage);
        std::ranges::reverse(stages); // the first one decides about precision
        std::vector<FeatureSet> sets = network.of(sample, std::move(stages), m_progress, m_stop);
        std::ranges::reverse(sets);
        requireTwoClasses(m_project, trainingRows(sets.front()).labels);
        m_advice.measuredOn = trainingRows(sets.front()).rows();
        const Familiarity familiarity = familiarityOf(trainingRows(sets.back()));
        m_advice.familiarity = familiarity.meanProbability;
        m_advice.oftenSeenAs = familiarity.oftenSeenAs;
        sets.pop_back();
        m_folds = learn::stratifiedFolds(trainingRows(sets.front()), folds, m_options.seed);
        tell();
        return sets;
    }

    learn::HeldOut probe(const learn::LabelledFeatures& rows, ProbeKind kind, double share)
    {
        return learn::crossValidate(rows, m_folds, classes(), kind, share, usableProcessors(), m_stop);
    }

    void tryCuts(const AdviceFeatures& network, const std::vector<FeatureSet>& sets)
    {
        std::vector<learn::HeldOut> machines;
        double svm = 0.0;
        for (std::size_t cut = 0; cut < sets.size(); ++cut) {
            progress("Trying the stages of the network", static_cast<std::int64_t>(cut), std::ssize(sets));
            const learn::LabelledFeatures& rows = trainingRows(sets[cut]);
            const double before = seconds();
            const learn::Answers linear = probe(rows, ProbeKind::Logistic, 1.0).best();
            m_pace.linearSeconds = scaled(seconds() - before); // the last one stays
            const double between = seconds();
            machines.push_back(probe(rows, ProbeKind::Svm, 1.0));
            svm += seconds() - between;
            m_advice.cuts.push_back({network.stages()[cut], rows.channels, linear, machines.back().best()});
            m_advice.chosenSvm = learn::answersOfTheBest(machines);
            tell();
        }
        // All rows once, and again the rows of the other folds for each fold that the choice is measured on.
        m_pace.svmSeconds = scaled(svm) * folds + machineSeconds(sets);
    }

    /// Of the machine itself, with the strategy's own solver, told from some of the pictures at the last
    /// stage.
    double machineSeconds(const std::vector<FeatureSet>& sets) const
    {
        constexpr std::size_t some = 300;
        const learn::LabelledFeatures& last = trainingRows(sets.back());
        std::vector<std::size_t> rows(std::min(some, last.labels.size()));
        std::iota(rows.begin(), rows.end(), std::size_t {0});
        learn::LabelledFeatures fitted = selectRows(last, rows);
        if (std::ranges::count(fitted.labels, fitted.labels.front()) == std::ssize(fitted.labels))
            fitted = last; // the rest of the classes is rare
        const std::vector<double> penalties = learn::SvmOptions().penalties;
        network::Tensor weight;
        network::Tensor bias;
        const double begin = seconds();
        fitSvm(fitted, classes(), penalties[penalties.size() / 2], false, weight, bias);
        const double one = seconds() - begin;
        return one * m_advice.pictures / fitted.rows();
    }

    /// From the pictures measured to all.
    double scaled(double measured) const { return measured * m_advice.pictures / m_advice.measuredOn; }

    void drawCurve(const std::vector<FeatureSet>& sets)
    {
        constexpr double learned = 1.0 - 1.0 / folds;
        const auto point = [&](double share, const learn::Answers& linear) {
            m_advice.curve.push_back(
                {share, static_cast<int>(share * learned * m_advice.measuredOn), linear});
            tell();
        };
        std::int64_t done = 0;
        for (const double share : curveShares) {
            progress("Learning from fewer pictures", done++, std::ssize(curveShares));
            point(share, probe(trainingRows(sets.back()), ProbeKind::Logistic, share).best());
        }
        point(1.0, m_advice.cuts.back().linear);
    }

    void measurePace(const AdviceFeatures& network, const dataset::Dataset& sample)
    {
        constexpr std::size_t some = 48;
        progress("Measuring this computer", 0, 2);
        m_pace.forwardPerSecond = network.forwardPerSecond(someFiles(sample, some));
        progress("Measuring this computer", 1, 2);
        m_pace.trainingPerSecond = network.trainingPerSecond(someFiles(sample, some), classes());
        const auto plan = [&](const char* strategy) {
            return learn::strategy(strategy).complete({}, m_advice.pictures);
        };
        m_pace.finetuneEpochs = plan("finetune").epochs;
        m_pace.finetunePatience = plan("finetune").patience;
        m_pace.scratchEpochs = plan("scratch").epochs;
        m_pace.scratchPatience = plan("scratch").patience;
    }

    void rank(const AdviceFeatures& own, const dataset::Dataset& sample, const std::string& device)
    {
        const dataset::Dataset some = trainingSample(sample, mostRanked, m_options.seed);
        addBackbone(own, some);
        for (const network::BackboneSpec& spec : network::backbones()) {
            if (&spec == own.trunk().spec || !isHere(std::string(spec.id)))
                continue;
            progress("Comparing networks", 0, 0);
            addBackbone(AdviceFeatures(m_project, std::string(spec.id), device), some);
        }
    }

    static bool isHere(const std::string& backbone)
    {
        const WeightsState state = weightsStatus(backbone, false).state;
        return state == WeightsState::Ready || state == WeightsState::Unofficial;
    }

    void addBackbone(const AdviceFeatures& network, const dataset::Dataset& sample)
    {
        constexpr std::size_t timed = 48;
        const std::vector<FeatureSet> sets = network.of(sample, {network.lastStage()}, m_progress, m_stop);
        const learn::LabelledFeatures& rows = trainingRows(sets.front());
        requireTwoClasses(m_project, rows.labels);
        const std::vector<int> parts = learn::stratifiedFolds(rows, folds, m_options.seed);
        const learn::HeldOut probed = learn::crossValidate(rows, parts, classes(), ProbeKind::Logistic, 1.0,
                                                           usableProcessors(), m_stop);
        const bool first = m_advice.backbones.empty(); // the advice's own was timed already
        m_advice.backbones.push_back(
            {std::string(network.trunk().spec->id), learn::logMe(rows, classes()), probed.best(),
             first ? m_pace.forwardPerSecond : network.forwardPerSecond(someFiles(sample, timed))});
        std::ranges::stable_sort(m_advice.backbones, std::greater {}, &learn::BackboneEvidence::logMe);
        tell();
    }

    store::Project& m_project;
    const AdviseOptions& m_options;
    const AdviceSink& m_each;
    const ProgressSink& m_progress;
    std::stop_token m_stop;
    dataset::Dataset m_data;
    learn::Advice m_advice;
    learn::Pace m_pace;
    std::vector<int> m_folds; ///< of the rows
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

} // namespace

learn::Advice advise(store::Project& project, const AdviseOptions& options, const AdviceSink& each,
                     const ProgressSink& progress, std::stop_token stop)
{
    return Advising(project, options, each, progress, std::move(stop)).run();
}

} // namespace graft::engine
