#pragma once
#include "core/network/weights/tensor_map.h"

namespace graft::network {

/// The same function of its input with fewer layers: where a batch norm is the only reader of a convolution
/// that ends no stage, its scale and shift move into that convolution. Every stage keeps its result. For
/// evaluation only: the measured statistics become constants, and an auxiliary head is dropped.
WeightedGraph foldBatchNorm(const Graph& trained, TensorMap weights);

} // namespace graft::network
