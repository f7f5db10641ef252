#include "core/learn/strategies/linear.h"

#include "core/base/error.h"
#include "core/base/process_memory.h"
#include "core/base/random.h"
#include "core/learn/class_weights.h"
#include "core/learn/early_stop.h"
#include "core/learn/order.h"
#include "core/learn/plan_checks.h"
#include "core/learn/schedule.h"
#include "core/learn/standardiser.h"
#include "core/neural/linear_head.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <sstream>

namespace graft::learn {

namespace {

constexpr double regularisation = 0.01; // C of logistic regression: ½‖w‖² + C · Σ loss
constexpr double ownLearningRate = 0.002;
// Losses on probabilities pass through softmax, which makes their gradients smaller: SGD needs longer steps,
// and weight decay would outweigh them.
constexpr double steeperForProbabilities = 5.0;
constexpr double lighterForProbabilities = 0.1;
constexpr int ownEpochs = 40;
constexpr int ownBatch = 32;
constexpr int ownPatience = 10;
constexpr double warmUpShare = 0.1; // of all steps

std::string text(double number)
{
    std::ostringstream stream;
    stream << number;
    return stream.str();
}

/// Measured on flowers (tests/bench/losses.sh): a head of zeros has a longer way to go than a pretrained
/// network, for which usualRate is made.
double ownRate(const Plan& plan)
{
    switch (neural::optimizerNamed(plan.optimizer)) {
    case neural::Optimizer::Sgd:
        return plan.loss == "cross_entropy" ? ownLearningRate : steeperForProbabilities * ownLearningRate;
    case neural::Optimizer::RmsProp:
        return 0.5 * ownLearningRate;
    case neural::Optimizer::Adagrad:
        return 5.0 * ownLearningRate;
    case neural::Optimizer::AdamW:
        return ownLearningRate;
    }
    return ownLearningRate;
}

Plan complete(Plan plan, int trainingPictures)
{
    if (plan.cut.empty())
        plan.cut = "last";
    if (plan.learningRate == 0.0)
        plan.learningRate = ownRate(plan);
    if (plan.weightDecay < 0.0)
        plan.weightDecay = (plan.loss == "cross_entropy" ? 1.0 : lighterForProbabilities)
            * std::min(10.0, 1.0 / (regularisation * std::max(1, trainingPictures)));
    if (plan.epochs == 0)
        plan.epochs = ownEpochs;
    if (plan.batch == 0)
        plan.batch = ownBatch;
    if (plan.patience < 0)
        plan.patience = ownPatience;
    if (plan.clipNorm < 0.0)
        plan.clipNorm = 0.0;
    if (plan.headDropout < 0.0)
        plan.headDropout = 0.0;
    requireSensible(plan);
    return plan;
}

void requireUsable(const LabelledFeatures& features, int channels, int classes, const char* subject)
{
    const auto rows = features.labels.size();
    if (features.values.size() != rows * static_cast<std::size_t>(channels))
        throw Error(subject, "there must be one label for each row of features",
                    "Compute the features again.");
    if (!std::ranges::all_of(features.labels,
                             [&](std::int64_t label) { return label >= 0 && label < classes; }))
        throw Error(subject, "a label belongs to no class", "Import the pictures again.");
    if (!std::ranges::all_of(features.values, [](float value) { return std::isfinite(value); }))
        throw Error(subject, "the features hold numbers that are not finite",
                    "Train with the precision float32, and check the backbone's weights.");
}

void requireUsable(const FeatureTask& task)
{
    if (task.classes < 2)
        throw Error("classes", "there is only one", "Add a second class: a folder with other pictures.");
    if (task.training.rows() == 0 || task.training.channels < 1)
        throw Error("training pictures", "there are none", "Add pictures, or give training a larger share.");
    requireUsable(task.training, task.training.channels, task.classes, "training pictures");
    requireUsable(task.validation, task.training.channels, task.classes, "validation pictures");
}

/// Drops each number with this probability and makes the others larger, so that the expectation stays. What
/// is dropped depends on seed, epoch and row alone (N. Srivastava et al., "Dropout: a simple way to prevent
/// neural networks from overfitting", 2014).
void dropOut(std::span<float> row, double probability, std::uint64_t seed, int epoch, std::int64_t index)
{
    constexpr std::uint32_t dropoutDraws = 3; // keeps these draws apart from those of other uses
    constexpr double words = 4294967296.0; // 2^32
    const auto limit = static_cast<std::uint32_t>(probability * words);
    const auto kept = static_cast<float>(1.0 / (1.0 - probability));
    for (std::size_t i = 0; i < row.size();) {
        const auto drawn =
            philox({static_cast<std::uint32_t>(i), dropoutDraws, static_cast<std::uint32_t>(epoch),
                    static_cast<std::uint32_t>(index)},
                   {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)});
        for (std::size_t word = 0; word < drawn.size() && i < row.size(); ++word, ++i)
            row[i] = drawn[word] < limit ? 0.0F : row[i] * kept;
    }
}

class Training
{
public:
    Training(const FeatureTask& task, const Plan& plan, const TrainHooks& hooks)
        : m_task(task)
        , m_plan(plan)
        , m_hooks(hooks)
        , m_standardiser(task.training)
        , m_training(m_standardiser.apply(task.training.values))
        , m_validation(m_standardiser.apply(task.validation.values))
        , m_head(task.training.channels, task.classes,
                 {.loss = neural::lossNamed(plan.loss),
                  .labelSmoothing = plan.labelSmoothing,
                  .classWeights = classWeights(task.training.labels, task.classes, plan.classWeights)},
                 {.optimizer = neural::optimizerNamed(plan.optimizer),
                  .momentum = plan.momentum,
                  .nesterov = false,
                  .weightDecay = plan.weightDecay},
                 plan.clipNorm)
        , m_batches((task.training.rows() + plan.batch - 1) / plan.batch)
        , m_clock(hooks.pause)
    {
        const std::int64_t steps = std::int64_t {m_batches} * plan.epochs;
        m_early.patience = m_validation.empty()
            ? 0
            : plan.patience; // the loss of what it learned from says nothing of new pictures
        m_schedule = {plan.learningRate, static_cast<std::int64_t>(warmUpShare * static_cast<double>(steps)),
                      steps};
    }

