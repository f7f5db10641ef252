#include "core/augment/op.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace graft::augment {

OpSpec flipHorizontal();
OpSpec flipVertical();
OpSpec rotate();
OpSpec quarterTurns();
OpSpec randomResizedCrop();
OpSpec shift();
OpSpec zoom();
OpSpec shear();
OpSpec perspective();
OpSpec elastic();
OpSpec gridDistortion();
OpSpec lensDistortion();
OpSpec brightness();
OpSpec contrast();
OpSpec gamma();
OpSpec equalise();
OpSpec autoContrast();
OpSpec invert();
OpSpec posterise();
OpSpec solarise();
OpSpec shadow();
OpSpec saturation();
OpSpec hue();
OpSpec temperature();
OpSpec channelShuffle();
OpSpec greyscale();
OpSpec gaussianBlur();
OpSpec motionBlur();
OpSpec sharpen();
OpSpec downscale();
OpSpec jpeg();
OpSpec gaussianNoise();
OpSpec shotNoise();
OpSpec saltPepper();
OpSpec cutout();
OpSpec gridMask();

std::span<const OpSpec> ops()
{
    static const std::array list {
        flipHorizontal(), flipVertical(),   rotate(),     quarterTurns(), randomResizedCrop(),
        shift(),          zoom(),           shear(),      perspective(),  elastic(),
        gridDistortion(), lensDistortion(), brightness(), contrast(),     gamma(),
        equalise(),       autoContrast(),   invert(),     posterise(),    solarise(),
        shadow(),         saturation(),     hue(),        temperature(),  channelShuffle(),
        greyscale(),      gaussianBlur(),   motionBlur(), sharpen(),      downscale(),
        jpeg(),           gaussianNoise(),  shotNoise(),  saltPepper(),   cutout(),
        gridMask(),
    };
    return list;
}

const OpSpec* findOp(std::string_view id)
{
    const auto found = std::ranges::find(ops(), id, &OpSpec::id);
    return found == ops().end() ? nullptr : &*found;
}

std::string_view title(Group group)
{
    switch (group) {
    case Group::Geometry:
        return "Geometry";
    case Group::Light:
        return "Light";
    case Group::Colour:
        return "Colour";
    case Group::Quality:
        return "Quality";
    case Group::Masking:
        break;
    }
    return "Masking";
}

std::string describe(const OpSpec& op, const Drawn& drawn)
{
    std::string text(op.title);
    for (std::size_t i = 0; i < op.texts.size(); ++i) {
        const DrawnText& part = op.texts[i];
        const double unit = std::pow(10.0, part.decimals);
        const double rounded = std::round(drawn[i] * part.scale * unit) / unit + 0.0; // never "-0"
        std::array<char, 32> number {};
        std::snprintf(number.data(), number.size(), "%.*f", part.decimals, rounded);
        text += i == 0 ? " " : ", ";
        text += part.before;
        text += number.data();
        text += part.after;
    }
    return text;
}

} // namespace graft::augment
