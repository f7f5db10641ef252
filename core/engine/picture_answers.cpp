#include "core/engine/picture_answers.h"

#include "core/base/file.h"
#include "core/engine/expand_folders.h"
#include "core/engine/picture_batches.h"
#include "core/imaging/resize.h"

#include <algorithm>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

Prediction answer(const fs::path& path, std::vector<float> probabilities)
{
    Prediction prediction {path, std::move(probabilities), 0, false};
    prediction.best = static_cast<int>(std::ranges::max_element(prediction.probabilities)
                                       - prediction.probabilities.begin());
    return prediction;
}

std::vector<float> probabilitiesOf(std::span<const float> logits)
{
    std::vector<float> probabilities(logits.begin(), logits.end());
    softmax(probabilities);
    return probabilities;
}

/// The picture as it is, and then its copies.
PictureMaker pictureMaker(const PreprocessSpec& spec, const TestTimeCopies& testTime,
                          const std::vector<fs::path>& files)
{
    if (!testTime.view || testTime.copies == 0)
        return plainPictures(spec);
    const auto each = static_cast<std::size_t>(testTime.copies) + 1;
    return {.bytes = testTime.view->bytes(),
            .perFile = each,
            .make = [view = testTime.view, each, &files](std::size_t file, const Image& decoded,
                                                         std::span<std::uint8_t> out) {
                const TrainingPicture picture = view->prepare(decoded, sha256OfFile(files[file]));
                for (std::size_t copy = 0; copy < each; ++copy)
                    view->write(picture, static_cast<std::uint32_t>(copy),
                                out.subspan(copy * view->bytes(), view->bytes()));
            }};
}

/// Means over the pictures that belong to one file, which arrive in order.
class Means
{
public:
    explicit Means(std::size_t each)
        : m_each(each)
    {
    }

    /// Empty while some of the file's pictures are still to come.
    std::vector<float> add(std::vector<float> probabilities)
    {
        if (m_count++ == 0)
            m_sum.assign(probabilities.size(), 0.0F);
        for (std::size_t i = 0; i < m_sum.size(); ++i)
            m_sum[i] += probabilities[i] / static_cast<float>(m_each);
        if (m_count < m_each)
            return {};
        m_count = 0;
        return std::move(m_sum);
    }

private:
    std::size_t m_each;
    std::size_t m_count = 0;
    std::vector<float> m_sum;
};

} // namespace

Prediction answerOf(AnswerNetwork& network, const PreprocessSpec& spec, const Image& image)
{
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(spec.crop) * static_cast<std::size_t>(spec.crop)
                                     * 3);
    imaging::preprocess(image, spec, pixels);
    return answer({}, probabilitiesOf(network.run({pixels, 1})));
}

ClassifyResult answersOf(AnswerNetwork& network, const PreprocessSpec& spec, std::size_t classes,
                         const TestTimeCopies& testTime, const std::vector<fs::path>& paths, double reject,
                         const ProgressSink& progress, std::stop_token stop,
                         const std::function<void(const Prediction&)>& each)
{
    const auto files = expandFolders(paths);
    const PictureMaker maker = pictureMaker(spec, testTime, files);
    Means means(maker.perFile);
    ClassifyResult result;
    const auto take = [&](std::span<const std::size_t> positions, const neural::Batch& batch) {
        const auto logits = network.run(batch);
        for (std::size_t i = 0; i < positions.size(); ++i) {
            auto mean = means.add(probabilitiesOf(std::span(logits).subspan(i * classes, classes)));
            if (mean.empty())
                continue;
            Prediction one = answer(files[positions[i] / maker.perFile], std::move(mean));
            one.rejected = one.probabilities[static_cast<std::size_t>(one.best)] < reject;
            if (each)
                each(one);
            result.predictions.push_back(std::move(one));
        }
    };
    const PassReport pass =
        forEachBatch(files, maker, {"Looking at pictures", 0, static_cast<std::int64_t>(files.size())},
                     progress, std::move(stop), take);
    result.problems = pass.problems;
    result.stopped = pass.stopped;
    return result;
}

} // namespace graft::engine
