#pragma once
#include "core/engine/classifier.h"

namespace graft::engine {

struct Evaluation {
    std::string run;
    std::string on; ///< "test", "validation" or the folder
    std::vector<std::string> classes;
    ConfusionMatrix confusion;
    std::vector<Prediction> predictions; ///< one for each picture that could be read
    std::vector<int> truths; ///< label of each prediction
    std::vector<PictureProblem> problems;
};

/// `on` is "test", "validation" or a folder with one sub-folder per class. `run` may be empty: the latest
/// finished one. Throws Error; Stopped when stopped.
Evaluation evaluate(store::Project& project, const std::string& run, const std::string& on,
                    const ProgressSink& progress, std::stop_token stop);

} // namespace graft::engine
