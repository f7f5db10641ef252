#include "core/learn/network_training.h"

#include "core/base/error.h"
#include "core/base/metrics.h"
#include "core/base/pause_control.h"
#include "core/base/process_memory.h"
#include "core/learn/batch_reader.h"
#include "core/learn/batch_step.h"
#include "core/learn/class_weights.h"
#include "core/learn/order.h"
#include "core/learn/schedule.h"
#include "core/learn/time_left.h"
#include "core/learn/validation.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>
#include <sstream>

namespace graft::learn {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double warmUpShare = 0.1; // of all steps
constexpr std::int64_t timedSteps = 100'000; // into how many a budget of minutes is divided for the schedule
constexpr std::string_view cpuId = "cpu";
constexpr std::size_t evaluationBatch = 32; // pictures
constexpr auto tellEvery = std::chrono::milliseconds(100); // BatchDone makes a GPU wait

/// Sums of scores, weighted by pictures.
struct Tally {
    double loss = 0.0;
    double right = 0.0;
    double pictures = 0.0;
    bool finite = true;

    void add(const neural::TrainingScore& score)
    {
        const auto count = static_cast<double>(score.pictures);
        loss += score.loss * count;
        right += score.accuracy * count;
        pictures += count;
        finite = finite && score.finite;
    }

    double meanLoss() const { return pictures > 0.0 ? loss / pictures : 0.0; }

    double accuracy() const { return pictures > 0.0 ? right / pictures : 0.0; }
};

std::string text(double number)
{
    std::ostringstream stream;
    stream.precision(1);
    stream << number;
    return stream.str();
}

/// A training goes on as it began, but on the CPU not in half precision.
neural::Precision precisionOf(const NetworkTask& task)
{
    if (!task.resume)
        return task.precision;
    const neural::Precision begun = task.resume->precision;
    return begun == neural::Precision::Float16 && task.device == cpuId ? neural::Precision::Float32 : begun;
}

class Training
{
public:
    Training(const NetworkTask& task, const Plan& plan, const NetworkHooks& hooks)
        : m_task(task)
        , m_plan(plan)
        , m_hooks(hooks)
        , m_loss {.loss = neural::lossNamed(plan.loss),
                  .labelSmoothing = plan.labelSmoothing,
                  .classWeights = classWeights(task.training.labels, task.classes, plan.classWeights)}
        , m_device(task.device)
        , m_precision(precisionOf(task))
        , m_trainer(newTrainer())
        , m_batch(static_cast<std::size_t>(plan.batch))
        , m_batches(static_cast<std::int64_t>((task.training.labels.size() + m_batch - 1) / m_batch))
        , m_now(task.resume ? *task.resume : Checkpoint())
        , m_clock(hooks.pause, m_now.history.empty() ? 0.0 : m_now.history.back().seconds)
        , m_left({.learned = static_cast<double>(task.training.count()),
                  .measured = static_cast<double>(task.validation.count()),
                  .finally = static_cast<double>(task.picturesAtTheEnd)})
    {
        if (task.resume)
            m_trainer.restore(m_now.trainer);
        else
            m_now.early.patience = plan.patience;
        const std::int64_t steps = timed() ? timedSteps : m_batches * plan.epochs;
        m_schedule = {plan.learningRate, static_cast<std::int64_t>(warmUpShare * static_cast<double>(steps)),
                      steps};
    }

    NetworkModel run()
    {
        bool stopped = false;
        for (int epoch = static_cast<int>(m_now.history.size()) + 1; !over(epoch); ++epoch) {
            EpochDone done;
            done.epoch = epoch;
            try {
                stopped = !learnEpoch(done);
                if (stopped || m_diverged)
                    break;
                finish(done);
            } catch (const neural::DeviceFailed& failure) {
                if (m_fellBack || !canRestore())
                    throw;
                fallBack(failure);
                m_trainer = newTrainer();
                if (!m_now.history.empty())
                    m_trainer.restore(m_now.trainer);
                --epoch; // once more
            }
        }
        if (m_diverged)
            tellDivergence();
        return {
            std::move(m_now.best), std::move(m_now.history), m_now.bestEpoch, stopped, m_device, m_precision};
    }

private:
    neural::TrainerOptions options() const
    {
        return {.device = m_device,
                .precision = m_precision,
                .channelsLast = true,
                .trainFrom = m_plan.trainFrom,
                .batchStatistics = m_plan.batchStatistics == "batch",
                .checkpointing = false,
                .dropout = true,
                .auxiliaryWeight = 0.4, // as torchvision trains InceptionV3
                .loss = m_loss,
                .optimizer = {.optimizer = neural::optimizerNamed(m_plan.optimizer),
                              .momentum = m_plan.momentum,
                              .nesterov = false,
                              .weightDecay = m_plan.weightDecay},
                .stageRates = m_task.stageRates,
                .clipNorm = m_plan.clipNorm};
    }

