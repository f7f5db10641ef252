#pragma once
#include "core/dataset/dataset.h"

#include <string>

namespace graft::test {

/// Pictures that need not exist: three classes in turn, every fifth for validation, every seventh for the
/// test, and 0 and 3 are twins.
inline dataset::Dataset flowerData(int pictures)
{
    dataset::Dataset data;
    data.root = "/flowers";
    data.classes = {"Daisy", "Rose", "Tulip"};
    for (int i = 0; i < pictures; ++i) {
        dataset::Picture picture;
        picture.label = i % 3;
        picture.path = data.root / data.classes[static_cast<std::size_t>(picture.label)]
            / ("IMG_" + std::to_string(i) + ".jpg");
        picture.width = i % 2 == 0 ? 640 : 200;
        picture.height = 480;
        picture.group = i == 3 ? 0 : i;
        picture.side = i % 7 == 6 ? dataset::Side::Test
            : i % 5 == 4          ? dataset::Side::Validation
                                  : dataset::Side::Training;
        data.pictures.push_back(picture);
    }
    return data;
}

} // namespace graft::test
