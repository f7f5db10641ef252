#include "core/learn/strategies/svm.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/base/process_memory.h"
#include "core/learn/class_weights.h"
#include "core/learn/head_logits.h"
#include "core/learn/plan_checks.h"
#include "core/learn/rbf_svm.h"
#include "core/learn/svm.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iomanip>
#include <span>
#include <sstream>

namespace graft::learn {

namespace {

Plan complete(Plan plan, int)
{
    if (plan.cut.empty())
        plan.cut = "auto";
    // An SVM has its own loss and solver: what a plan says of epochs is not used, and has to be sensible.
    if (plan.learningRate == 0.0)
        plan.learningRate = 1.0;
    if (plan.weightDecay < 0.0)
        plan.weightDecay = 0.0;
    if (plan.patience < 0)
        plan.patience = 0;
    if (plan.clipNorm < 0.0)
        plan.clipNorm = 0.0;
    if (plan.headDropout < 0.0)
        plan.headDropout = 0.0;
    plan.epochs = 1;
    plan.batch = 1;
    requireSensible(plan);
    return plan;
}

/// Scores divided by the temperature are logits.
void calibrate(network::Tensor& tensor, double temperature)
{
    for (float& value : tensor.values)
        value = static_cast<float>(value / temperature);
}

/// Mean loss and share of right answers.
void measure(const LinearModel& model, const LabelledFeatures& features, double& loss, double& accuracy)
{
    std::vector<float> logits = headLogits(model, features.values);
    const std::size_t classes = features.rows() > 0 ? logits.size() / features.labels.size() : 0;
    for (std::size_t row = 0; row < features.labels.size(); ++row) {
        const auto own = std::span(logits).subspan(row * classes, classes);
        softmax(own);
        const auto truth = static_cast<std::size_t>(features.labels[row]);
        const auto best = static_cast<std::size_t>(std::ranges::max_element(own) - own.begin());
        accuracy += best == truth ? 1.0 : 0.0;
        loss -= std::log(std::max<double>(own[truth], 1e-12));
    }
    const double count = std::max<double>(1.0, static_cast<double>(features.labels.size()));
    loss /= count;
    accuracy /= count;
}

std::string text(double number)
{
    constexpr int digits = 3;
    std::ostringstream stream;
    stream << std::setprecision(digits) << number;
    return stream.str();
}

void learnLinear(const FeatureTask& task, const Plan& plan, const SvmOptions& base, LinearModel& model)
{
    SvmOptions options = base;
    if (plan.penalty > 0.0)
        options.penalties = {plan.penalty};
    Svm svm = trainSvm(task.training, task.classes, options);
    model.weight = std::move(svm.weight);
    model.bias = std::move(svm.bias);
    model.penalty = svm.penalty;
    calibrate(model.weight, svm.temperature);
    calibrate(model.bias, svm.temperature);
}

void learnRbf(const FeatureTask& task, const Plan& plan, const SvmOptions& base, const TrainSink& sink,
              LinearModel& model)
{
    RbfOptions options;
    options.balanced = base.balanced;
    options.seed = base.seed;
    options.threads = base.threads;
    options.stop = base.stop;
    if (plan.penalty > 0.0)
        options.penalties = {plan.penalty};
    if (plan.gamma > 0.0) {
        options.gammas = {plan.gamma};
        options.absolute = true;
    }
    RbfSvm svm = trainRbfSvm(task.training, task.classes, options);
    model.rbf = std::move(svm.machine);
    model.penalty = svm.penalty;
    if (sink)
        sink(TrainNote {false,
                        "C = " + text(svm.penalty) + " and gamma = " + text(svm.gamma) + ": "
                            + std::to_string(svm.held.correct()) + " of " + std::to_string(svm.held.total())
                            + " right under cross-validation."});
}

LinearModel train(const FeatureTask& task, const Plan& plan, const TrainHooks& hooks)
{
    const auto begin = std::chrono::steady_clock::now();
    SvmOptions options;
    options.balanced = !classWeights(task.training.labels, task.classes, plan.classWeights).empty();
    options.seed = plan.seed;
    options.threads = usableProcessors();
    options.stop = hooks.stop;
    LinearModel model;
    try {
        if (plan.kernel == "rbf")
            learnRbf(task, plan, options, hooks.sink, model);
        else
            learnLinear(task, plan, options, model);
    } catch (const Stopped&) {
        model.stopped = true;
        return model;
    }
    EpochDone done {.epoch = 1, .epochs = 1, .best = true};
    measure(model, task.training, done.trainLoss, done.trainAccuracy);
    measure(model, task.validation, done.validationLoss, done.validationAccuracy);
    done.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    done.picturesPerSecond = task.training.rows() / done.seconds;
    done.secondsLeft = 0.0;
    done.memoryBytes = residentMemory();
    model.history.push_back(done);
    model.bestEpoch = 1;
    if (hooks.sink)
        hooks.sink(done);
    if (hooks.afterEpoch)
        hooks.afterEpoch(1, model);
    return model;
}

} // namespace

StrategySpec svmStrategy()
{
    return {"svm", "SVM on an earlier layer",
            "Few pictures unlike everyday photos: cuts the pretrained network where its activations tell the "
            "classes apart best, and learns a support vector machine on them. Done in seconds.",
            complete, train};
}

} // namespace graft::learn
