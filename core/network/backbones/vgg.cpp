// Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition" (2014),
// configurations D and E. Names are those of torchvision's weight files, which number the layers.
#include "core/network/backbones/parts.h"

#include <array>
#include <utility>

namespace graft::network {

namespace {

using parts::Value;

constexpr int smallest = 32; ///< pixels: five pools halve it to one

constexpr std::array channels {64, 128, 256, 512, 512};

using Depths = std::array<int, channels.size()>; ///< convolutions in each block

constexpr PreprocessSpec preprocessing {.resize = 256,
                                        .crop = 224,
                                        .interpolation = Interpolation::Bilinear,
                                        .mean = {0.485F, 0.456F, 0.406F},
                                        .std = {0.229F, 0.224F, 0.225F}};

Value convolutions(GraphBuilder& g, Value x, const Depths& depths)
{
    int layer = 0; // convolutions, activations and pools are counted alike
    const auto next = [&] { return "features." + std::to_string(layer++); };
    for (std::size_t block = 0; block < depths.size(); ++block) {
        for (int repeat = 0; repeat < depths[block]; ++repeat) {
            const Conv conv {.channels = channels[block], .kernel = 3, .padding = 1, .bias = true};
            x = g.add(next(), conv, {x});
            x = g.add(next(), Relu {}, {x});
        }
        x = g.add(next(), MaxPool {}, {x});
        g.endStage("block" + std::to_string(block + 1), x);
    }
    return x;
}

Graph build(std::string_view title, const BuildOptions& options, const Depths& depths)
{
    constexpr int hidden = 4096;
    GraphBuilder g = parts::begin(title, options, smallest);
    Value x = convolutions(g, parts::normalised(g, preprocessing), depths);
    x = g.add("avgpool", AdaptivePool {7}, {x});
    x = g.add("flatten", Flatten {}, {x});
    x = g.add("classifier.1", Relu {}, {g.add("classifier.0", Linear {hidden}, {x})});
    g.endStage("fc1", x);
    x = g.add("classifier.2", Dropout {}, {x});
    x = g.add("classifier.4", Relu {}, {g.add("classifier.3", Linear {hidden}, {x})});
    g.endStage("fc2", x);
    x = g.add("classifier.5", Dropout {}, {x});
    g.add("classifier.6", Linear {options.classes}, {x});
    return std::move(g).build();
}

/// timm writes the first two linear layers as convolutions of the same numbers.
std::string fromTimm(std::string_view name)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> pairs {
        {{"pre_logits.fc1.", "classifier.0."},
         {"pre_logits.fc2.", "classifier.3."},
         {"head.fc.", "classifier.6."}}};
    for (const auto& [theirs, ours] : pairs) {
        if (name.starts_with(theirs))
            return parts::replacePrefix(name, theirs, ours);
    }
    return std::string(name);
}

} // namespace

BackboneSpec vgg16()
{
    return {"vgg16",
            "VGG16",
            "The textbook network: thirteen convolutions in a row. Easy to understand, slow and large.",
            preprocessing,
            "block5",
            [](const BuildOptions& o) {
                return build("VGG16", o, {2, 2, 3, 3, 3});
            },
            smallest,
            fromTimm};
}

BackboneSpec vgg19()
{
    return {"vgg19",
            "VGG19",
            "VGG16 with three more convolutions: a little more accurate, and slower still.",
            preprocessing,
            "block5",
            [](const BuildOptions& o) { return build("VGG19", o, {2, 2, 4, 4, 4}); },
            smallest,
            fromTimm};
}

} // namespace graft::network
