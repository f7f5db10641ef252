#pragma once
#include "core/dataset/dataset.h"

namespace graft::tests {

/// `training`, `validation` and `test` pictures of each of two classes, without files.
inline dataset::Dataset countedPictures(int training, int validation, int test)
{
    dataset::Dataset data;
    data.classes = {"cat", "dog"};
    const int counts[] = {training, validation, test};
    for (int label = 0; label < 2; ++label) {
        for (int side = 0; side < 3; ++side) {
            for (int i = 0; i < counts[side]; ++i) {
                dataset::Picture picture;
                picture.label = label;
                picture.side = static_cast<dataset::Side>(side);
                data.pictures.push_back(picture);
            }
        }
    }
    return data;
}

} // namespace graft::tests
