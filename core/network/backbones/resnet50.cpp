// He et al., "Deep residual learning for image recognition" (2015), in torchvision's variant: the stride
// sits in the 3x3 convolution. Names are those of torchvision's weight files; timm's are the same.
#include "core/network/backbones/parts.h"

#include <array>

namespace graft::network {

namespace {

using parts::convBn;
using parts::Value;

constexpr std::string_view title = "ResNet50";
constexpr int smallest = 32; ///< pixels: five steps halve it to one

constexpr PreprocessSpec preprocessing {.resize = 256,
                                        .crop = 224,
                                        .interpolation = Interpolation::Bilinear,
                                        .mean = {0.485F, 0.456F, 0.406F},
                                        .std = {0.229F, 0.224F, 0.225F}};

Value bottleneck(GraphBuilder& g, Value x, const std::string& name, int width, int stride)
{
    const int channels = 4 * width;
    Value y = convBn(g, x, name + ".conv1", name + ".bn1", {.channels = width});
    y = g.add(name + ".relu1", Relu {}, {y});
    y = convBn(g, y, name + ".conv2", name + ".bn2",
               {.channels = width, .kernel = 3, .stride = stride, .padding = 1});
    y = g.add(name + ".relu2", Relu {}, {y});
    y = convBn(g, y, name + ".conv3", name + ".bn3", {.channels = channels});
    if (g.shape(x).channels != channels || stride != 1)
        x = convBn(g, x, name + ".downsample.0", name + ".downsample.1",
                   {.channels = channels, .stride = stride});
    y = g.add(name + ".add", Add {}, {y, x});
    return g.add(name + ".relu3", Relu {}, {y});
}

Graph build(const BuildOptions& options)
{
    constexpr std::array blocks {3, 4, 6, 3};
    GraphBuilder g = parts::begin(title, options, smallest);
    Value x = parts::normalised(g, preprocessing);
    x = convBn(g, x, "conv1", "bn1", {.channels = 64, .kernel = 7, .stride = 2, .padding = 3});
    x = g.add("relu", Relu {}, {x});
    x = g.add("maxpool", MaxPool {.kernel = 3, .stride = 2, .padding = 1}, {x});
    g.endStage("stem", x);
    for (int stage = 0; stage < static_cast<int>(blocks.size()); ++stage) {
        const std::string name = "layer" + std::to_string(stage + 1);
        for (int block = 0; block < blocks[stage]; ++block)
            x = bottleneck(g, x, name + "." + std::to_string(block), 64 << stage,
                           block == 0 && stage > 0 ? 2 : 1);
        g.endStage(name, x);
    }
    x = g.add("avgpool", GlobalPool {}, {x});
    g.add("fc", Linear {options.classes}, {x});
    return std::move(g).build();
}

} // namespace

BackboneSpec resnet50()
{
    return {"resnet50",
            title,
            "Accurate and well studied; a good choice where a graphics card is at hand.",
            preprocessing,
            "layer4",
            build,
            smallest,
            parts::fromLastLinear};
}

} // namespace graft::network
