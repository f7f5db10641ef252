#include "ui/jobs/preview_worker.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/engine/training_view.h"
#include "ui/picture_input.h"

#include <exception>
#include <utility>

namespace graft::ui {

/// What the worker keeps from one request to the next.
struct PreviewWorker::Bench {
    const PreprocessSpec& preprocess;
    std::uint64_t seed;
    std::optional<engine::TrainingView> view;
    std::filesystem::path file;
    std::optional<engine::TrainingPicture> picture;

    void prepare(const PreviewRequest& request)
    {
        if (!view || view->recipe() != request.recipe)
            view.emplace(preprocess, request.recipe, seed);
        if (!picture || file != request.file) {
            picture.reset();
            picture = view->read(request.file);
            file = request.file;
        }
    }

    QList<PreviewTile> tiles(const PreviewRequest& request) const
    {
        QList<PreviewTile> tiles(request.count);
        if (request.original) {
            tiles.fill({0, toQImage(view->copy(*picture, 0)), {}});
            return tiles;
        }
        PreviewTile* into = tiles.data(); // not shared: threads write to different ones
        parallelFor(static_cast<std::size_t>(request.count), usableProcessors(), {}, [&](std::size_t i) {
            PreviewTile& tile = into[i];
            tile.number = request.first + static_cast<std::uint32_t>(i);
            tile.image = toQImage(view->copy(*picture, tile.number));
            for (const std::string& line : view->describe(*picture, tile.number))
                tile.draws += QString::fromStdString(line);
        });
        return tiles;
    }

    Preview preview(const PreviewRequest& request)
    {
        try {
            prepare(request);
            return {request, tiles(request), {}};
        } catch (const Error& error) {
            return {request, {}, QString::fromUtf8(error.what())};
        } catch (const std::exception&) { // no memory for a picture of that size
            return {request, {}, tr("There is not enough memory to show this picture.")};
        }
    }
};

PreviewWorker::PreviewWorker(const PreprocessSpec& preprocess, std::uint64_t seed, QObject* parent)
    : QObject(parent)
    , m_preprocess(preprocess)
    , m_seed(seed)
    , m_thread([this](std::stop_token quit) { run(std::move(quit)); })
{
}

PreviewWorker::~PreviewWorker()
{
    m_thread.request_stop();
    m_thread.join();
}

void PreviewWorker::request(const PreviewRequest& request)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_waiting = request;
    }
    m_wake.notify_one();
}

void PreviewWorker::forget()
{
    const std::scoped_lock lock(m_mutex);
    m_forget = true;
}

void PreviewWorker::run(std::stop_token quit)
{
    Bench bench {m_preprocess, m_seed, {}, {}, {}};
    for (;;) {
        PreviewRequest request;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, quit, [this] { return m_waiting.has_value(); }) || quit.stop_requested())
                return;
            request = *std::exchange(m_waiting, std::nullopt);
            if (std::exchange(m_forget, false))
                bench.picture.reset();
        }
        Preview preview = bench.preview(request);
        const std::scoped_lock lock(m_mutex);
        const bool first = !m_done;
        m_done = std::move(preview);
        if (first)
            QMetaObject::invokeMethod(this, &PreviewWorker::deliver, Qt::QueuedConnection);
    }
}

void PreviewWorker::deliver()
{
    std::optional<Preview> done;
    {
        const std::scoped_lock lock(m_mutex);
        done.swap(m_done);
    }
    if (done)
        emit ready(*done);
}

} // namespace graft::ui
