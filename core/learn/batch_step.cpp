#include "core/learn/batch_step.h"

#include <algorithm>

namespace graft::learn {

namespace {

void accumulate(neural::Trainer& trainer, const BatchStep& step, std::size_t parts)
{
    const std::span<const std::int64_t> labels(step.batch.labels);
    const std::span<const std::uint8_t> pixels(step.batch.pixels);
    const double whole = neural::weightOf(labels, step.loss);
    const std::size_t size = (step.batch.size() + parts - 1) / parts;
    for (std::size_t begin = 0; begin < step.batch.size(); begin += size) {
        const std::size_t count = std::min(size, step.batch.size() - begin);
        const auto own = labels.subspan(begin, count);
        trainer.accumulate({pixels.subspan(begin * step.bytes, count * step.bytes), static_cast<int>(count)},
                           own,
                           {.share = neural::weightOf(own, step.loss) / whole,
                            .first = static_cast<int>(begin),
                            .seed = step.seed});
    }
}

} // namespace

void learnBatch(neural::Trainer& trainer, const BatchStep& step, int& parts,
                const std::function<void()>& divided)
{
    while (true) {
        try {
            accumulate(trainer, step, static_cast<std::size_t>(parts));
            break;
        } catch (const neural::OutOfMemory&) {
            trainer.discardGradients();
            if (static_cast<std::size_t>(parts) >= step.batch.size())
                throw neural::OutOfMemory("training",
                                          "there is not enough memory for even one picture at a time",
                                          "Close other programs, or choose a smaller network.");
            parts *= 2;
            divided();
        }
    }
    trainer.update(step.learningRate);
}

} // namespace graft::learn
