// Plain loops on one thread, no tensor library: at this size waking other threads costs more than the
// arithmetic, and the order of every sum is fixed, whatever the number of threads.
#include "core/neural/linear_head.h"

#include "core/base/error.h"
#include "core/neural/inside/optimizer_formulas.h"
#include "core/neural/inside/plain_loss.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <valarray>

// The same source, compiled a second time for processors with wider registers and chosen when the program
// starts.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define GRAFT_WIDE_CLONES __attribute__((target_clones("default", "arch=haswell")))
#else
#define GRAFT_WIDE_CLONES
#endif

namespace graft::neural {

namespace {

constexpr std::size_t lanes = 32; ///< partial sums that do not wait for one another

GRAFT_WIDE_CLONES float dot(const float* a, const float* b, std::size_t count)
{
    std::array<float, lanes> sums {};
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane)
            sums[lane] += a[i + lane] * b[i + lane];
    }
    for (std::size_t lane = 0; i < count; ++i, ++lane)
        sums[lane] += a[i] * b[i];
    for (std::size_t half = lanes / 2; half > 0; half /= 2) {
        for (std::size_t lane = 0; lane < half; ++lane)
            sums[lane] += sums[lane + half];
    }
    return sums[0];
}

/// sum += factor * x
GRAFT_WIDE_CLONES void addScaled(float* __restrict sum, float factor, const float* __restrict x,
                                 std::size_t count)
{
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane)
            sum[i + lane] += factor * x[i + lane];
    }
    for (; i < count; ++i)
        sum[i] += factor * x[i];
}

/// Mean over rows, from sums.
struct Tally {
    double loss = 0.0;
    double weight = 0.0;
    std::size_t right = 0;
    std::size_t rows = 0;

    HeadScore mean() const { return {loss / weight, static_cast<double>(right) / static_cast<double>(rows)}; }
};

/// 0.3 times the rate, in the few digits that a person would type.
std::string smaller(double rate)
{
    std::array<char, 32> text {};
    std::snprintf(text.data(), text.size(), "%.3g", 0.3 * rate);
    return text.data();
}

/// Shortens both together, where they are longer than that.
void clip(std::vector<float>& weight, std::vector<float>& bias, double longest)
{
    constexpr double epsilon = 1e-6;
    const auto squares = [](const std::vector<float>& values) {
        return std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
    };
    const double factor = longest / (std::sqrt(squares(weight) + squares(bias)) + epsilon);
    if (factor >= 1.0)
        return;
    for (std::vector<float>* gradient : {&weight, &bias}) {
        for (float& value : *gradient)
            value = static_cast<float>(value * factor);
    }
}

} // namespace

struct LinearHead::Impl {
    /// Numbers that learn.
    struct LearnedNumbers {
        std::vector<float> values;
        double decay;
        std::vector<float> first = std::vector<float>(values.size()); ///< what the optimizer remembers
        std::vector<float> second = first;

        void update(const OptimizerOptions& options, const std::vector<float>& gradient, double rate,
                    double count)
        {
            changeNumbers(options.optimizer, values.data(), gradient.data(), {first.data(), second.data()},
                          values.size(), {options, rate, decay, count});
        }
    };

    std::size_t channels;
    std::size_t classes;
    PlainLoss loss;
    OptimizerOptions optimizer;
    double clipNorm;
    LearnedNumbers weight {std::vector<float>(classes * channels), optimizer.weightDecay};
    LearnedNumbers bias {std::vector<float>(classes), 0.0};
    double updates = 0.0;

    float logit(const float* row, std::size_t k) const
    {
        return bias.values[k] + dot(&weight.values[k * channels], row, channels);
    }

    std::valarray<double> rowLogits(const float* row) const
    {
        std::valarray<double> result(classes);
        for (std::size_t k = 0; k < classes; ++k)
            result[k] = logit(row, k);
        return result;
    }

    void check(std::span<const float> features, std::span<const std::int64_t> labels) const
    {
        if (features.size() != labels.size() * channels)
            throw Error("linear classifier", "there must be one label for each row of features",
                        "Compute the features again.");
    }

    double weightOf(std::int64_t label) const
    {
        if (label < 0 || static_cast<std::size_t>(label) >= classes)
            throw Error("linear classifier", "a label lies outside the classes",
                        "Compute the features again.");
        return loss.weight(static_cast<std::size_t>(label));
    }

