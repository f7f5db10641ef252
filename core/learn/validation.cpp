#include "core/learn/validation.h"

#include "core/base/error.h"
#include "core/learn/batch_reader.h"

#include <algorithm>

namespace graft::learn {

namespace {

constexpr std::size_t picturesToRead = 32; // at once

void evaluate(neural::Trainer& trainer, const ReadBatch& batch, std::size_t bytes, std::size_t atOnce,
              std::vector<neural::Evaluation>& begun)
{
    for (std::size_t begin = 0; begin < batch.size();) {
        const std::size_t count = std::min(atOnce, batch.size() - begin);
        try {
            begun.push_back(trainer.beginEvaluation(neural::Batch {
                std::span(batch.pixels).subspan(begin * bytes, count * bytes), static_cast<int>(count)}));
            begin += count;
        } catch (const neural::OutOfMemory&) {
            if (atOnce == 1)
                throw;
            atOnce /= 2;
        }
    }
}

} // namespace

Validation validate(neural::Trainer& trainer, const SampleSource& source, int classes, neural::Loss loss,
                    std::size_t atOnce)
{
    Validation result;
    std::vector<std::int64_t> labels;
    std::vector<neural::Evaluation> begun; // a graphics card computes while the next pictures are read
    const auto count = static_cast<std::size_t>(source.count());
    for (std::size_t begin = 0; begin < count; begin += picturesToRead) {
        std::vector<std::size_t> wanted;
        for (std::size_t i = begin; i < std::min(begin + picturesToRead, count); ++i)
            wanted.push_back(i);
        const ReadBatch batch = readBatch(source, std::move(wanted), 0);
        evaluate(trainer, batch, source.bytes, std::min(atOnce, picturesToRead), begun);
        result.pictures.insert(result.pictures.end(), batch.pictures.begin(), batch.pictures.end());
        labels.insert(labels.end(), batch.labels.begin(), batch.labels.end());
    }
    for (const neural::Evaluation& one : begun) {
        const auto own = one.logits();
        result.logits.insert(result.logits.end(), own.begin(), own.end());
    }
    if (result.pictures.empty())
        throw Error("validation pictures", "none of them can be read any more",
                    "Your files were not changed. Bring them back to their folder and train again.");
    const std::vector<double> numbers(result.logits.begin(), result.logits.end());
    result.loss =
        neural::lossOf(numbers, labels, {.loss = loss, .labelSmoothing = 0.0, .classWeights = {}}).loss;
    std::int64_t right = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto own = result.logits.begin() + static_cast<std::ptrdiff_t>(i) * classes;
        right += std::max_element(own, own + classes) - own == labels[i] ? 1 : 0;
    }
    result.accuracy = static_cast<double>(right) / static_cast<double>(labels.size());
    return result;
}

} // namespace graft::learn
