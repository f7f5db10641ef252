#include "core/engine/linear_answers.h"

#include "core/learn/head_logits.h"

#include <algorithm>
#include <span>

namespace graft::engine {

std::vector<float> linearLogits(const learn::LinearModel& model, const learn::LabelledFeatures& features)
{
    return learn::headLogits(model, features.values);
}

std::vector<float> linearProbabilities(const learn::LinearModel& model,
                                       const learn::LabelledFeatures& features, std::size_t row)
{
    const auto channels = static_cast<std::size_t>(features.channels);
    std::vector<float> logits =
        learn::headLogits(model, std::span(features.values).subspan(row * channels, channels));
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
