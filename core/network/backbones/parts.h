#pragma once
#include "core/network/backbone.h"

#include <string>
#include <string_view>

// What several backbones are made of.
namespace graft::network::parts {

using Value = GraphBuilder::Value;

/// The graph's beginning: the input, and the pixels as the weights expect them. Throws Error where the input
/// is smaller than `smallest` pixels, naming them.
GraphBuilder begin(std::string_view title, const BuildOptions& options, int smallest);
Value normalised(GraphBuilder& g, const PreprocessSpec& preprocess);

/// A convolution and the batch norm behind it, each with its own name.
Value convBn(GraphBuilder& g, Value x, const std::string& conv, const std::string& bn, const Conv& op,
             double epsilon = 1e-5);

/// torchvision's names from those of Cadene's pretrained-models, which call the classifier 'last_linear'.
std::string fromLastLinear(std::string_view name);

/// `to` in place of `from` where the name begins with it; the name as it is elsewhere.
std::string replacePrefix(std::string_view name, std::string_view from, std::string_view to);

} // namespace graft::network::parts
