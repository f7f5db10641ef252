#pragma once
#include "core/engine/weights.h"
#include "ui/jobs/mailbox.h"

#include <QHash>
#include <QList>
#include <QObject>
#include <QString>

#include <functional>
#include <stop_token>

namespace graft::ui {

class JobQueue;
struct JobProblem;

/// One weight file: what the engine knows of it, and what is being done for it.
struct WeightsItem {
    enum class Work { None, Queued, Downloading, Stopping };

    engine::WeightsStatus status;
    Work work = Work::None;
    engine::DownloadProgress progress = {}; ///< while it is downloaded
    QString failure = {}; ///< why the last download did not end well; a sentence
    QString refusal = {}; ///< why a file that a person chose for it was not taken; a sentence
    double picturesPerSecond = 0.0; ///< of the network, measured here; 0: not measured
    bool timing = false; ///< it is being measured, or waits for that

    bool isUsable() const; ///< ready, or imported by hand
    QString title() const; ///< "ResNet50, recipe V1"
};

/// What the engine does for weights. Called on workers; a test puts its own in place.
struct WeightsSource {
    std::function<std::vector<engine::WeightsStatus>()> list;
    std::function<void(const std::string& id, const engine::DownloadSink& sink, std::stop_token stop)> fetch;
    std::function<engine::FoundWeights(const std::filesystem::path& place, const ProgressSink& progress,
                                       std::stop_token stop)>
        import;
    /// Of a file that fits but is not official.
    std::function<engine::WeightsStatus(const std::string& id, const std::filesystem::path& file,
                                        const ProgressSink& progress, std::stop_token stop)>
        importUnofficial;
    /// Pictures per second of the network with these weights. Empty: nobody measures.
    std::function<double(const std::string& id, std::stop_token stop)> speed = {};
};

WeightsSource engineWeights();

/// Downloads and imports weights for all projects of a person, one download after another, tells how far they
/// are, and measures how fast their networks run here. Lives on the GUI thread and never blocks it. Deleting
/// it stops what runs; unfinished downloads keep what they have and continue there another time.
class WeightsJobs : public QObject
{
    Q_OBJECT
public:
    explicit WeightsJobs(WeightsSource source = engineWeights(), QObject* parent = nullptr);
    ~WeightsJobs() override;

    const QList<WeightsItem>& items() const { return m_items; } ///< in menu order; empty before listed()

    const WeightsItem* downloading() const; ///< the one that is downloaded now, else the next; null without
    int downloads() const; ///< running and waiting

    bool isImporting() const { return m_imports > 0; }

    void refresh(); ///< looks at the disk again; ends in listed()
    void download(const QString& id);
    void cancel(const QString& id); ///< what was fetched is kept
    void cancelAll();
    void import(const QString& place); ///< a file, a folder, a USB stick; ends in imported() or failed()
    /// Takes a file that fits the weights of `id` although it is not the official one: after a person said
    /// so.
    void importUnofficial(const QString& id, const std::filesystem::path& file);
    void stopImport();

    /// Of each network whose weights are usable and which was not measured yet, one after another, a second
    /// or two for each. What is known stays known until this object goes.
    void measureSpeeds();
    void stopMeasuring(); ///< what was not measured is asked for again by the next measureSpeeds()

signals:
    void listed(); ///< there are new items
    void changed(int row); ///< one of them has changed
    void importProgress(qint64 done, qint64 total); ///< files; total 0: not known
    void imported(const graft::engine::FoundWeights& found);
    void failed(const QString& sentence);

private:
    struct Step {
        std::string id;
        engine::DownloadProgress progress;
    };

    using Import = std::function<engine::FoundWeights(const ProgressSink& progress, std::stop_token stop)>;

    void addImport(Import import);
    int row(const std::string& id) const; ///< -1 where there is none
    void takeStatus(std::vector<engine::WeightsStatus> list);
    void takeSteps(const QList<Step>& steps);
    void endDownload(const std::string& id, const JobProblem* problem);
    void update(int row, const std::function<void(WeightsItem&)>& change);
    void setSpeed(const std::string& id, double picturesPerSecond);

    WeightsSource m_source;
    QList<WeightsItem> m_items;
    QHash<QString, std::stop_source> m_stops; ///< of the downloads, by id
    std::stop_source m_stopImport;
    std::stop_source m_stopMeasuring;
    int m_imports = 0;
    Mailbox<Step> m_steps;
    Mailbox<Progress> m_importSteps;
    JobQueue* m_downloads;
    JobQueue* m_disk; ///< lists and imports, which do not wait for a slow server
    JobQueue* m_timing; ///< measurements, which need the whole computer and not the disk
};

} // namespace graft::ui
