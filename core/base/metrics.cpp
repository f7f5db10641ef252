#include "core/base/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace graft {

Interval wilson(std::int64_t correct, std::int64_t total)
{
    if (total <= 0)
        return {};
    constexpr double z = 1.959963984540054; // 97.5 % quantile of the normal distribution
    const auto n = static_cast<double>(total);
    const double share = static_cast<double>(correct) / n;
    const double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
    const double reach = z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    // At the ends the formula gives 0 and 1 but for rounding.
    return {correct == 0 ? 0.0 : centre - reach, correct == total ? 1.0 : centre + reach};
}

ConfusionMatrix::ConfusionMatrix(int classes)
    : m_classes(classes)
    , m_counts(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes))
{
}

void ConfusionMatrix::add(int truth, int predicted)
{
    ++m_counts.at(index(truth, predicted));
}

std::int64_t ConfusionMatrix::total() const
{
    return std::accumulate(m_counts.begin(), m_counts.end(), std::int64_t {0});
}

std::int64_t ConfusionMatrix::correct() const
{
    std::int64_t sum = 0;
    for (int i = 0; i < m_classes; ++i)
        sum += at(i, i);
    return sum;
}

double ConfusionMatrix::accuracy() const
{
    const std::int64_t all = total();
    return all > 0 ? static_cast<double>(correct()) / static_cast<double>(all) : 0.0;
}

std::vector<ClassScore> ConfusionMatrix::perClass() const
{
    std::vector<ClassScore> scores(static_cast<std::size_t>(m_classes));
    const auto share = [](std::int64_t part, std::int64_t whole) {
        return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
    };
    for (int i = 0; i < m_classes; ++i) {
        ClassScore& score = scores[static_cast<std::size_t>(i)];
        for (int j = 0; j < m_classes; ++j) {
            score.pictures += at(i, j);
            score.predicted += at(j, i);
        }
        score.correct = at(i, i);
        score.precision = share(score.correct, score.predicted);
        score.recall = share(score.correct, score.pictures);
    }
    return scores;
}

void softmax(std::span<float> logits)
{
    if (logits.empty())
        return;
    const float largest = *std::ranges::max_element(logits);
    double sum = 0.0;
    for (const float logit : logits)
        sum += std::exp(static_cast<double>(logit - largest));
    for (float& logit : logits)
        logit = static_cast<float>(std::exp(static_cast<double>(logit - largest)) / sum);
}

} // namespace graft
