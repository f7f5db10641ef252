#include "core/network/backbones/parts.h"

#include "core/base/error.h"

namespace graft::network::parts {

GraphBuilder begin(std::string_view title, const BuildOptions& options, int smallest)
{
    if (options.inputSize < smallest) {
        const std::string pixels = std::to_string(smallest) + " pixels";
        throw Error(std::string(title),
                    "cannot look at pictures of " + std::to_string(options.inputSize)
                        + " pixels; it needs at least " + pixels,
                    "Choose an input size of " + pixels + " or more.");
    }
    return GraphBuilder({3, options.inputSize, options.inputSize});
}

Value normalised(GraphBuilder& g, const PreprocessSpec& preprocess)
{
    return g.add("normalise", normalisation(preprocess), {g.input()});
}

Value convBn(GraphBuilder& g, Value x, const std::string& conv, const std::string& bn, const Conv& op,
             double epsilon)
{
    return g.add(bn, BatchNorm {.epsilon = epsilon}, {g.add(conv, op, {x})});
}

std::string fromLastLinear(std::string_view name)
{
    return replacePrefix(name, "last_linear.", "fc.");
}

std::string replacePrefix(std::string_view name, std::string_view from, std::string_view to)
{
    if (!name.starts_with(from))
        return std::string(name);
    return std::string(to).append(name.substr(from.size()));
}

} // namespace graft::network::parts
