#include "core/learn/plan_checks.h"

#include "core/base/error.h"
#include "core/neural/loss.h"
#include "core/neural/optimizer.h"

#include <limits>
#include <sstream>

namespace graft::learn {

namespace {

void requireOneOf(const std::string& field, const std::string& value,
                  std::initializer_list<const char*> known)
{
    std::string list;
    for (const char* word : known) {
        if (value == word)
            return;
        list += (list.empty() ? "" : ", ") + std::string(word);
    }
    throw Error(field, "'" + value + "' is not known", "Choose one of: " + list + ".");
}

} // namespace

void requireRange(const std::string& field, double value, double low, double high, const std::string& range)
{
    if (value >= low && value <= high) // a NaN is in no range
        return;
    std::ostringstream text;
    text << value;
    throw Error(field, text.str() + " is out of range", "Choose " + range + ".");
}

double usualRate(const std::string& optimizer, double ofSgd)
{
    // The others divide by the size of the gradients, so that their rates are lengths of steps.
    switch (neural::optimizerNamed(optimizer)) {
    case neural::Optimizer::Sgd:
        return ofSgd;
    case neural::Optimizer::RmsProp:
        return 0.01 * ofSgd;
    case neural::Optimizer::Adagrad:
        return 0.2 * ofSgd;
    case neural::Optimizer::AdamW:
        return 0.03 * ofSgd;
    }
    return ofSgd;
}

Plan completeNetworkPlan(Plan plan, const NetworkDefaults& own)
{
    constexpr double weightDecay = 1e-4;
    constexpr int batch = 32;
    constexpr double clip = 5.0;
    if (plan.cut.empty())
        plan.cut = "last";
    if (plan.learningRate == 0.0)
        plan.learningRate = usualRate(plan.optimizer, own.rate);
    if (plan.weightDecay < 0.0)
        plan.weightDecay = weightDecay;
    if (plan.epochs == 0)
        plan.epochs = own.epochs;
    if (plan.batch == 0)
        plan.batch = batch;
    if (plan.patience < 0)
        plan.patience = own.patience;
    if (plan.clipNorm < 0.0)
        plan.clipNorm = clip;
    if (plan.headDropout < 0.0)
        plan.headDropout = own.headDropout;
    if (plan.batchStatistics.empty())
        plan.batchStatistics = own.batchStatistics;
    requireSensible(plan);
    return plan;
}

void requireSensible(const Plan& plan)
{
    constexpr int inputStep = 32; // what the networks halve away
    constexpr int largestInput = 1024;
    neural::lossNamed(plan.loss);
    neural::optimizerNamed(plan.optimizer);
    requireOneOf("class weights", plan.classWeights, {"auto", "none", "balanced"});
    requireOneOf("init", plan.init, {"weights", "random"});
    requireOneOf("kernel", plan.kernel, {"linear", "rbf"});
    requireOneOf("pooling", plan.pooling, {"avg", "max"});
    if (!plan.batchStatistics.empty())
        requireOneOf("batch statistics", plan.batchStatistics, {"frozen", "batch"});
    requireRange("learning rate", plan.learningRate, std::numeric_limits<double>::min(), 10.0,
                 "a number above 0, up to 10");
    requireRange("weight decay", plan.weightDecay, 0.0, 10.0, "a number from 0 to 10");
    requireRange("epochs", plan.epochs, 1, 1000, "a number from 1 to 1000");
    requireRange("batch", plan.batch, 1, 4096, "a number from 1 to 4096");
    requireRange("minutes", plan.minutes, 0.0, 60.0 * 24 * 7, "a number up to 10080, a week");
    requireRange("patience", plan.patience, 0, 1000, "a number from 0 (never) to 1000");
    requireRange("momentum", plan.momentum, 0.0, 0.999, "a number from 0 to 0.999");
    requireRange("label smoothing", plan.labelSmoothing, 0.0, 0.5, "a number from 0 to 0.5");
    requireRange("longest gradient", plan.clipNorm, 0.0, 1e6, "a number from 0 (no limit) to 1000000");
    requireRange("copies", plan.copies, 0, 1000, "a number from 0 to 1000");
    requireRange("C", plan.penalty, 0.0, 1e6, "a number above 0, or 0 to leave the choice to Graft");
    requireRange("gamma", plan.gamma, 0.0, 1e3, "a number above 0, or 0 to leave the choice to Graft");
    requireRange("dropout", plan.headDropout, 0.0, 0.9, "a number from 0 (none) to 0.9");
    if (plan.kernel != "linear" && plan.strategy != "svm")
        throw Error("kernel", "rbf is for the strategy svm", "Choose that, or leave the kernel at linear.");
    if (plan.kernel != "rbf" && plan.gamma != 0.0)
        throw Error("gamma", "belongs to the kernel rbf of the strategy svm",
                    "Choose that kernel, or leave gamma at 0.");
    if (plan.strategy == "svm" && plan.headDropout > 0.0)
        throw Error("dropout", "is for classifiers that learn step by step, which an SVM does not",
                    "Leave it out, or choose the strategy linear.");
    const bool fromScratch = plan.strategy == "scratch"; // the others build on what the network has learned
    if (!fromScratch && plan.init != "weights")
        throw Error("init", "random weights are for the strategy scratch",
                    "Choose that, or leave init at weights.");
    if (!fromScratch && plan.inputSize != 0)
        throw Error("input size", "another one is for the strategy scratch",
                    "Choose that, or leave the size to the network.");
    if (plan.inputSize != 0
        && (plan.inputSize % inputStep != 0 || plan.inputSize < inputStep || plan.inputSize > largestInput))
        throw Error("input size", std::to_string(plan.inputSize) + " pixels cannot be used",
                    "Choose a multiple of 32, from 32 to 1024, or 0 for the network's own.");
}

} // namespace graft::learn
