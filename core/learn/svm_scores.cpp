#include "core/learn/svm_scores.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>

namespace graft::learn {

namespace {

/// Mean of -log softmax(score / temperature) of the truth.
double loss(const Scores& scores, const std::vector<std::int64_t>& truth, int classes, double temperature)
{
    double sum = 0.0;
    for (std::size_t row = 0; row < truth.size(); ++row) {
        const double* own = scores.data() + row * static_cast<std::size_t>(classes);
        const double largest = *std::max_element(own, own + classes);
        double total = 0.0;
        for (int k = 0; k < classes; ++k)
            total += std::exp((own[k] - largest) / temperature);
        sum += std::log(total) - (own[truth[row]] - largest) / temperature;
    }
    return sum / static_cast<double>(truth.size());
}

} // namespace

void requireLearnable(const LabelledFeatures& features)
{
    const auto [least, most] = std::ranges::minmax(features.labels);
    if (features.labels.empty() || least == most)
        throw Error("classes", "there is only one", "Add a second class: a folder with other pictures.");
}

std::map<int, double> classPrices(const LabelledFeatures& features)
{
    std::map<int, double> prices;
    for (const std::int64_t label : features.labels)
        prices[static_cast<int>(label)] += 1.0;
    const double share = static_cast<double>(features.rows()) / static_cast<double>(prices.size());
    for (auto& [label, price] : prices)
        price = share / price;
    return prices;
}

int foldsFor(const LabelledFeatures& features, int wanted)
{
    std::map<std::int64_t, int> counts;
    for (std::size_t row = 0; row < features.labels.size(); ++row) {
        if (features.augmented.empty() || !features.augmented[row])
            ++counts[features.labels[row]];
    }
    int smallest = wanted;
    for (const auto& [label, count] : counts)
        smallest = std::min(smallest, count);
    return std::max(2, smallest);
}

int bestClass(const Scores& scores, std::size_t row, int classes)
{
    const auto begin = scores.begin() + static_cast<std::ptrdiff_t>(row) * classes;
    return static_cast<int>(std::max_element(begin, begin + classes) - begin);
}

ConfusionMatrix confusionOf(const Scores& scores, const std::vector<std::size_t>& rows,
                            const LabelledFeatures& features, int classes)
{
    ConfusionMatrix matrix(classes);
    for (std::size_t row = 0; row < rows.size(); ++row)
        matrix.add(static_cast<int>(features.labels[rows[row]]), bestClass(scores, row, classes));
    return matrix;
}

double fitTemperature(const Scores& scores, const std::vector<std::size_t>& rows,
                      const LabelledFeatures& features, int classes)
{
    // The loss has one minimum along the logarithm of the temperature: golden section finds it.
    constexpr double widest = 6.0; // e^±6
    constexpr double precise = 1e-4;
    constexpr double golden = 0.6180339887498949;
    std::vector<std::int64_t> truth;
    for (const std::size_t row : rows)
        truth.push_back(features.labels[row]);
    const auto at = [&](double logarithm) { return loss(scores, truth, classes, std::exp(logarithm)); };
    double low = -widest;
    double high = widest;
    while (high - low > precise) {
        const double left = high - golden * (high - low);
        const double right = low + golden * (high - low);
        (at(left) < at(right) ? high : low) = at(left) < at(right) ? right : left;
    }
    return std::exp((low + high) / 2.0);
}

} // namespace graft::learn
