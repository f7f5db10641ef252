#pragma once
#include "core/base/image.h"
#include "core/base/metrics.h"
#include "core/base/picture_error.h"
#include "core/base/progress.h"
#include "core/share/model_file.h"
#include "core/store/project.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace graft::engine {

/// The answer for one picture.
struct Prediction {
    std::filesystem::path path; ///< as it was given; empty for a picture from memory
    std::vector<float> probabilities; ///< by class, sum 1
    int best = 0; ///< class with the largest
    bool rejected = false; ///< its probability is under the threshold: "none of these"
};

/// A file that could not be answered.
struct PictureProblem {
    std::filesystem::path path;
    PictureFault fault = PictureFault::NotAPicture;
    std::string reason; ///< a sentence
};

struct ClassifyResult {
    std::vector<Prediction> predictions; ///< in the order of the paths
    std::vector<PictureProblem> problems;
    bool stopped = false;
};

/// A trained model, ready to answer. The network runs in float32, so every screen gives the same numbers.
/// Not thread-safe: one call at a time.
class Classifier
{
public:
    /// From a model file. Re-checks the model's self-check and throws Error where an answer differs.
    explicit Classifier(const std::filesystem::path& modelFile, const std::string& device = "auto");
    ~Classifier();
    Classifier(Classifier&&) noexcept;
    Classifier& operator=(Classifier&&) noexcept;

    const share::ModelCard& card() const;

    Prediction classify(const Image& image);

    /// From now on classify(paths) answers with the mean over the picture as it is and this many draws of the
    /// recipe that the model learned with (test-time augmentation). 0: none. Throws Error where it learned
    /// without augmentation, and then answers as before.
    void setTestTimeCopies(int copies);

    /// Folders are read recursively. `each`, if set, is told every answer as it comes, on the calling thread.
    ClassifyResult classify(const std::vector<std::filesystem::path>& paths, double reject,
                            const ProgressSink& progress, std::stop_token stop,
                            const std::function<void(const Prediction&)>& each = {});

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The model file behind MODEL|P.graft: a file is itself; of a project the run that is named, or the latest
/// finished one. Throws Error.
std::filesystem::path findModel(const std::filesystem::path& modelOrProject, const std::string& run = {});

} // namespace graft::engine
