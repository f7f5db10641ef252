#pragma once
#include "core/network/weights/tensor_map.h"

#include <string_view>

namespace graft::network {

/// The network whose weights these are, also one that Graft does not build ("ResNet-101"), told by the names
/// and shapes of two tensors, as torchvision and timm name them; the classifier is not looked at, so that a
/// fine-tuned network is recognised as well. Ours have their BackboneSpec's title. Empty where none is known.
std::string_view recogniseNetwork(const TensorMap& weights);

} // namespace graft::network