    /// Adds the row to the tally; its logits become the slope of its loss.
    void judge(std::valarray<double>& logits, std::int64_t label, Tally& tally) const
    {
        tally.weight += weightOf(label);
        const auto truth = static_cast<std::size_t>(label);
        const auto* const top = std::max_element(std::begin(logits), std::end(logits));
        tally.right += static_cast<std::size_t>(top - std::begin(logits)) == truth ? 1 : 0;
        tally.loss += loss.of(truth, logits);
        ++tally.rows;
    }
};

LinearHead::LinearHead(int channels, int classes, const LossOptions& loss, const OptimizerOptions& optimizer,
                       double clipNorm)
{
    if (channels < 1 || classes < 1)
        throw Error("linear classifier", "needs at least one channel and one class", "Choose another cut.");
    const auto rows = static_cast<std::size_t>(classes);
    m_impl = std::make_unique<Impl>(
        Impl {static_cast<std::size_t>(channels), rows, PlainLoss(loss, rows), optimizer, clipNorm});
}

LinearHead::~LinearHead() = default;
LinearHead::LinearHead(LinearHead&&) noexcept = default;
LinearHead& LinearHead::operator=(LinearHead&&) noexcept = default;

HeadScore LinearHead::step(std::span<const float> features, std::span<const std::int64_t> labels,
                           std::span<const std::int64_t> rows, double learningRate)
{
    Impl& head = *m_impl;
    head.check(features, labels);
    if (rows.empty())
        throw Error("linear classifier", "a step needs at least one row", "Use a larger batch.");
    std::vector<float> weightGradient(head.weight.values.size());
    std::vector<float> biasGradient(head.classes);
    double totalWeight = 0.0;
    for (const std::int64_t index : rows) {
        if (index < 0 || index >= std::ssize(labels))
            throw Error("linear classifier", "a row lies outside the features",
                        "Compute the features again.");
        totalWeight += head.weightOf(labels[static_cast<std::size_t>(index)]);
    }
    Tally tally;
    for (const std::int64_t index : rows) {
        const auto row = static_cast<std::size_t>(index);
        const float* x = &features[row * head.channels];
        auto slopes = head.rowLogits(x);
        head.judge(slopes, labels[row], tally);
        for (std::size_t k = 0; k < head.classes; ++k) {
            const auto slope = static_cast<float>(slopes[k] / totalWeight);
            biasGradient[k] += slope;
            addScaled(&weightGradient[k * head.channels], slope, x, head.channels);
        }
    }
    const HeadScore before = tally.mean();
    if (!std::isfinite(before.loss))
        throw Error("learning rate", "the loss became infinite, usually because the learning rate is too big",
                    "Try 0.3 times the learning rate: " + smaller(learningRate) + ".");
    if (head.clipNorm > 0.0)
        clip(weightGradient, biasGradient, head.clipNorm);
    head.updates += 1.0;
    head.weight.update(head.optimizer, weightGradient, learningRate, head.updates);
    head.bias.update(head.optimizer, biasGradient, learningRate, head.updates);
    return before;
}

std::vector<float> LinearHead::logits(std::span<const float> features) const
{
    const Impl& head = *m_impl;
    const std::size_t rows = features.size() / head.channels;
    std::vector<float> all;
    all.reserve(rows * head.classes);
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t k = 0; k < head.classes; ++k)
            all.push_back(head.logit(&features[row * head.channels], k));
    }
    return all;
}

HeadScore LinearHead::score(std::span<const float> features, std::span<const std::int64_t> labels) const
{
    const Impl& head = *m_impl;
    head.check(features, labels);
    Tally tally;
    for (std::size_t row = 0; row < labels.size(); ++row) {
        auto logits = head.rowLogits(&features[row * head.channels]);
        head.judge(logits, labels[row], tally);
    }
    return labels.empty() ? HeadScore {} : tally.mean();
}

network::Tensor LinearHead::weight() const
{
    return {{static_cast<std::int64_t>(m_impl->classes), static_cast<std::int64_t>(m_impl->channels)},
            m_impl->weight.values};
}

network::Tensor LinearHead::bias() const
{
    return {{static_cast<std::int64_t>(m_impl->classes)}, m_impl->bias.values};
}

} // namespace graft::neural
