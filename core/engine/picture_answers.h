#pragma once
#include "core/base/preprocess_spec.h"
#include "core/engine/answer_network.h"
#include "core/engine/classifier.h"
#include "core/engine/training_view.h"

namespace graft::engine {

/// Asks a network about pictures: what every classifier does, whatever its classes are.

/// `path` is left empty.
Prediction answerOf(AnswerNetwork& network, const PreprocessSpec& spec, const Image& image);

/// Test-time augmentation: an answer is the mean of those for the picture as it is and for its first copies.
struct TestTimeCopies {
    const TrainingView* view = nullptr; ///< null: there are none
    int copies = 0;
};

/// As Classifier::classify; `network` gives one number for each of `classes`.
ClassifyResult answersOf(AnswerNetwork& network, const PreprocessSpec& spec, std::size_t classes,
                         const TestTimeCopies& testTime, const std::vector<std::filesystem::path>& paths,
                         double reject, const ProgressSink& progress, std::stop_token stop,
                         const std::function<void(const Prediction&)>& each);

} // namespace graft::engine
