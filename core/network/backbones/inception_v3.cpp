// Szegedy et al., "Rethinking the Inception architecture for computer vision" (2015). Names are those of
// torchvision's weight file. torchvision hands that network pixels with ImageNet's mean and deviation and
// turns them, in `transform_input`, into (pixel / 255 - 0.5) / 0.5; here they are that from the start.
#include "core/network/backbones/parts.h"

namespace graft::network {

namespace {

using parts::Value;

constexpr std::string_view title = "InceptionV3";
constexpr int smallest = 75; ///< pixels: Mixed_7c then has one row
constexpr int smallestAuxiliary = 299; ///< pixels: the auxiliary head's 5x5 convolution then has one place

constexpr PreprocessSpec preprocessing {.resize = 342,
                                        .crop = 299,
                                        .interpolation = Interpolation::Bilinear,
                                        .mean = {0.5F, 0.5F, 0.5F},
                                        .std = {0.5F, 0.5F, 0.5F}};

Value conv(GraphBuilder& g, Value x, const std::string& name, const Conv& op)
{
    constexpr double epsilon = 1e-3;
    return g.add(name + ".relu", Relu {}, {parts::convBn(g, x, name + ".conv", name + ".bn", op, epsilon)});
}

/// The convolutions of one module, named after it.
class Module
{
public:
    Module(GraphBuilder& g, Value x, std::string name)
        : m_g(g)
        , m_x(x)
        , m_name(std::move(name))
    {
    }

    Value input() const { return m_x; }

    Value point(Value x, const std::string& branch, int channels)
    {
        return conv(m_g, x, m_name + "." + branch, {.channels = channels});
    }

    /// Keeps height and width.
    Value same(Value x, const std::string& branch, int channels, Extent kernel)
    {
        const Extent padding {kernel.height / 2, kernel.width / 2};
        return conv(m_g, x, m_name + "." + branch,
                    {.channels = channels, .kernel = kernel, .padding = padding});
    }

    Value halved(Value x, const std::string& branch, int channels)
    {
        return conv(m_g, x, m_name + "." + branch, {.channels = channels, .kernel = 3, .stride = 2});
    }

    Value average(const std::string& branch, int channels)
    {
        const AvgPool pool {.kernel = 3, .stride = 1, .padding = 1};
        return point(m_g.add(m_name + ".average", pool, {m_x}), branch, channels);
    }

    Value largest() { return m_g.add(m_name + ".largest", MaxPool {.kernel = 3, .stride = 2}, {m_x}); }

