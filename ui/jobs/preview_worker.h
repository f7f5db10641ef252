#pragma once
#include "core/augment/recipe.h"
#include "core/base/preprocess_spec.h"

#include <QImage>
#include <QList>
#include <QObject>
#include <QStringList>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace graft::ui {

/// Which tiles are wanted.
struct PreviewRequest {
    std::filesystem::path file;
    augment::Recipe recipe; ///< valid
    std::uint32_t first = 1; ///< the number of the first draw
    int count = 12; ///< draws
    bool original = false; ///< the picture as it is in place of each draw

    bool operator==(const PreviewRequest&) const = default;
};

/// One draw of a picture.
struct PreviewTile {
    std::uint32_t number = 0;
    QImage image; ///< the bytes that training sees
    QStringList draws; ///< what was done: "Rotate 12°"
};

struct Preview {
    PreviewRequest request;
    QList<PreviewTile> tiles; ///< empty where there is a problem
    QString problem; ///< why the picture cannot be shown
};

/// Makes the tiles of the preview, exactly as training makes its copies. One request at a time is worked on
/// and one waits: a newer one takes its place, so nothing piles up however fast a slider moves. The last
/// picture stays decoded. Lives on the GUI thread, and no call blocks it, except that the destructor waits
/// for the tiles at hand.
class PreviewWorker : public QObject
{
    Q_OBJECT
public:
    PreviewWorker(const PreprocessSpec& preprocess, std::uint64_t seed, QObject* parent = nullptr);
    ~PreviewWorker() override;

    void request(const PreviewRequest& request); ///< ends in ready(), unless a newer one comes before
    void forget(); ///< the decoded picture, as when files may have changed

signals:
    void ready(const graft::ui::Preview& preview); ///< of the newest request that is done

private:
    struct Bench;

    void run(std::stop_token quit); // worker
    void deliver();

    const PreprocessSpec m_preprocess;
    const std::uint64_t m_seed;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<PreviewRequest> m_waiting; // guarded by m_mutex
    std::optional<Preview> m_done; // guarded by m_mutex; while it is there, one delivery is on its way
    bool m_forget = false; // guarded by m_mutex
    std::jthread m_thread; // last, so that it ends first
};

} // namespace graft::ui
