#include "core/network/weights/recognise.h"

#include <algorithm>
#include <array>
#include <span>

namespace graft::network {

namespace {

struct Mark {
    std::string_view tensor;
    std::array<std::int64_t, 4> shape; ///< 0 where it has fewer axes
};

struct Kind {
    std::string_view title;
    Mark first;
    Mark second;
};

constexpr std::array<std::int64_t, 4> stem3x3 {64, 3, 3, 3};
constexpr std::array<std::int64_t, 4> bottleneck {64, 64, 3, 3}; // of ResNet's first block
constexpr std::array<std::int64_t, 4> wide {128, 128, 3, 3};
constexpr std::array<std::int64_t, 4> square512 {512, 512, 3, 3};

/// The first that fits counts: a deeper network has the tensors of its shallower sister, and more.
constexpr std::array kinds {
    Kind {"ResNet-152", {"layer1.0.conv2.weight", bottleneck}, {"layer3.35.conv2.weight", {256, 256, 3, 3}}},
    Kind {"ResNet-101", {"layer1.0.conv2.weight", bottleneck}, {"layer3.22.conv3.weight", {1024, 256, 1, 1}}},
    Kind {"ResNet50", {"layer1.0.conv2.weight", bottleneck}, {"layer3.5.conv3.weight", {1024, 256, 1, 1}}},
    Kind {"ResNet-34", {"layer1.0.conv2.weight", bottleneck}, {"layer3.5.conv2.weight", {256, 256, 3, 3}}},
    Kind {"ResNet-18", {"layer1.0.conv2.weight", bottleneck}, {"layer3.1.conv2.weight", {256, 256, 3, 3}}},
    Kind {"Wide ResNet-101", {"layer1.0.conv2.weight", wide}, {"layer3.22.conv2.weight", {512, 512, 3, 3}}},
    Kind {"Wide ResNet-50", {"layer1.0.conv2.weight", wide}, {"layer3.5.conv2.weight", {512, 512, 3, 3}}},
    Kind {"ResNeXt-101",
          {"layer1.0.conv2.weight", {256, 8, 3, 3}},
          {"layer3.22.conv2.weight", {1024, 32, 3, 3}}},
    Kind {
        "ResNeXt-50", {"layer1.0.conv2.weight", {128, 4, 3, 3}}, {"layer3.5.conv2.weight", {512, 16, 3, 3}}},

    Kind {"VGG19 with batch norm", {"features.0.weight", stem3x3}, {"features.49.weight", square512}},
    Kind {"VGG16 with batch norm", {"features.0.weight", stem3x3}, {"features.40.weight", square512}},
    Kind {"VGG13 with batch norm", {"features.0.weight", stem3x3}, {"features.31.weight", square512}},
    Kind {"VGG11 with batch norm", {"features.4.weight", {128, 64, 3, 3}}, {"features.25.weight", square512}},
    Kind {"VGG19", {"features.0.weight", stem3x3}, {"features.34.weight", square512}},
    Kind {"VGG16", {"features.0.weight", stem3x3}, {"features.28.weight", square512}},
    Kind {"VGG13", {"features.2.weight", {64, 64, 3, 3}}, {"features.22.weight", square512}},
    Kind {"VGG11", {"features.3.weight", {128, 64, 3, 3}}, {"features.18.weight", square512}},
    Kind {"AlexNet", {"features.0.weight", {64, 3, 11, 11}}, {"features.3.weight", {192, 64, 5, 5}}},

    Kind {"InceptionV4",
          {"features.0.conv.weight", {32, 3, 3, 3}},
          {"features.21.branch3.1.conv.weight", {256, 1536, 1, 1}}},
    Kind {"InceptionV3",
          {"Conv2d_1a_3x3.conv.weight", {32, 3, 3, 3}},
          {"Mixed_7c.branch_pool.conv.weight", {192, 2048, 1, 1}}},
    Kind {"GoogLeNet",
          {"conv1.conv.weight", {64, 3, 7, 7}},
          {"inception5b.branch4.1.conv.weight", {128, 832, 1, 1}}},
    Kind {"Xception",
          {"block1.rep.0.pointwise.weight", {128, 64, 1, 1}},
          {"block12.rep.4.pointwise.weight", {1024, 728, 1, 1}}},

    Kind {"DenseNet-121", {"features.conv0.weight", {64, 3, 7, 7}}, {"features.norm5.weight", {1024}}},
    Kind {"DenseNet-169", {"features.conv0.weight", {64, 3, 7, 7}}, {"features.norm5.weight", {1664}}},
    Kind {"DenseNet-201", {"features.conv0.weight", {64, 3, 7, 7}}, {"features.norm5.weight", {1920}}},

    Kind {"MobileNetV2", {"features.0.0.weight", {32, 3, 3, 3}}, {"features.18.0.weight", {1280, 320, 1, 1}}},
    Kind {"MobileNetV2",
          {"conv_head.weight", {1280, 320, 1, 1}},
          {"blocks.6.0.conv_pwl.weight", {320, 960, 1, 1}}},
    Kind {"MobileNetV3 (large)",
          {"features.0.0.weight", {16, 3, 3, 3}},
          {"features.16.0.weight", {960, 160, 1, 1}}},
    Kind {"MobileNetV3 (small)",
          {"features.0.0.weight", {16, 3, 3, 3}},
          {"features.12.0.weight", {576, 96, 1, 1}}},

    Kind {"EfficientNet-B1",
          {"features.1.1.block.0.0.weight", {16, 1, 3, 3}},
          {"features.8.0.weight", {1280, 320, 1, 1}}},
    Kind {"EfficientNet-B0",
          {"features.1.0.block.0.0.weight", {32, 1, 3, 3}},
          {"features.8.0.weight", {1280, 320, 1, 1}}},
    Kind {"EfficientNet-B1",
          {"blocks.0.1.se.conv_reduce.weight", {4, 16, 1, 1}},
          {"conv_head.weight", {1280, 320, 1, 1}}},
    Kind {"EfficientNet-B0",
          {"blocks.0.0.se.conv_reduce.weight", {8, 32, 1, 1}},
          {"conv_head.weight", {1280, 320, 1, 1}}},

    // As in the files from PyPI, and as timm names them.
    Kind {
        "EfficientNet-Lite4", {"_conv_stem.weight", {32, 3, 3, 3}}, {"_conv_head.weight", {1280, 448, 1, 1}}},
    Kind {
        "EfficientNet-Lite3", {"_conv_stem.weight", {32, 3, 3, 3}}, {"_conv_head.weight", {1280, 384, 1, 1}}},
    Kind {
        "EfficientNet-Lite2", {"_conv_stem.weight", {32, 3, 3, 3}}, {"_conv_head.weight", {1280, 352, 1, 1}}},
    Kind {"EfficientNet-Lite1",
          {"_blocks.20._project_conv.weight", {320, 1152, 1, 1}},
          {"_conv_head.weight", {1280, 320, 1, 1}}},
    Kind {"EfficientNet-Lite0",
          {"_blocks.15._project_conv.weight", {320, 1152, 1, 1}},
          {"_conv_head.weight", {1280, 320, 1, 1}}},
    Kind {"EfficientNet-Lite4", {"blocks.5.0.bn3.weight", {272}}, {"conv_head.weight", {1280, 448, 1, 1}}},
    Kind {"EfficientNet-Lite3", {"blocks.5.0.bn3.weight", {232}}, {"conv_head.weight", {1280, 384, 1, 1}}},
    Kind {"EfficientNet-Lite2", {"blocks.5.0.bn3.weight", {208}}, {"conv_head.weight", {1280, 352, 1, 1}}},
    Kind {"EfficientNet-Lite1", {"blocks.5.4.bn3.weight", {192}}, {"conv_head.weight", {1280, 320, 1, 1}}},
    Kind {"EfficientNet-Lite0", {"blocks.5.3.bn3.weight", {192}}, {"conv_head.weight", {1280, 320, 1, 1}}},
};

bool has(const TensorMap& weights, const Mark& mark)
{
    const auto found = weights.find(mark.tensor);
    if (found == weights.end())
        return false;
    const auto axes = std::ranges::find(mark.shape, 0) - mark.shape.begin();
    return std::ranges::equal(found->second.shape,
                              std::span(mark.shape).first(static_cast<std::size_t>(axes)));
}

} // namespace

std::string_view recogniseNetwork(const TensorMap& weights)
{
    const auto* found = std::ranges::find_if(
        kinds, [&](const Kind& kind) { return has(weights, kind.first) && has(weights, kind.second); });
    return found == kinds.end() ? std::string_view() : found->title;
}

} // namespace graft::network