    LinearModel run()
    {
        for (int epoch = 1; epoch <= m_plan.epochs && !m_early.over(); ++epoch) {
            EpochDone done;
            if (!step(epoch, done)) {
                m_best.stopped = true;
                break;
            }
            finish(done);
        }
        return std::move(m_best);
    }

private:
    /// All batches of one epoch; false when it was stopped on the way.
    bool step(int epoch, EpochDone& done)
    {
        const auto rows = epochOrder(m_task.training.rows(), m_plan.seed, epoch);
        const std::span<const std::int64_t> order(rows);
        double loss = 0.0;
        double correct = 0.0;
        std::size_t seen = 0;
        for (int batch = 0; batch < m_batches; ++batch) {
            holdWhilePaused(m_hooks.pause, m_hooks.stop, m_hooks.sink);
            if (m_hooks.stop.stop_requested())
                return false;
            const auto size = std::min(static_cast<std::size_t>(m_plan.batch), order.size() - seen);
            done.learningRate = m_schedule.rate(std::int64_t {epoch - 1} * m_batches + batch);
            const neural::HeadScore score = learn(order.subspan(seen, size), epoch, done.learningRate);
            seen += size;
            loss += score.loss * static_cast<double>(size);
            correct += score.accuracy * static_cast<double>(size);
            tell(BatchDone {epoch, batch + 1, m_batches, score.loss, score.accuracy});
        }
        done.epoch = epoch;
        done.epochs = m_plan.epochs;
        done.trainLoss = loss / static_cast<double>(seen);
        done.trainAccuracy = correct / static_cast<double>(seen);
        return true;
    }

