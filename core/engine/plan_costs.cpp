#include "core/engine/plan_costs.h"

#include "core/augment/recipe.h"
#include "core/engine/cross_validation.h"
#include "core/engine/feature_cache.h"
#include "core/engine/machine.h"
#include "core/learn/advisor.h"
#include "core/learn/strategy.h"
#include "core/network/backbone.h"
#include "core/network/cut.h"
#include "core/network/memory.h"
#include "core/network/weights/catalogue.h"
#include "core/neural/optimizer.h"

#include <algorithm>
#include <cmath>

namespace graft::engine {

namespace {

constexpr std::int64_t floatBytes = sizeof(float);
constexpr int folds = 5; // of small data
constexpr double longestCheck = 30.0 * 60.0; // seconds: a longer check by folds is left out

const learn::LearnFromPictures* learnsFromPictures(const learn::Plan& plan)
{
    return std::get_if<learn::LearnFromPictures>(&learn::strategy(plan.strategy).way);
}

bool drawsCopies(const learn::Plan& plan)
{
    return plan.copies > 0 && augment::changesPictures(augment::readRecipe(plan.recipe));
}

std::string backboneOf(const std::string& weights)
{
    return std::string(network::backboneOfWeights(weights));
}

int slotsOf(const std::string& optimizer)
{
    const auto all = neural::optimizers();
    const auto found = std::ranges::find(all, optimizer, &neural::OptimizerSpec::id);
    return found == all.end() ? 0 : found->slots;
}

/// Height and width of the plan's pictures, pixels.
int inputOf(const learn::Plan& plan, const network::BackboneSpec& spec)
{
    return plan.inputSize > 0 ? plan.inputSize : spec.preprocess.crop;
}

std::string keyOf(const learn::Plan& plan)
{
    return plan.backbone + ' ' + plan.cut + ' ' + plan.init + ' ' + plan.pooling + ' '
        + std::to_string(plan.inputSize);
}

} // namespace

NetworkSize networkSize(const learn::Plan& plan, int classes)
{
    const network::BackboneSpec& spec = network::backbone(backboneOf(plan.backbone));
    const bool automatic = plan.cut == "auto";
    const std::string_view cut = automatic || plan.cut.empty() ? "last" : std::string_view(plan.cut);
    const bool auxiliary = plan.init == "random";
    NetworkSize size;
    size.inputSize = inputOf(plan, spec);
    const network::Graph whole = spec.build({.inputSize = size.inputSize, .auxiliary = auxiliary});
    const std::string stage(network::stageOf(spec, cut));
    const network::Graph graph = network::classifierOn(
        whole, stage, std::max(1, classes), auxiliary ? network::Auxiliary::Keep : network::Auxiliary::Drop,
        {network::poolingNamed(plan.pooling), std::max(0.0, plan.headDropout)});
    for (const network::Parameter& parameter : network::parameters(graph))
        size.weights += parameter.count();
    size.multiplyAdds = static_cast<double>(network::multiplyAdds(graph));
    size.answerBytes = network::peakActivationBytes(graph);
    size.trainingBytes = network::trainingActivationBytes(graph);
    if (automatic) {
        for (const std::string& name : network::stageNames(whole))
            size.channels += network::featureChannels(whole, name);
    } else {
        size.channels = network::featureChannels(whole, stage);
    }
    return size;
}

struct CostEstimator::Time {
    double low = 0.0; ///< seconds
    double high = 0.0;
    Known known = Known::No;
};

CostEstimator::CostEstimator(const dataset::Dataset& data)
    : m_classes(static_cast<int>(data.classes.size()))
{
    bool first = true;
    for (const dataset::ClassCount& own : dataset::countClasses(data)) {
        m_counts.all += own.all;
        m_counts.training += own.training;
        m_counts.validation += own.validation;
        m_counts.test += own.test;
        m_fewest = first ? own.all : std::min(m_fewest, own.all);
        first = false;
    }
}

const NetworkSize& CostEstimator::sizeOf(const learn::Plan& plan)
{
    const auto [place, isNew] = m_sizes.try_emplace(keyOf(plan));
    if (isNew) {
        try {
            place->second = networkSize(plan, m_classes);
        } catch (...) {
            m_sizes.erase(place);
            throw;
        }
    }
    return place->second;
}

PlanCosts CostEstimator::of(const learn::Plan& wanted)
{
    const learn::Plan plan = learn::strategy(wanted.strategy).complete(wanted, m_counts.training);
    const NetworkSize& size = sizeOf(plan);
    PlanCosts costs;
    const Time time = timeOf(plan);
    costs.lowSeconds = time.low;
    costs.highSeconds = time.high;
    costs.time = time.known;
    costs.memory = memoryOf(plan);
    costs.memoryKnown = Known::WorkedOut;
    const std::int64_t model = size.weights * floatBytes;
    costs.disk = model;
    const learn::LearnFromPictures* network = learnsFromPictures(plan);
    if (!network || network->headFirst)
        costs.disk += featureRows(plan) * FeatureCache::bytesPerRow(size.channels);
    if (network) // the checkpoint: weights, the best ones, and what the optimizer remembers
        costs.diskMeanwhile = model * (2 + slotsOf(plan.optimizer));
    costs.diskKnown = Known::WorkedOut;
    return costs;
}

std::int64_t CostEstimator::featureRows(const learn::Plan& plan) const
{
    return std::int64_t {m_counts.all}
    + (drawsCopies(plan) ? std::int64_t {m_counts.training} * plan.copies : 0);
}

std::int64_t CostEstimator::memoryOf(const learn::Plan& plan)
{
    constexpr std::int64_t heldTimes = 3; // a row is in the cache's memory, in its side and in the task
    constexpr int featureBatch = 16; // pictures
    const NetworkSize& size = sizeOf(plan);
    const std::int64_t model = size.weights * floatBytes;
    const learn::LearnFromPictures* network = learnsFromPictures(plan);
    std::int64_t features = 0;
    if (!network || network->headFirst)
        features = 2 * model + size.answerBytes * featureBatch
            + featureRows(plan) * size.channels * floatBytes * heldTimes;
    if (!network)
        return features;
    // As the file has them, to begin with, as they are, the best and those of the checkpoint; gradients; and
    // what the optimizer remembers, there and in the checkpoint.
    const int slots = slotsOf(plan.optimizer);
    const std::int64_t weights = model * (6 + 2 * slots);
    const int batch = std::min(plan.batch, std::max(1, m_counts.training));
    // Decoded pictures are kept, with what lies around the crop, as far as half of the free memory allows.
    constexpr double around = 256.0 / 224.0;
    constexpr double longer = 4.0 / 3.0; // a photo's long side
    const double picture = 3.0 * std::pow(size.inputSize * around, 2.0) * longer;
    const auto kept =
        std::min(machine().memoryFree / 2,
                 static_cast<std::int64_t>(picture * (m_counts.training + m_counts.validation)));
    return std::max(features, weights + size.trainingBytes * batch + kept);
}

double CostEstimator::backboneSlowness(const std::string& backbone) const
{
    const auto measured = [this](const std::string& id) {
        const auto found = std::ranges::find(m_advice.backbones, id, &learn::BackboneEvidence::backbone);
        return found == m_advice.backbones.end() ? 0.0 : found->picturesPerSecond;
    };
    const auto timed = [this](const std::string& id) {
        const auto found = m_speeds.find(id);
        return found == m_speeds.end() ? 0.0 : found->second;
    };
    const std::string own = backboneOf(m_advice.backbone);
    if (measured(own) > 0.0 && measured(backbone) > 0.0)
        return measured(own) / measured(backbone);
    return timed(own) > 0.0 && timed(backbone) > 0.0 ? timed(own) / timed(backbone) : 0.0;
}

double CostEstimator::slowness(const learn::Plan& plan, const std::string& timedCut, bool& same)
{
    const std::string backbone = backboneOf(plan.backbone);
    double ratio = 1.0;
    learn::Plan timed = plan;
    timed.inputSize = 0;
    timed.pooling = learn::Plan().pooling;
    timed.init = learn::Plan().init;
    if (backbone != backboneOf(m_advice.backbone)) {
        ratio = backboneSlowness(backbone);
        timed.cut = "last";
        same = false;
    } else {
        timed.cut = timedCut;
    }
    const double work = sizeOf(plan).multiplyAdds / sizeOf(timed).multiplyAdds;
    constexpr double rounding = 0.01; // another head is no other network
    same = same && std::abs(work - 1.0) < rounding;
    return ratio * work;
}

CostEstimator::Time CostEstimator::timeOf(const learn::Plan& plan)
{
    const learn::Forecast* forecast = learn::forecastOf(m_advice, plan.strategy);
    if (!forecast || forecast->highSeconds <= 0.0)
        return {};
    if (plan.device != learn::Plan().device) // the forecast is of the device that Graft chooses
        return {};
    return learnsFromPictures(plan) ? epochTimeOf(plan, *forecast) : featureTimeOf(plan, *forecast);
}

CostEstimator::Time CostEstimator::featureTimeOf(const learn::Plan& plan, const learn::Forecast& forecast)
{
    if (plan.kernel != learn::Plan().kernel) // the solver that was timed is the linear one
        return {};
    bool same = true;
    const std::string wholeNetwork = m_advice.cuts.empty() ? "last" : m_advice.cuts.back().stage;
    learn::Plan whole = plan; // all stages come from one pass
    if (plan.cut == "auto")
        whole.cut = wholeNetwork;
    const double slow = slowness(whole, wholeNetwork, same);
    if (slow <= 0.0)
        return {};
    learn::Plan own;
    own.strategy = plan.strategy;
    own = learn::strategy(own.strategy).complete(own, m_counts.training);
    learn::Plan timed = own;
    timed.backbone = backboneOf(m_advice.backbone);
    const double rows = static_cast<double>(featureRows(plan)) / std::max(1, m_counts.all);
    const double learned = drawsCopies(plan) ? 1.0 + plan.copies : 1.0;
    const double epochs = static_cast<double>(plan.epochs) / own.epochs;
    const double channels = static_cast<double>(sizeOf(plan).channels) / sizeOf(timed).channels;
    same = same && rows == 1.0 && epochs == 1.0 && channels == 1.0;
    learn::FeatureTime parts = learn::featureTime(forecast);
    parts.features *= slow * rows;
    parts.learning *= learned * epochs * channels * (m_fewest < enoughPictures ? 1 + folds : 1);
    learn::Forecast scaled;
    learn::setFeatureTime(scaled, parts);
    return {scaled.lowSeconds, scaled.highSeconds, same ? Known::Measured : Known::WorkedOut};
}

CostEstimator::Time CostEstimator::epochTimeOf(const learn::Plan& plan, const learn::Forecast& forecast)
{
    bool same = true;
    const double slow = slowness(plan, forecast.cut, same);
    if (slow <= 0.0)
        return {};
    learn::Plan own;
    own.strategy = plan.strategy;
    own = learn::strategy(own.strategy).complete(own, m_counts.training);
    const auto least = [](const learn::Plan& p) {
        return p.patience > 0 ? std::min(p.epochs, p.patience + 1) : p.epochs;
    };
    Time time {forecast.lowSeconds * slow * least(plan) / least(own),
               forecast.highSeconds * slow * plan.epochs / own.epochs, Known::Measured};
    if (plan.minutes > 0.0) {
        const double limit = 60.0 * plan.minutes; // a check by folds is part of it
        const double first =
            plan.patience > 0 ? forecast.lowSeconds * slow * (plan.patience + 1) / least(own) : limit;
        return {std::min(first, limit), limit, same ? Known::Measured : Known::WorkedOut};
    }
    same = same && plan.epochs == own.epochs && plan.patience == own.patience;
    time.known = same ? Known::Measured : Known::WorkedOut;
    if (m_fewest < enoughPictures) { // each fold learns as long as the training itself
        if (time.low * folds <= longestCheck)
            time.low *= 1 + folds;
        time.high += std::min(time.high * folds, longestCheck);
        time.low = std::min(time.low, time.high);
    }
    return time;
}

} // namespace graft::engine
