#include "ui/widgets/thumbnail_loader.h"

#include "core/engine/import.h"
#include "ui/picture_input.h"

#include <QFile>
#include <QImage>

#include <algorithm>
#include <deque>
#include <mutex>
#include <vector>

namespace graft::ui {

namespace {

constexpr std::size_t MaxWaiting = 240; // a screen full of the smallest tiles

} // namespace

struct ThumbnailLoader::Queue {
    std::mutex mutex;
    std::deque<QByteArray> waiting; // newest at the back
    int working = 0;
    bool ended = false;
};

ThumbnailLoader::ThumbnailLoader(int side, int threads, qsizetype cacheBytes, QObject* parent)
    : QObject(parent)
    , m_side(side)
    , m_threads(threads)
    , m_cache(cacheBytes / 1024)
    , m_queue(std::make_shared<Queue>())
{
    m_pool.setMaxThreadCount(threads);
    m_pool.setThreadPriority(QThread::LowPriority);
}

ThumbnailLoader::~ThumbnailLoader()
{
    {
        const std::scoped_lock lock(m_queue->mutex);
        m_queue->ended = true;
        m_queue->waiting.clear();
    }
    m_pool.waitForDone();
}

QPixmap ThumbnailLoader::pixmap(const std::filesystem::path& file)
{
    const QByteArray key = QByteArray::fromStdString(file.native());
    if (const QPixmap* found = m_cache.object(key))
        return *found;
    if (m_problems.contains(key))
        return {};

    const std::scoped_lock lock(m_queue->mutex);
    if (m_asked.contains(key)) {
        // Painted again while it waits: it is still wanted, so it moves to the front.
        auto& waiting = m_queue->waiting;
        if (const auto at = std::ranges::find(waiting, key); at != waiting.end()) {
            waiting.erase(at);
            waiting.push_back(key);
        }
        return {};
    }
    m_asked.insert(key);
    m_queue->waiting.push_back(key);
    if (m_queue->waiting.size() > MaxWaiting) {
        m_asked.remove(m_queue->waiting.front());
        m_queue->waiting.pop_front();
    }
    if (m_queue->working < m_threads) {
        ++m_queue->working;
        m_pool.start([this, queue = m_queue, side = m_side] {
            for (;;) {
                QByteArray next;
                {
                    const std::scoped_lock guard(queue->mutex);
                    if (queue->ended || queue->waiting.empty()) {
                        --queue->working;
                        return;
                    }
                    next = queue->waiting.back();
                    queue->waiting.pop_back();
                }
                QImage image;
                QString problem;
                try {
                    image = toQImage(engine::thumbnail(std::filesystem::path(next.toStdString()), side));
                } catch (const std::exception& error) {
                    problem = QString::fromUtf8(error.what());
                }
                // The destructor waits for this pool, so `this` is alive; the call is dropped if it dies
                // before.
                QMetaObject::invokeMethod(
                    this, [this, next, image, problem] { arrived(next, image, problem); },
                    Qt::QueuedConnection);
            }
        });
    }
    return {};
}

QString ThumbnailLoader::problem(const std::filesystem::path& file) const
{
    return m_problems.value(QByteArray::fromStdString(file.native()));
}

void ThumbnailLoader::forget()
{
    const std::scoped_lock lock(m_queue->mutex);
    m_queue->waiting.clear();
    m_asked.clear();
    m_cache.clear();
    m_problems.clear();
}

void ThumbnailLoader::arrived(const QByteArray& key, const QImage& image, const QString& problem)
{
    m_asked.remove(key);
    if (image.isNull())
        m_problems.insert(key, problem);
    else
        m_cache.insert(key, new QPixmap(QPixmap::fromImage(image)),
                       std::max<qsizetype>(1, image.sizeInBytes() / 1024));
    emit loaded(QFile::decodeName(key));
}

} // namespace graft::ui
