#include "core/neural/loss.h"

#include "core/base/error.h"
#include "core/neural/inside/loss_formulas.h"
#include "core/neural/inside/plain_loss.h"

#include <algorithm>
#include <array>
#include <string>
#include <valarray>

namespace graft::neural {

namespace {

using PlainRow = std::valarray<double>;

struct PlainNumbers {
    using Row = PlainRow;
    using Sum = double;

    static Sum sum(const Row& row) { return row.sum(); }

    static Sum largest(const Row& row) { return row.max(); }

    static Row sign(const Row& row)
    {
        return row.apply([](double x) { return static_cast<double>((x > 0.0) - (x < 0.0)); });
    }
};

} // namespace

std::span<const LossSpec> losses()
{
    static constexpr std::array list {
        LossSpec {"cross_entropy", "Cross-entropy",
                  "Punishes confident mistakes most: the usual choice for telling classes apart.",
                  Loss::CrossEntropy},
        LossSpec {"mse", "Mean squared error",
                  "The mean squared distance of the probabilities from the right answer.", Loss::Mse},
        LossSpec {"mae", "Mean absolute error",
                  "The mean distance of the probabilities from the right answer: forgives wrong labels, "
                  "learns slowly.",
                  Loss::Mae},
        LossSpec {"cosine", "Cosine",
                  "The angle between the probabilities and the right answer: can help with few pictures.",
                  Loss::Cosine},
    };
    return list;
}

Loss lossNamed(std::string_view id)
{
    std::string known;
    for (const LossSpec& spec : losses()) {
        if (spec.id == id)
            return spec.loss;
        known += " " + std::string(spec.id);
    }
    throw Error(std::string(id), "there is no such loss", "Choose one of:" + known + ".");
}

void requireFit(const LossOptions& options, std::int64_t classes)
{
    if (!(options.labelSmoothing >= 0.0 && options.labelSmoothing <= 1.0))
        throw Error("label smoothing", "must lie between 0 and 1", "Choose for example 0.1.");
    const auto& weights = options.classWeights;
    const bool allPositive =
        std::ranges::all_of(weights, [](double w) { return w > 0.0 && std::isfinite(w); });
    if (!allPositive || (!weights.empty() && std::ssize(weights) != classes))
        throw Error("class weights", "there must be one positive number for each class",
                    "Leave them out, or give one for each class.");
}

double weightOf(std::span<const std::int64_t> labels, const LossOptions& options)
{
    if (options.classWeights.empty())
        return static_cast<double>(labels.size());
    double sum = 0.0;
    for (const std::int64_t label : labels)
        sum += options.classWeights.at(static_cast<std::size_t>(label));
    return sum;
}

PlainLoss::PlainLoss(const LossOptions& options, std::size_t classes)
    : m_loss(options.loss)
    , m_smoothing(options.labelSmoothing)
    , m_weights(1.0, classes)
{
    requireFit(options, static_cast<std::int64_t>(classes));
    std::ranges::copy(options.classWeights, std::begin(m_weights));
}

double PlainLoss::of(std::size_t truth, PlainRow& logits) const
{
    const auto classes = static_cast<double>(logits.size());
    PlainRow wanted(m_smoothing / classes, logits.size());
    wanted[truth] += 1.0 - m_smoothing;
    auto result = rowLoss<PlainNumbers>(m_loss, logits, wanted, m_weights, m_weights[truth], classes);
    logits = std::move(result.slope);
    return result.loss;
}

LossValue lossOf(std::span<const double> logits, std::span<const std::int64_t> labels,
                 const LossOptions& options)
{
    if (labels.empty() || logits.empty() || logits.size() % labels.size() != 0)
        throw Error("loss", "needs one label for each row of logits", "Check the call.");
    const std::size_t classes = logits.size() / labels.size();
    requireLabels(labels, static_cast<std::int64_t>(classes));
    const PlainLoss plain(options, classes);
    const double share = 1.0 / weightOf(labels, options);
    LossValue value;
    value.slope.reserve(logits.size());
    for (std::size_t row = 0; row < labels.size(); ++row) {
        PlainRow slope(&logits[row * classes], classes);
        value.loss += plain.of(static_cast<std::size_t>(labels[row]), slope) * share;
        for (const double one : slope)
            value.slope.push_back(one * share);
    }
    return value;
}

void requireLabels(std::span<const std::int64_t> labels, std::int64_t classes)
{
    if (std::ranges::any_of(labels, [&](std::int64_t label) { return label < 0 || label >= classes; }))
        throw Error("label", "lies outside the classes", "Import the pictures again.");
}

} // namespace graft::neural
