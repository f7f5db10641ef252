#pragma once
#include "core/engine/classifier.h"

#include <span>
#include <string>

namespace graft::engine {

/// A backbone as it came: it names ImageNet's 1,000 everyday things. The network stays loaded between
/// questions and runs in float32. Not thread-safe: one call at a time.
class ImagenetClassifier
{
public:
    /// `backbone`: whose pretrained weights are here. Throws Error where they are not, or are damaged.
    explicit ImagenetClassifier(const std::string& backbone, const std::string& device = "auto");
    ~ImagenetClassifier();
    ImagenetClassifier(ImagenetClassifier&&) noexcept;
    ImagenetClassifier& operator=(ImagenetClassifier&&) noexcept;

    Prediction classify(const Image& image); ///< by index 0..999; nothing is rejected

    /// As Classifier::classify.
    ClassifyResult classify(const std::vector<std::filesystem::path>& paths, const ProgressSink& progress,
                            std::stop_token stop, const std::function<void(const Prediction&)>& each = {});

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The names by index 0..999, as WordNet lists them: "tabby, tabby cat". Static.
std::span<const std::string> imagenetLabels();

/// The most probable things in one picture.
struct ImagenetAnswer {
    std::filesystem::path path;

    struct Entry {
        int index = 0; ///< 0..999
        std::string label;
        double probability = 0.0;
    };

    std::vector<Entry> top; ///< most probable first
};

struct ImagenetResult {
    std::vector<ImagenetAnswer> predictions;
    std::vector<PictureProblem> problems;
};

/// `top`: 1..1000 entries for each picture. Folders are read recursively. Throws Error, and Stopped.
ImagenetResult imagenet(const std::vector<std::filesystem::path>& paths, const std::string& backbone, int top,
                        const std::string& device, const ProgressSink& progress, std::stop_token stop);

} // namespace graft::engine
