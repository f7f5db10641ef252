#include "core/engine/picture_answers.h"

#include "core/engine/expand_folders.h"
#include "core/engine/picture_batches.h"
#include "core/imaging/resize.h"

#include <algorithm>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

Prediction answer(const fs::path& path, std::span<const float> logits)
{
    Prediction prediction {path, {logits.begin(), logits.end()}, 0, false};
    softmax(prediction.probabilities);
    prediction.best = static_cast<int>(std::ranges::max_element(prediction.probabilities)
                                       - prediction.probabilities.begin());
    return prediction;
}

} // namespace

Prediction answerOf(neural::Interpreter& network, const PreprocessSpec& spec, const Image& image)
{
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(spec.crop) * static_cast<std::size_t>(spec.crop)
                                     * 3);
    imaging::preprocess(image, spec, pixels);
    return answer({}, network.run({pixels, 1}));
}

ClassifyResult answersOf(neural::Interpreter& network, const PreprocessSpec& spec, std::size_t classes,
                         const std::vector<fs::path>& paths, double reject, const ProgressSink& progress,
                         std::stop_token stop, const std::function<void(const Prediction&)>& each)
{
    const auto files = expandFolders(paths);
    ClassifyResult result;
    const PassReport pass =
        forEachBatch(files, spec, {"Looking at pictures", 0, static_cast<std::int64_t>(files.size())},
                     progress, stop, [&](std::span<const std::size_t> positions, const neural::Batch& batch) {
                         const auto logits = network.run(batch);
                         for (std::size_t i = 0; i < positions.size(); ++i) {
                             Prediction one =
                                 answer(files[positions[i]], std::span(logits).subspan(i * classes, classes));
                             one.rejected = one.probabilities[static_cast<std::size_t>(one.best)] < reject;
                             if (each)
                                 each(one);
                             result.predictions.push_back(std::move(one));
                         }
                     });
    result.problems = pass.problems;
    result.stopped = pass.stopped;
    return result;
}

} // namespace graft::engine
