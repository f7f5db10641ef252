#pragma once
#include "core/network/graph.h"
#include "core/neural/interpreter.h"
#include "core/share/model_file.h"

namespace graft::engine {

/// The graph that a model card describes: the backbone up to its cut, global pooling, the linear head.
network::Graph graphOf(const share::ModelCard& card);

/// For answers, in float32. Throws Error where the weights do not fit the card.
neural::Interpreter answeringNetwork(const share::Model& model, const std::string& device);

/// Logits of the five drawn pictures, [5, classes].
std::vector<float> selfCheckLogits(neural::Interpreter& network, const PreprocessSpec& spec);

} // namespace graft::engine
