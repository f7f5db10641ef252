#pragma once
#include "core/network/graph.h"

#include <cstdint>

// How much memory one picture's float32 results take. Estimates: the weights, and what a layer needs for
// itself while it runs, come on top.
namespace graft::network {

/// The most bytes that live at once in evaluation, where each result is freed after its last reader and an
/// auxiliary head is not computed.
std::int64_t peakActivationBytes(const Graph& graph);

/// The most bytes that live at once in a training step of the whole graph: what the layers keep for their
/// gradients (as PyTorch does), and the gradients that are on their way back.
std::int64_t trainingActivationBytes(const Graph& graph);

} // namespace graft::network
