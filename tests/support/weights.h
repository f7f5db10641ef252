#pragma once
#include "core/engine/weights.h"

#include <QTest>

/// Ends a test function where the pretrained weights are not on this computer.
#define GRAFT_NEED_WEIGHTS(backbone)                                                                         \
    if (graft::engine::weightsStatus(backbone, false).state != graft::engine::WeightsState::Ready)           \
    QSKIP("needs the weights of " backbone ": graft-cli weights fetch " backbone)

/// Ends a test function where the real pictures are not beside the checkout.
#define GRAFT_NEED_PICTURES(folder)                                                                          \
    if (!std::filesystem::is_directory(std::filesystem::path(GRAFT_TEST_DATA) / (folder)))                   \
    QSKIP("needs the real pictures in " folder ", which do not come with the project")
