// Plain loops on one thread, no tensor library: at this size waking other threads costs more than the
// arithmetic, and the order of every sum is fixed, whatever the number of threads.
#include "core/neural/linear_head.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

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
    std::size_t right = 0;
    std::size_t rows = 0;

    HeadScore mean() const
    {
        const auto count = static_cast<double>(rows);
        return {loss / count, static_cast<double>(right) / count};
    }
};

/// 0.3 times the rate, in the few digits that a person would type.
std::string smaller(double rate)
{
    std::array<char, 32> text {};
    std::snprintf(text.data(), text.size(), "%.3g", 0.3 * rate);
    return text.data();
}

} // namespace

struct LinearHead::Impl {
    std::size_t channels;
    std::size_t classes;
    float momentum;
    float weightDecay;
    std::vector<float> weight = std::vector<float>(classes * channels);
    std::vector<float> bias = std::vector<float>(classes);
    std::vector<float> weightVelocity = weight;
    std::vector<float> biasVelocity = bias;

    void rowLogits(const float* row, std::vector<float>& result) const
    {
        for (std::size_t k = 0; k < classes; ++k)
            result[k] = bias[k] + dot(&weight[k * channels], row, channels);
    }

    void check(std::span<const float> features, std::span<const std::int64_t> labels) const
    {
        if (features.size() != labels.size() * channels)
            throw Error("linear classifier", "there must be one label for each row of features",
                        "Compute the features again.");
    }

    /// Adds the row to the tally and turns its logits into probabilities.
    void judge(std::vector<float>& logits, std::int64_t label, Tally& tally) const
    {
        if (label < 0 || static_cast<std::size_t>(label) >= classes)
            throw Error("linear classifier", "a label lies outside the classes",
                        "Compute the features again.");
        const auto truth = static_cast<std::size_t>(label);
        const auto top = std::max_element(logits.begin(), logits.end());
        const double largest = *top;
        const double ofTruth = logits[truth];
        tally.right += static_cast<std::size_t>(top - logits.begin()) == truth ? 1 : 0;
        double sum = 0.0;
        for (const float logit : logits)
            sum += std::exp(logit - largest);
        for (float& logit : logits)
            logit = static_cast<float>(std::exp(logit - largest) / sum);
        tally.loss += std::log(sum) + largest - ofTruth;
        ++tally.rows;
    }
};

LinearHead::LinearHead(int channels, int classes, double momentum, double weightDecay)
{
    if (channels < 1 || classes < 1)
        throw Error("linear classifier", "needs at least one channel and one class", "Choose another cut.");
    m_impl =
        std::make_unique<Impl>(Impl {static_cast<std::size_t>(channels), static_cast<std::size_t>(classes),
                                     static_cast<float>(momentum), static_cast<float>(weightDecay)});
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
    std::vector<float> weightGradient(head.weight.size());
    std::vector<float> biasGradient(head.classes);
    std::vector<float> probability(head.classes);
    const float share = 1.0F / static_cast<float>(rows.size());
    Tally tally;
    for (const std::int64_t index : rows) {
        if (index < 0 || index >= std::ssize(labels))
            throw Error("linear classifier", "a row lies outside the features",
                        "Compute the features again.");
        const auto row = static_cast<std::size_t>(index);
        const float* x = &features[row * head.channels];
        head.rowLogits(x, probability);
        head.judge(probability, labels[row], tally);
        // d loss / d logit of the mean cross-entropy: probability, less 1 for the true class, over the rows
        probability[static_cast<std::size_t>(labels[row])] -= 1.0F;
        for (std::size_t k = 0; k < head.classes; ++k) {
            const float slope = probability[k] * share;
            biasGradient[k] += slope;
            addScaled(&weightGradient[k * head.channels], slope, x, head.channels);
        }
    }
    const HeadScore before = tally.mean();
    if (!std::isfinite(before.loss))
        throw Error("learning rate", "the loss became infinite, usually because the learning rate is too big",
                    "Try 0.3 times the learning rate: " + smaller(learningRate) + ".");

    const auto rate = static_cast<float>(learningRate);
    for (std::size_t i = 0; i < head.weight.size(); ++i) {
        float& velocity = head.weightVelocity[i];
        velocity = head.momentum * velocity + weightGradient[i] + head.weightDecay * head.weight[i];
        head.weight[i] -= rate * velocity;
    }
    for (std::size_t k = 0; k < head.classes; ++k) {
        head.biasVelocity[k] = head.momentum * head.biasVelocity[k] + biasGradient[k];
        head.bias[k] -= rate * head.biasVelocity[k];
    }
    return before;
}

std::vector<float> LinearHead::logits(std::span<const float> features) const
{
    const Impl& head = *m_impl;
    const std::size_t rows = features.size() / head.channels;
    std::vector<float> all;
    all.reserve(rows * head.classes);
    std::vector<float> logits(head.classes);
    for (std::size_t row = 0; row < rows; ++row) {
        head.rowLogits(&features[row * head.channels], logits);
        all.insert(all.end(), logits.begin(), logits.end());
    }
    return all;
}

HeadScore LinearHead::score(std::span<const float> features, std::span<const std::int64_t> labels) const
{
    const Impl& head = *m_impl;
    head.check(features, labels);
    std::vector<float> probability(head.classes);
    Tally tally;
    for (std::size_t row = 0; row < labels.size(); ++row) {
        head.rowLogits(&features[row * head.channels], probability);
        head.judge(probability, labels[row], tally);
    }
    return labels.empty() ? HeadScore {} : tally.mean();
}

network::Tensor LinearHead::weight() const
{
    return {{static_cast<std::int64_t>(m_impl->classes), static_cast<std::int64_t>(m_impl->channels)},
            m_impl->weight};
}

network::Tensor LinearHead::bias() const
{
    return {{static_cast<std::int64_t>(m_impl->classes)}, m_impl->bias};
}

} // namespace graft::neural
