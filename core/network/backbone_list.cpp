#include "core/base/error.h"
#include "core/network/backbone.h"

#include <algorithm>
#include <array>

namespace graft::network {

BackboneSpec efficientnetLite0();
BackboneSpec efficientnetLite1();
BackboneSpec efficientnetLite2();
BackboneSpec inceptionV3();
BackboneSpec resnet50();
BackboneSpec vgg16();
BackboneSpec vgg19();
BackboneSpec xception();

Affine normalisation(const PreprocessSpec& spec)
{
    Affine affine;
    for (std::size_t i = 0; i < spec.mean.size(); ++i) {
        affine.scale.push_back(1.0F / (255.0F * spec.std[i]));
        affine.shift.push_back(-spec.mean[i] / spec.std[i]);
    }
    return affine;
}

std::span<const BackboneSpec> backbones()
{
    static const std::array list {
        efficientnetLite0(),
        efficientnetLite1(),
        efficientnetLite2(),
        resnet50(),
        inceptionV3(),
        xception(),
        vgg16(),
        vgg19(),
    };
    return list;
}

const BackboneSpec& backbone(std::string_view id)
{
    const auto found = std::ranges::find(backbones(), id, &BackboneSpec::id);
    if (found != backbones().end())
        return *found;
    std::string known;
    for (const BackboneSpec& spec : backbones())
        known.append(" ").append(spec.id);
    throw Error(std::string(id), "there is no such backbone", "Choose one of:" + known + ".");
}

} // namespace graft::network
