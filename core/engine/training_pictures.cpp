#include "core/engine/training_pictures.h"

#include "core/base/parallel.h"
#include "core/imaging/decode.h"

#include <algorithm>
#include <atomic>
#include <optional>

namespace graft::engine {

namespace {

class Pictures
{
public:
    Pictures(std::vector<const dataset::Picture*> pictures, std::shared_ptr<const TrainingView> view,
             std::int64_t memory, std::function<void(const PictureProblem&)> problem)
        : m_pictures(std::move(pictures))
        , m_view(std::move(view))
        , m_memory(memory)
        , m_problem(std::move(problem))
        , m_kept(m_pictures.size())
        , m_lost(m_pictures.size())
    {
    }

    std::vector<std::int64_t> labels() const
    {
        std::vector<std::int64_t> list;
        for (const dataset::Picture* picture : m_pictures)
            list.push_back(picture->label);
        return list;
    }

    std::vector<std::size_t> read(std::span<const std::size_t> wanted, std::uint32_t copy,
                                  std::span<std::uint8_t> pixels)
    {
        const std::size_t bytes = m_view->bytes();
        std::vector<std::optional<PictureProblem>> failed(wanted.size());
        parallelFor(wanted.size(), usableProcessors(), {}, [&](std::size_t i) {
            if (!m_lost[wanted[i]])
                failed[i] = write(wanted[i], copy, pixels.subspan(i * bytes, bytes));
        });
        std::vector<std::size_t> done;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (failed[i]) {
                m_lost[wanted[i]] = true;
                if (m_problem)
                    m_problem(*failed[i]);
            }
            if (m_lost[wanted[i]])
                continue;
            if (done.size() != i)
                std::ranges::copy(pixels.subspan(i * bytes, bytes),
                                  pixels.begin() + static_cast<std::ptrdiff_t>(done.size() * bytes));
            done.push_back(wanted[i]);
        }
        return done;
    }

private:
    std::optional<PictureProblem> write(std::size_t index, std::uint32_t copy, std::span<std::uint8_t> out)
    {
        const dataset::Picture& picture = *m_pictures[index];
        TrainingPicture& kept = m_kept[index];
        if (!kept.base.rgb.empty()) {
            m_view->write(kept, copy, out);
            return {};
        }
        try {
            TrainingPicture made = m_view->prepare(
                imaging::decode(imaging::readPicture(picture.path), picture.path.filename().string()),
                picture.sha256);
            m_view->write(made, copy, out);
            const auto size = static_cast<std::int64_t>(made.base.rgb.size());
            if (m_memory.fetch_sub(size) >= size)
                kept = std::move(made);
            else
                m_memory.fetch_add(size);
        } catch (const PictureError& error) {
            return PictureProblem {picture.path, error.fault(), error.what()};
        }
        return {};
    }

    std::vector<const dataset::Picture*> m_pictures;
    std::shared_ptr<const TrainingView> m_view;
    std::atomic<std::int64_t> m_memory; ///< bytes that may still be kept
    std::function<void(const PictureProblem&)> m_problem;
    std::vector<TrainingPicture> m_kept; ///< by picture; a call never names one twice
    std::vector<char> m_lost;
};

} // namespace

SampleSource trainingPictures(std::vector<const dataset::Picture*> pictures,
                              std::shared_ptr<const TrainingView> view, std::int64_t memory,
                              std::function<void(const PictureProblem&)> problem)
{
    const std::size_t bytes = view->bytes();
    const auto shared =
        std::make_shared<Pictures>(std::move(pictures), std::move(view), memory, std::move(problem));
    return {.labels = shared->labels(),
            .bytes = bytes,
            .read = [shared](std::span<const std::size_t> wanted, std::uint32_t copy,
                             std::span<std::uint8_t> pixels) { return shared->read(wanted, copy, pixels); }};
}

} // namespace graft::engine