    Value join(const std::string& branch, const std::vector<Value>& parts)
    {
        return m_g.add(m_name + branch + ".join", Concat {}, parts);
    }

private:
    GraphBuilder& m_g;
    Value m_x;
    std::string m_name;
};

Value inceptionA(Module m, int poolChannels)
{
    const Value one = m.point(m.input(), "branch1x1", 64);
    const Value five = m.same(m.point(m.input(), "branch5x5_1", 48), "branch5x5_2", 64, 5);
    Value three = m.point(m.input(), "branch3x3dbl_1", 64);
    three = m.same(three, "branch3x3dbl_2", 96, 3);
    three = m.same(three, "branch3x3dbl_3", 96, 3);
    return m.join("", {one, five, three, m.average("branch_pool", poolChannels)});
}

Value inceptionB(Module m)
{
    const Value three = m.halved(m.input(), "branch3x3", 384);
    Value twice = m.point(m.input(), "branch3x3dbl_1", 64);
    twice = m.same(twice, "branch3x3dbl_2", 96, 3);
    twice = m.halved(twice, "branch3x3dbl_3", 96);
    return m.join("", {three, twice, m.largest()});
}

Value inceptionC(Module m, int width)
{
    const Extent row {1, 7};
    const Extent column {7, 1};
    const Value one = m.point(m.input(), "branch1x1", 192);
    Value seven = m.point(m.input(), "branch7x7_1", width);
    seven = m.same(seven, "branch7x7_2", width, row);
    seven = m.same(seven, "branch7x7_3", 192, column);
    Value twice = m.point(m.input(), "branch7x7dbl_1", width);
    twice = m.same(twice, "branch7x7dbl_2", width, column);
    twice = m.same(twice, "branch7x7dbl_3", width, row);
    twice = m.same(twice, "branch7x7dbl_4", width, column);
    twice = m.same(twice, "branch7x7dbl_5", 192, row);
    return m.join("", {one, seven, twice, m.average("branch_pool", 192)});
}

Value inceptionD(Module m)
{
    const Value three = m.halved(m.point(m.input(), "branch3x3_1", 192), "branch3x3_2", 320);
    Value seven = m.point(m.input(), "branch7x7x3_1", 192);
    seven = m.same(seven, "branch7x7x3_2", 192, {1, 7});
    seven = m.same(seven, "branch7x7x3_3", 192, {7, 1});
    seven = m.halved(seven, "branch7x7x3_4", 192);
    return m.join("", {three, seven, m.largest()});
}

Value inceptionE(Module m)
{
    const auto cross = [&](Value x, const std::string& branch, const std::string& layer) {
        return m.join(
            "." + branch,
            {m.same(x, branch + layer + "a", 384, {1, 3}), m.same(x, branch + layer + "b", 384, {3, 1})});
    };
    const Value one = m.point(m.input(), "branch1x1", 320);
    const Value three = cross(m.point(m.input(), "branch3x3_1", 384), "branch3x3", "_2");
    Value twice = m.point(m.input(), "branch3x3dbl_1", 448);
    twice = cross(m.same(twice, "branch3x3dbl_2", 384, 3), "branch3x3dbl", "_3");
    return m.join("", {one, three, twice, m.average("branch_pool", 192)});
}

Value stem(GraphBuilder& g, Value x)
{
    x = conv(g, x, "Conv2d_1a_3x3", {.channels = 32, .kernel = 3, .stride = 2});
    x = conv(g, x, "Conv2d_2a_3x3", {.channels = 32, .kernel = 3});
    x = conv(g, x, "Conv2d_2b_3x3", {.channels = 64, .kernel = 3, .padding = 1});
    x = g.add("maxpool1", MaxPool {.kernel = 3, .stride = 2}, {x});
    x = conv(g, x, "Conv2d_3b_1x1", {.channels = 80});
    x = conv(g, x, "Conv2d_4a_3x3", {.channels = 192, .kernel = 3});
    return g.add("maxpool2", MaxPool {.kernel = 3, .stride = 2}, {x});
}

/// A second classifier on the middle of the network, so that gradients reach the first layers when it is
/// trained from scratch.
Value auxiliaryHead(GraphBuilder& g, Value x, int classes)
{
    x = g.add("AuxLogits.average", AvgPool {.kernel = 5, .stride = 3}, {x});
    x = conv(g, x, "AuxLogits.conv0", {.channels = 128});
    x = conv(g, x, "AuxLogits.conv1", {.channels = 768, .kernel = 5});
    x = g.add("AuxLogits.pool", GlobalPool {}, {x});
    return g.add("AuxLogits.fc", Linear {classes}, {x});
}

Graph build(const BuildOptions& options)
{
    GraphBuilder g = parts::begin(title, options, options.auxiliary ? smallestAuxiliary : smallest);
    Value x = stem(g, parts::normalised(g, preprocessing));
    g.endStage("stem", x);
    const auto module = [&](const std::string& letter) { return Module(g, x, "Mixed_" + letter); };
    const auto end = [&](const std::string& letter, Value result) {
        x = result;
        g.endStage("mixed_" + letter, x);
    };
    end("5b", inceptionA(module("5b"), 32));
    end("5c", inceptionA(module("5c"), 64));
    end("5d", inceptionA(module("5d"), 64));
    end("6a", inceptionB(module("6a")));
    end("6b", inceptionC(module("6b"), 128));
    end("6c", inceptionC(module("6c"), 160));
    end("6d", inceptionC(module("6d"), 160));
    end("6e", inceptionC(module("6e"), 192));
    if (options.auxiliary)
        g.setAuxiliary(auxiliaryHead(g, x, options.classes));
    end("7a", inceptionD(module("7a")));
    end("7b", inceptionE(module("7b")));
    end("7c", inceptionE(module("7c")));
    x = g.add("avgpool", GlobalPool {}, {x});
    x = g.add("dropout", Dropout {}, {x});
    g.add("fc", Linear {options.classes}, {x});
    return std::move(g).build();
}

} // namespace

BackboneSpec inceptionV3()
{
    return {"inception-v3",
            title,
            "Looks at several scales at once; accurate, and fits pictures with details of all sizes.",
            preprocessing,
            "mixed_7c",
            build,
            smallest,
            parts::fromLastLinear};
}

} // namespace graft::network
