#pragma once
#include "core/learn/strategy.h"
#include "core/network/graph.h"
#include "core/neural/interpreter.h"
#include "core/share/model_file.h"

#include <optional>

namespace graft::engine {

/// Gives logits for pictures. Not thread-safe.
class AnswerNetwork
{
public:
    /// `machine`: what turns the network's features into logits, where it does not end in them itself.
    explicit AnswerNetwork(neural::Interpreter network, std::optional<learn::RbfMachine> machine = {});

    /// Row-major [pictures, classes].
    std::vector<float> run(const neural::Batch& batch);

private:
    neural::Interpreter m_network;
    std::optional<learn::RbfMachine> m_machine;
};

/// Whether a support vector machine with a kernel stands behind the network, and no linear layer.
bool answersByKernel(const learn::Plan& plan);

/// The classifier on the features of the untouched backbone. Throws Error where its tensors do not fit.
learn::LinearModel headOf(const share::Model& model);

/// The graph that a model card describes: the backbone up to its cut, global pooling, and the linear head
/// unless a kernel stands there.
network::Graph graphOf(const share::ModelCard& card);

/// For answers, in float32. Throws Error where the weights do not fit the card.
AnswerNetwork answeringNetwork(const share::Model& model, const std::string& device);

/// Logits of the five drawn pictures, [5, classes].
std::vector<float> selfCheckLogits(AnswerNetwork& network, const PreprocessSpec& spec);

} // namespace graft::engine
