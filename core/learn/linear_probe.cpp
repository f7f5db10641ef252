#include "core/learn/linear_probe.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/learn/lbfgs.h"
#include "core/learn/standardiser.h"
#include "core/learn/svm.h"

#include <algorithm>
#include <cmath>

namespace graft::learn {

namespace {

constexpr std::size_t lanes = 16; // sums side by side, so that the compiler uses vectors

float dot(const float* a, const float* b, std::size_t count)
{
    float sums[lanes] = {};
    const std::size_t whole = count - count % lanes;
    for (std::size_t i = 0; i < whole; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane)
            sums[lane] += a[i + lane] * b[i + lane];
    }
    float sum = 0.0F;
    for (const float part : sums)
        sum += part;
    for (std::size_t i = whole; i < count; ++i)
        sum += a[i] * b[i];
    return sum;
}

/// |w|²/2 + C * Σ loss over standardised rows, as a function of all weights: for each class those of the
/// channels and then the bias.
class Objective
{
public:
    Objective(std::vector<float> standardised, const std::vector<std::int64_t>& labels, int channels,
              int classes, ProbeKind kind)
        : m_values(std::move(standardised))
        , m_labels(labels)
        , m_channels(static_cast<std::size_t>(channels))
        , m_classes(static_cast<std::size_t>(classes))
        , m_kind(kind)
        , m_scores(m_classes)
    {
    }

    std::size_t size() const { return m_classes * (m_channels + 1); }

    void setPenalty(double penalty) { m_penalty = penalty; }

    /// Of a support vector machine.
    void setPrices(const std::map<int, double>& prices)
    {
        m_prices.assign(prices.empty() ? 0 : m_classes, 1.0);
        for (const auto& [label, price] : prices)
            m_prices[static_cast<std::size_t>(label)] = price;
        m_pricedEverywhere = prices.size() == 2;
    }

    /// Writes the gradient.
    double operator()(const std::vector<float>& weights, std::vector<float>& gradient)
    {
        double value = 0.0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const bool free = m_kind == ProbeKind::Logistic && i % (m_channels + 1) == m_channels;
            gradient[i] = free ? 0.0F : weights[i];
            value += free ? 0.0 : 0.5 * static_cast<double>(weights[i]) * static_cast<double>(weights[i]);
        }
        for (std::size_t row = 0; row < m_labels.size(); ++row) {
            const float* x = m_values.data() + row * m_channels;
            for (std::size_t k = 0; k < m_classes; ++k) {
                const float* w = weights.data() + k * (m_channels + 1);
                m_scores[k] = dot(x, w, m_channels) + w[m_channels];
            }
            const auto truth = static_cast<std::size_t>(m_labels[row]);
            value += m_penalty * (m_kind == ProbeKind::Logistic ? crossEntropy(truth) : squaredHinge(truth));
            for (std::size_t k = 0; k < m_classes; ++k) { // scores hold the loss's slopes now
                const auto slope = static_cast<float>(m_penalty) * m_scores[k];
                if (slope == 0.0F)
                    continue;
                float* g = gradient.data() + k * (m_channels + 1);
                for (std::size_t c = 0; c < m_channels; ++c)
                    g[c] += slope * x[c];
                g[m_channels] += slope;
            }
        }
        return value;
    }

private:
    double crossEntropy(std::size_t truth)
    {
        const double own = m_scores[truth];
        const double largest = *std::ranges::max_element(m_scores);
        double sum = 0.0;
        for (const float score : m_scores)
            sum += std::exp(score - largest);
        for (float& score : m_scores)
            score = static_cast<float>(std::exp(score - largest) / sum);
        m_scores[truth] -= 1.0F;
        return std::log(sum) + largest - own;
    }

    double squaredHinge(std::size_t truth)
    {
        double sum = 0.0;
        for (std::size_t k = 0; k < m_classes; ++k) {
            const float sign = k == truth ? 1.0F : -1.0F;
            const float missing = std::max(0.0F, 1.0F - sign * m_scores[k]);
            const double price =
                !m_prices.empty() && (k == truth || m_pricedEverywhere) ? m_prices[truth] : 1.0;
            sum += price * static_cast<double>(missing) * static_cast<double>(missing);
            m_scores[k] = static_cast<float>(price) * -2.0F * sign * missing;
        }
        return sum;
    }

    std::vector<float> m_values;
    const std::vector<std::int64_t>& m_labels;
    std::size_t m_channels;
    std::size_t m_classes;
    ProbeKind m_kind;
    double m_penalty = 1.0;
    std::vector<double> m_prices; ///< by class; empty: all the same
    bool m_pricedEverywhere = false;
    std::vector<float> m_scores; ///< of one row
};

/// The weights as a layer on raw features.
ProbeLayer layerOf(const std::vector<float>& weights, int channels, int classes,
                   const Standardiser& standardiser)
{
    const auto width = static_cast<std::size_t>(channels);
    network::Tensor weight {{classes, channels}, {}};
    network::Tensor bias {{classes}, {}};
    for (std::size_t k = 0; k < static_cast<std::size_t>(classes); ++k) {
        const auto begin = weights.begin() + static_cast<std::ptrdiff_t>(k * (width + 1));
        weight.values.insert(weight.values.end(), begin, begin + channels);
        bias.values.push_back(begin[channels]);
    }
    standardiser.fold(weight, bias);
    return {std::move(weight.values), std::move(bias.values)};
}

