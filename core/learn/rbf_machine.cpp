#include "core/learn/rbf_machine.h"

#include "core/base/error.h"

#include <cmath>

namespace graft::learn {

namespace {

constexpr const char* supportName = "graft_head.support";
constexpr const char* coefficientsName = "graft_head.coefficients";
constexpr const char* biasName = "graft_head.bias";
constexpr const char* meanName = "graft_head.mean";
constexpr const char* scaleName = "graft_head.scale";
constexpr const char* gammaName = "graft_head.gamma";

const network::Tensor& tensorNamed(const network::TensorMap& tensors, const char* name,
                                   std::size_t dimensions)
{
    const auto found = tensors.find(name);
    if (found == tensors.end() || found->second.shape.size() != dimensions)
        throw Error(name, "is missing in this model, or has another shape than a kernel's",
                    "Use another copy of this model, or train it again.");
    return found->second;
}

} // namespace

std::vector<float> rbfLogits(const RbfMachine& machine, std::span<const float> features)
{
    const std::size_t channels = machine.mean.values.size();
    const std::size_t classes = machine.bias.values.size();
    const auto vectors = static_cast<std::size_t>(machine.support.shape.at(0));
    std::vector<float> logits;
    std::vector<float> z(channels);
    std::vector<double> likeness(vectors);
    for (std::size_t row = 0; row + channels <= features.size(); row += channels) {
        for (std::size_t c = 0; c < channels; ++c)
            z[c] = (features[row + c] - machine.mean.values[c]) * machine.scale.values[c];
        for (std::size_t i = 0; i < vectors; ++i) {
            const float* support = &machine.support.values[i * channels];
            double distance = 0.0;
            for (std::size_t c = 0; c < channels; ++c) {
                const double apart = z[c] - support[c];
                distance += apart * apart;
            }
            likeness[i] = std::exp(-static_cast<double>(machine.gamma) * distance);
        }
        for (std::size_t k = 0; k < classes; ++k) {
            double sum = machine.bias.values[k];
            for (std::size_t i = 0; i < vectors; ++i)
                sum += machine.coefficients.values[k * vectors + i] * likeness[i];
            logits.push_back(static_cast<float>(sum));
        }
    }
    return logits;
}

network::TensorMap rbfTensors(const RbfMachine& machine)
{
    return {{supportName, machine.support}, {coefficientsName, machine.coefficients},
            {biasName, machine.bias},       {meanName, machine.mean},
            {scaleName, machine.scale},     {gammaName, {{1}, {machine.gamma}}}};
}

RbfMachine rbfFromTensors(const network::TensorMap& tensors)
{
    RbfMachine machine {.support = tensorNamed(tensors, supportName, 2),
                        .coefficients = tensorNamed(tensors, coefficientsName, 2),
                        .bias = tensorNamed(tensors, biasName, 1),
                        .mean = tensorNamed(tensors, meanName, 1),
                        .scale = tensorNamed(tensors, scaleName, 1),
                        .gamma = 0.0F};
    const network::Tensor& gamma = tensorNamed(tensors, gammaName, 1);
    const std::int64_t vectors = machine.support.shape[0];
    const std::int64_t channels = machine.support.shape[1];
    const bool fit = vectors > 0 && channels > 0 && gamma.shape[0] == 1
        && machine.coefficients.shape == std::vector {machine.bias.shape[0], vectors}
        && machine.mean.shape == std::vector {channels} && machine.scale.shape == machine.mean.shape;
    if (!fit || !(gamma.values[0] > 0.0F))
        throw Error(supportName, "does not fit the other tensors of this model",
                    "Use another copy of this model, or train it again.");
    machine.gamma = gamma.values[0];
    return machine;
}

} // namespace graft::learn
