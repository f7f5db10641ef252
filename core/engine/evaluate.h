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

struct EvaluateOptions {
    std::string run; ///< empty: the latest finished one
    std::string on = "test"; ///< "test", "validation" or a folder with one sub-folder per class
    int testTimeCopies = 0; ///< see Classifier::setTestTimeCopies
};

/// Throws Error; Stopped when stopped.
Evaluation evaluate(store::Project& project, const EvaluateOptions& options, const ProgressSink& progress,
                    std::stop_token stop);

} // namespace graft::engine
