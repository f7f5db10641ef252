#include "core/learn/head_logits.h"

#include <numeric>

namespace graft::learn {

std::vector<float> headLogits(const LinearModel& model, std::span<const float> features)
{
    if (model.rbf)
        return rbfLogits(*model.rbf, features);
    const std::size_t classes = model.bias.values.size();
    const std::size_t channels = model.weight.values.size() / classes;
    std::vector<float> logits;
    for (std::size_t row = 0; row + channels <= features.size(); row += channels) {
        const auto x = features.subspan(row, channels);
        for (std::size_t k = 0; k < classes; ++k) {
            const auto weight = std::span(model.weight.values).subspan(k * channels, channels);
            logits.push_back(static_cast<float>(std::inner_product(
                x.begin(), x.end(), weight.begin(), static_cast<double>(model.bias.values[k]))));
        }
    }
    return logits;
}

} // namespace graft::learn
