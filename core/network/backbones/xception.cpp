// Chollet, "Xception: deep learning with depthwise separable convolutions" (2016), as in timm's
// legacy_xception, which Cadene converted from Keras. Names are those of xception-43020ad28.pth.
#include "core/network/backbones/parts.h"

namespace graft::network {

namespace {

using parts::convBn;
using parts::Value;

constexpr std::string_view title = "Xception";
constexpr int smallest = 32; ///< pixels: what is left for the exit flow is one

constexpr PreprocessSpec preprocessing {.resize = 333,
                                        .crop = 299,
                                        .interpolation = Interpolation::Bicubic,
                                        .mean = {0.5F, 0.5F, 0.5F},
                                        .std = {0.5F, 0.5F, 0.5F}};

/// A 3x3 convolution within each channel, then a 1x1 convolution across them.
Value separable(GraphBuilder& g, Value x, const std::string& name, int channels)
{
    const int before = g.shape(x).channels;
    x = g.add(name + ".conv1", Conv {.channels = before, .kernel = 3, .padding = 1, .groups = before}, {x});
    return g.add(name + ".pointwise", Conv {.channels = channels}, {x});
}

Value separableBn(GraphBuilder& g, Value x, const std::string& conv, const std::string& bn, int channels)
{
    return g.add(bn, BatchNorm {}, {separable(g, x, conv, channels)});
}

struct Block {
    std::vector<int> channels; ///< of each separable convolution
    int stride = 1;
    bool startsWithRelu = true;
};

/// The file numbers activations, convolutions and norms alike, from 0.
Value residual(GraphBuilder& g, Value x, const std::string& name, const Block& block)
{
    int layer = 0;
    const auto next = [&] { return name + ".rep." + std::to_string(layer++); };
    Value y = x;
    for (std::size_t i = 0; i < block.channels.size(); ++i) {
        if (i > 0 || block.startsWithRelu)
            y = g.add(next(), Relu {}, {y});
        const std::string conv = next();
        y = separableBn(g, y, conv, next(), block.channels[i]);
    }
    if (block.stride != 1)
        y = g.add(next(), MaxPool {.kernel = 3, .stride = block.stride, .padding = 1}, {y});
    if (block.stride != 1 || g.shape(x).channels != block.channels.back())
        x = convBn(g, x, name + ".skip", name + ".skipbn",
                   {.channels = block.channels.back(), .stride = block.stride});
    return g.add(name + ".add", Add {}, {y, x});
}

Value entryFlow(GraphBuilder& g, Value x)
{
    x = convBn(g, x, "conv1", "bn1", {.channels = 32, .kernel = 3, .stride = 2});
    x = g.add("act1", Relu {}, {x});
    x = convBn(g, x, "conv2", "bn2", {.channels = 64, .kernel = 3});
    x = g.add("act2", Relu {}, {x});
    g.endStage("stem", x);
    x = residual(g, x, "block1", {.channels = {128, 128}, .stride = 2, .startsWithRelu = false});
    g.endStage("entry1", x);
    x = residual(g, x, "block2", {.channels = {256, 256}, .stride = 2});
    g.endStage("entry2", x);
    x = residual(g, x, "block3", {.channels = {728, 728}, .stride = 2});
    g.endStage("entry3", x);
    return x;
}

Value middleFlow(GraphBuilder& g, Value x)
{
    constexpr int blocks = 8;
    constexpr int first = 4; // the file counts on from the entry flow
    for (int i = 0; i < blocks; ++i) {
        x = residual(g, x, "block" + std::to_string(first + i), {.channels = {728, 728, 728}});
        g.endStage("middle" + std::to_string(i + 1), x);
    }
    return x;
}

Value exitFlow(GraphBuilder& g, Value x)
{
    x = residual(g, x, "block12", {.channels = {728, 1024}, .stride = 2});
    g.endStage("exit1", x);
    x = g.add("act3", Relu {}, {separableBn(g, x, "conv3", "bn3", 1536)});
    x = g.add("act4", Relu {}, {separableBn(g, x, "conv4", "bn4", 2048)});
    g.endStage("exit2", x);
    return x;
}

Graph build(const BuildOptions& options)
{
    GraphBuilder g = parts::begin(title, options, smallest);
    Value x = exitFlow(g, middleFlow(g, entryFlow(g, parts::normalised(g, preprocessing))));
    x = g.add("global_pool", GlobalPool {}, {x});
    g.add("fc", Linear {options.classes}, {x});
    return std::move(g).build();
}

} // namespace

BackboneSpec xception()
{
    return {"xception",
            title,
            "Small for its accuracy, but it takes its time: every convolution is split in two.",
            preprocessing,
            "exit2",
            build,
            smallest,
            parts::fromLastLinear};
}

} // namespace graft::network