Answers answersOf(const ProbeLayer& layer, const LabelledFeatures& features,
                  const std::vector<std::size_t>& rows)
{
    const auto channels = static_cast<std::size_t>(features.channels);
    Answers answers;
    std::vector<float> scores(layer.bias.size());
    for (const std::size_t row : rows) {
        for (std::size_t k = 0; k < scores.size(); ++k)
            scores[k] = layer.bias[k]
                + dot(features.values.data() + row * channels, layer.weight.data() + k * channels, channels);
        const auto best = std::ranges::max_element(scores) - scores.begin();
        answers.correct += best == features.labels[row] ? 1 : 0;
        ++answers.total;
    }
    return answers;
}

/// A share of each class, in the order of the rows, at least one of each.
std::vector<std::size_t> shareOfEach(const LabelledFeatures& features, const std::vector<std::size_t>& rows,
                                     double share, int classes)
{
    std::vector<std::int64_t> all(static_cast<std::size_t>(classes));
    for (const std::size_t row : rows)
        ++all[static_cast<std::size_t>(features.labels[row])];
    std::vector<std::int64_t> taken(all.size());
    std::vector<std::size_t> chosen;
    for (const std::size_t row : rows) {
        const auto label = static_cast<std::size_t>(features.labels[row]);
        const auto wanted = std::max<std::int64_t>(1, std::llround(share * static_cast<double>(all[label])));
        if (taken[label] >= wanted)
            continue;
        ++taken[label];
        chosen.push_back(row);
    }
    return chosen;
}

Answers& operator+=(Answers& sum, const Answers& more)
{
    sum.correct += more.correct;
    sum.total += more.total;
    return sum;
}

} // namespace

std::vector<double> probePenalties(ProbeKind kind)
{
    constexpr double suitsStandardised = 0.01;
    return kind == ProbeKind::Logistic ? std::vector {suitsStandardised} : SvmOptions().penalties;
}

std::vector<ProbeLayer> fitProbe(const LabelledFeatures& training, int classes, ProbeKind kind,
                                 const std::vector<double>& penalties, const std::map<int, double>& prices)
{
    const Standardiser standardiser(training);
    Objective objective(standardiser.apply(training.values), training.labels, training.channels, classes,
                        kind);
    objective.setPrices(prices);
    std::vector<float> weights(objective.size());
    std::vector<ProbeLayer> layers;
    for (const double penalty : penalties) {
        objective.setPenalty(penalty);
        minimise(objective, weights);
        layers.push_back(layerOf(weights, training.channels, classes, standardiser));
    }
    return layers;
}

Answers HeldOut::pooled(std::size_t penalty) const
{
    Answers sum;
    for (const Answers& fold : answers[penalty])
        sum += fold;
    return sum;
}

Answers HeldOut::best() const
{
    Answers best;
    for (std::size_t penalty = 0; penalty < answers.size(); ++penalty) {
        if (const Answers all = pooled(penalty); penalty == 0 || all.correct > best.correct)
            best = all;
    }
    return best;
}

HeldOut crossValidate(const LabelledFeatures& features, const std::vector<int>& fold, int classes,
                      ProbeKind kind, double share, int threads, std::stop_token stop)
{
    const std::vector<double> penalties = probePenalties(kind);
    const auto folds = static_cast<std::size_t>(*std::ranges::max_element(fold)) + 1;
    HeldOut held {{penalties.size(), std::vector<Answers>(folds)}};
    parallelFor(folds, threads, stop, [&](std::size_t number) {
        const Fold rows = foldRows(features, fold, static_cast<int>(number));
        const LabelledFeatures training =
            selectRows(features, shareOfEach(features, rows.training, share, classes));
        const std::vector<ProbeLayer> layers = fitProbe(training, classes, kind, penalties);
        for (std::size_t penalty = 0; penalty < layers.size(); ++penalty)
            held.answers[penalty][number] = answersOf(layers[penalty], features, rows.test);
    });
    if (stop.stop_requested())
        throw Stopped();
    return held;
}

Answers answersOfTheBest(const std::vector<HeldOut>& candidates)
{
    Answers sum;
    for (std::size_t fold = 0; !candidates.empty() && fold < candidates.front().folds(); ++fold) {
        std::int64_t most = -1;
        Answers chosen;
        for (const HeldOut& candidate : candidates) {
            for (std::size_t penalty = 0; penalty < candidate.answers.size(); ++penalty) {
                const Answers& own = candidate.answers[penalty][fold];
                const std::int64_t others = candidate.pooled(penalty).correct - own.correct;
                if (others > most) {
                    most = others;
                    chosen = own;
                }
            }
        }
        sum += chosen;
    }
    return sum;
}

} // namespace graft::learn