    neural::Trainer newTrainer()
    {
        try {
            return {m_task.graph, m_task.weights, options()};
        } catch (const neural::DeviceFailed& failure) {
            if (m_fellBack)
                throw;
            fallBack(failure);
        }
        return {m_task.graph, m_task.weights, options()};
    }

    /// From now on the CPU computes. Once only.
    void fallBack(const neural::DeviceFailed& failure)
    {
        m_fellBack = true;
        m_device = cpuId;
        m_precision = neural::Precision::Float32;
        std::string what = failure.happened();
        what.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(what.front())));
        tell(TrainNote {true,
                        what
                            + ". Graft goes on with the processor, from the end of the last epoch; what was "
                              "learned until then is kept."});
    }

    /// Whether the start of the epoch that runs is kept in the computer's own memory.
    bool canRestore() const { return m_now.history.empty() || !m_now.trainer.weights.empty(); }

    bool timed() const { return m_plan.minutes > 0.0; }

    /// Share of the budget that is used up.
    double timeUsed() const
    {
        if (!timed())
            return 0.0;
        return budget() > 0.0 ? m_clock.seconds() / budget() : 1.0;
    }

    bool timeIsOver() const { return timeUsed() >= 1.0; }

    /// Seconds of learning.
    double budget() const { return std::max(0.0, 60.0 * m_plan.minutes - m_task.secondsBefore); }

    /// Of the epoch that runs.
    double epochSeconds() const { return m_clock.seconds() - m_epochBegin; }

    /// Once `ended` epochs are over.
    double secondsLeft(int ended) const
    {
        if (!m_left.isKnown())
            return -1.0;
        if (m_now.early.over())
            return m_left.seconds(0.0);
        return timed() ? m_left.secondsWithin(budget() - m_clock.seconds())
                       : m_left.seconds(m_plan.epochs - ended);
    }

    bool over(int epoch) const
    {
        const bool begun = !m_now.history.empty(); // however little time there was
        return m_now.early.over() || (timed() ? begun && timeIsOver() : epoch > m_plan.epochs);
    }

    double rate(int epoch, std::int64_t batch) const
    {
        if (!timed())
            return m_schedule.rate((epoch - 1) * m_batches + batch);
        const double step = timeUsed() * static_cast<double>(timedSteps);
        return m_schedule.rate(std::min(timedSteps - 1, static_cast<std::int64_t>(step)));
    }

    /// False when it was stopped on the way.
    bool learnEpoch(EpochDone& done)
    {
        const auto order = epochOrder(m_task.training.count(), m_plan.seed, done.epoch);
        BatchReader reader(m_task.training, order, m_batch, static_cast<std::uint32_t>(done.epoch));
        Tally epoch;
        double pictures = 0.0;
        m_epochBegin = m_clock.seconds();
        auto told = Clock::now() - tellEvery;
        for (std::int64_t i = 0; i < m_batches; ++i) {
            holdWhilePaused(m_hooks.pause, m_hooks.stop, m_hooks.sink);
            if (m_hooks.stop.stop_requested())
                return false;
            const ReadBatch batch = reader.next();
            done.learningRate = rate(done.epoch, i);
            pictures += static_cast<double>(batch.size());
            if (batch.size() > 0)
                step(batch, done.learningRate, (done.epoch - 1) * m_batches + i);
            const bool last = i + 1 == m_batches || (pictures > 0.0 && timeIsOver());
            if (Clock::now() - told < tellEvery && !last)
                continue;
            told = Clock::now();
            const neural::TrainingScore score = m_trainer.score();
            m_trainer.resetScore();
            epoch.add(score);
            m_diverged = !epoch.finite;
            if (m_diverged)
                return true;
            m_left.learned(pictures, epochSeconds()); // what was told of had to be computed
            tell(BatchDone {done.epoch, static_cast<int>(i) + 1, static_cast<int>(m_batches), score.loss,
                            score.accuracy, secondsLeft(done.epoch - 1)});
            if (last)
                break;
        }
        if (epoch.pictures == 0.0)
            throw Error("training pictures", "none of them can be read any more",
                        "Your files were not changed. Bring them back to their folder and train again.");
        done.trainLoss = epoch.meanLoss();
        done.trainAccuracy = epoch.accuracy();
        done.picturesPerSecond = pictures / epochSeconds();
        return true;
    }

    void step(const ReadBatch& batch, double learningRate, std::int64_t index)
    {
        constexpr unsigned apart = 20; // bits: seeds of a person are small numbers
        const BatchStep step {.batch = batch,
                              .bytes = m_task.training.bytes,
                              .loss = m_loss,
                              .learningRate = learningRate,
                              .seed = m_plan.seed ^ (static_cast<std::uint64_t>(index) << apart)};
        learnBatch(m_trainer, step, m_now.parts, [this] { tellDivided(); });
    }

    void tellDivided() const
    {
        const std::size_t size = std::max<std::size_t>(1, m_batch / static_cast<std::size_t>(m_now.parts));
        tell(TrainNote {true,
                        "There was not enough memory for " + std::to_string(m_batch)
                            + " pictures at once. Graft goes on with " + std::to_string(size)
                            + " at a time; the result stays the same."});
    }

    void finish(EpochDone& done)
    {
        const double learning = epochSeconds();
        if (m_task.validation.count() > 0)
            validate(done);
        done.seconds = m_clock.seconds();
        done.memoryBytes = residentMemory();
        done.epochs = timed() ? estimatedEpochs(done) : m_plan.epochs;
        const double judged = m_task.validation.count() > 0 ? done.validationLoss : done.trainLoss;
        EarlyStop early = m_now.early;
        done.best = early.better(judged);
        // What a graphics card may fail in comes first, so that a failure leaves the last epoch as it was.
        const bool keeps = m_hooks.checkpoint || m_device != cpuId;
        neural::TrainerState state;
        if (keeps)
            state = m_trainer.state();
        if (done.best) {
            m_now.best = keeps ? state.weights : m_trainer.weights();
            m_now.bestEpoch = done.epoch;
        }
        m_now.early = early;
        m_now.trainer = std::move(state);
        m_now.precision = m_precision;
        m_now.history.push_back(done);
        if (m_hooks.checkpoint)
            m_hooks.checkpoint(m_now);
        m_left.epochEnded(done.picturesPerSecond * learning, learning, epochSeconds() - learning);
        m_now.history.back().secondsLeft = done.secondsLeft = secondsLeft(done.epoch);
        tell(done);
    }

    int estimatedEpochs(const EpochDone& done) const
    {
        const double each = done.seconds / done.epoch;
        return std::max(done.epoch, static_cast<int>(std::ceil(budget() / each)));
    }

    void validate(EpochDone& done)
    {
        const auto parts = static_cast<std::size_t>(m_now.parts);
        const Validation result = learn::validate(m_trainer, m_task.validation, m_task.classes, m_loss.loss,
                                                  std::max<std::size_t>(1, evaluationBatch / parts));
        done.validationLoss = result.loss;
        done.validationAccuracy = result.accuracy;
        if (m_hooks.afterEpoch)
            m_hooks.afterEpoch(done.epoch, result.pictures, result.logits);
    }

    void tellDivergence() const
    {
        const std::string advice =
            "Try a smaller learning rate, such as " + text(0.3 * m_plan.learningRate) + ".";
        if (m_now.bestEpoch == 0)
            throw Error("learning rate", text(m_plan.learningRate) + " is too big: the loss became infinite",
                        advice);
        tell(TrainNote {true,
                        "The loss became infinite, usually because the learning rate is too big. The best "
                        "epoch, "
                            + std::to_string(m_now.bestEpoch) + ", is kept. " + advice});
    }

    void tell(const TrainEvent& event) const
    {
        if (m_hooks.sink)
            m_hooks.sink(event);
    }

    const NetworkTask& m_task;
    const Plan& m_plan;
    const NetworkHooks& m_hooks;
    neural::LossOptions m_loss;
    std::string m_device; ///< that computes now
    neural::Precision m_precision;
    bool m_fellBack = false;
    neural::Trainer m_trainer;
    std::size_t m_batch; ///< pictures
    std::int64_t m_batches; ///< per epoch
    Schedule m_schedule;
    Checkpoint m_now;
    WorkClock m_clock; ///< with earlier sessions
    TimeLeft m_left;
    double m_epochBegin = 0.0; ///< on that clock
    bool m_diverged = false;
};

} // namespace

NetworkModel trainNetwork(const NetworkTask& task, const Plan& plan, const NetworkHooks& hooks)
{
    if (task.training.count() == 0)
        throw Error("training pictures", "there are none", "Add pictures, or give training a larger share.");
    return Training(task, plan, hooks).run();
}

} // namespace graft::learn
