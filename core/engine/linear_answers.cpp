#include "core/engine/linear_answers.h"

#include <algorithm>
#include <numeric>

namespace graft::engine {

namespace {

void appendLogits(const learn::LinearModel& model, const learn::LabelledFeatures& features, std::size_t row,
                  std::vector<float>& logits)
{
    const auto channels = static_cast<std::size_t>(features.channels);
    const auto x = std::span(features.values).subspan(row * channels, channels);
    for (std::size_t i = 0; i < model.bias.values.size(); ++i) {
        const auto weight = std::span(model.weight.values).subspan(i * channels, channels);
        logits.push_back(static_cast<float>(std::inner_product(x.begin(), x.end(), weight.begin(),
                                                               static_cast<double>(model.bias.values[i]))));
    }
}

} // namespace

std::vector<float> linearLogits(const learn::LinearModel& model, const learn::LabelledFeatures& features)
{
    std::vector<float> logits;
    for (std::size_t row = 0; row < features.labels.size(); ++row)
        appendLogits(model, features, row, logits);
    return logits;
}

std::vector<float> linearProbabilities(const learn::LinearModel& model,
                                       const learn::LabelledFeatures& features, std::size_t row)
{
    std::vector<float> logits;
    appendLogits(model, features, row, logits);
    softmax(logits);
    return logits;
}

ConfusionMatrix linearConfusion(const learn::LinearModel& model, const learn::LabelledFeatures& features,
                                int classes)
{
    ConfusionMatrix matrix(classes);
    for (std::size_t row = 0; row < features.labels.size(); ++row) {
        const auto probabilities = linearProbabilities(model, features, row);
        matrix.add(static_cast<int>(features.labels[row]),
                   static_cast<int>(std::ranges::max_element(probabilities) - probabilities.begin()));
    }
    return matrix;
}

} // namespace graft::engine
