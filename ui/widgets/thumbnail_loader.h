#pragma once
#include <QCache>
#include <QHash>
#include <QObject>
#include <QPixmap>
#include <QSet>
#include <QString>
#include <QThreadPool>

#include <filesystem>
#include <memory>

namespace graft::ui {

/// Small pictures for views, decoded by a few threads of its own. Lives on the GUI thread and never blocks
/// it, except that its destructor waits for the pictures that are being decoded.
class ThumbnailLoader : public QObject
{
    Q_OBJECT
public:
    /// Pictures of at most `side` pixels; keeps about `cacheBytes` of them.
    ThumbnailLoader(int side, int threads, qsizetype cacheBytes, QObject* parent = nullptr);
    ~ThumbnailLoader() override;

    /// The picture, or a null one while it is being read (then loaded() follows) or where it cannot be (then
    /// problem() says why). The newest request is read first; requests that many newer ones have overtaken
    /// are dropped, so a view asks each time it paints.
    QPixmap pixmap(const std::filesystem::path& file);

    QString problem(const std::filesystem::path& file) const; ///< a sentence, empty where there is none

    void forget(); ///< drops what was read, as when the folder was read anew

signals:
    void loaded(const QString& file); ///< or failed

private:
    struct Queue;

    void arrived(const QByteArray& key, const QImage& image, const QString& problem);

    int m_side;
    int m_threads;
    QCache<QByteArray, QPixmap> m_cache;
    QHash<QByteArray, QString> m_problems;
    QSet<QByteArray> m_asked;
    std::shared_ptr<Queue> m_queue;
    QThreadPool m_pool;
};

} // namespace graft::ui