    neural::HeadScore learn(std::span<const std::int64_t> rows, int epoch, double rate)
    {
        if (m_plan.headDropout == 0.0)
            return m_head.step(m_training, m_task.training.labels, rows, rate);
        const auto channels = static_cast<std::size_t>(m_task.training.channels);
        std::vector<float> dropped;
        std::vector<std::int64_t> labels;
        std::vector<std::int64_t> all;
        for (const std::int64_t row : rows) {
            const auto values =
                std::span(m_training).subspan(static_cast<std::size_t>(row) * channels, channels);
            dropped.insert(dropped.end(), values.begin(), values.end());
            dropOut(std::span(dropped).last(channels), m_plan.headDropout, m_plan.seed, epoch, row);
            labels.push_back(m_task.training.labels[static_cast<std::size_t>(row)]);
            all.push_back(std::ssize(all));
        }
        return m_head.step(dropped, labels, all, rate);
    }

    /// Measures the epoch, keeps it where it is the best so far, and tells.
    void finish(EpochDone& done)
    {
        double judged = 0.0;
        if (m_validation.empty()) {
            judged = m_head.score(m_training, m_task.training.labels).loss + penalty();
        } else {
            const neural::HeadScore score = m_head.score(m_validation, m_task.validation.labels);
            done.validationLoss = judged = score.loss;
            done.validationAccuracy = score.accuracy;
        }
        if (!std::isfinite(judged))
            throw Error("learning rate",
                        text(m_plan.learningRate) + " is too high: the loss is no longer a number",
                        "Choose a smaller one, or leave the choice to Graft.");
        done.best = m_early.better(judged);
        done.seconds = m_clock.seconds();
        done.picturesPerSecond = done.epoch * static_cast<double>(m_task.training.rows()) / done.seconds;
        done.secondsLeft = done.seconds / done.epoch * (m_plan.epochs - done.epoch);
        done.memoryBytes = residentMemory();
        m_best.history.push_back(done);
        if (done.best) {
            m_best.bestEpoch = done.epoch;
            current(m_best);
        }
        tell(done);
        if (m_hooks.afterEpoch) {
            LinearModel now;
            now.history = m_best.history;
            now.bestEpoch = m_best.bestEpoch;
            current(now);
            m_hooks.afterEpoch(done.epoch, now);
        }
    }

    /// What weight decay adds to the loss that the steps minimise.
    double penalty() const
    {
        const std::vector<float> weight = m_head.weight().values;
        return 0.5 * m_plan.weightDecay
            * std::inner_product(weight.begin(), weight.end(), weight.begin(), 0.0);
    }

    void current(LinearModel& model) const
    {
        model.weight = m_head.weight();
        model.bias = m_head.bias();
        m_standardiser.fold(model.weight, model.bias);
    }

    void tell(const TrainEvent& event) const
    {
        if (m_hooks.sink)
            m_hooks.sink(event);
    }

    const FeatureTask& m_task;
    const Plan& m_plan;
    const TrainHooks& m_hooks;
    Standardiser m_standardiser;
    std::vector<float> m_training; ///< standardised
    std::vector<float> m_validation;
    neural::LinearHead m_head;
    int m_batches; ///< per epoch
    Schedule m_schedule;
    LinearModel m_best;
    EarlyStop m_early;
    WorkClock m_clock;
};

LinearModel train(const FeatureTask& task, const Plan& plan, const TrainHooks& hooks)
{
    requireUsable(task);
    return Training(task, plan, hooks).run();
}

} // namespace

StrategySpec linearStrategy()
{
    return {"linear", "Linear classifier",
            "Few pictures of everyday things: keeps the pretrained network as it is and learns only the last "
            "step. "
            "Done in seconds.",
            complete, train};
}

} // namespace graft::learn
