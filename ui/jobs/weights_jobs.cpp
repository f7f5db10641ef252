#include "ui/jobs/weights_jobs.h"

#include "core/engine/backbone_speed.h"
#include "ui/jobs/job_queue.h"
#include "ui/paths.h"

#include <algorithm>
#include <utility>

namespace graft::ui {

using Work = WeightsItem::Work;

bool WeightsItem::isUsable() const
{
    return status.state == engine::WeightsState::Ready || status.state == engine::WeightsState::Unofficial;
}

QString WeightsItem::title() const
{
    // All of them are of ImageNet, which is said once, above the list.
    return QString::fromStdString(status.title).remove(QStringLiteral(", ImageNet"));
}

WeightsSource engineWeights()
{
    return {
        [] { return engine::listWeights(false); },
        [](const std::string& id, const engine::DownloadSink& sink, std::stop_token stop) {
            engine::fetchWeights(id, sink, std::move(stop));
        },
        engine::importWeightsFrom,
        [](const std::string& id, const std::filesystem::path& file, const ProgressSink& progress,
           std::stop_token stop) { return engine::importWeights(id, file, true, progress, std::move(stop)); },
        engine::backboneSpeed};
}

WeightsJobs::WeightsJobs(WeightsSource source, QObject* parent)
    : QObject(parent)
    , m_source(std::move(source))
    , m_steps([this](const QList<Step>& steps) { takeSteps(steps); },
              [](const Step& older, const Step& newer) { return older.id == newer.id; })
    , m_importSteps(
          [this](const QList<Progress>& steps) {
              emit importProgress(steps.last().done, steps.last().total);
          },
          [](const Progress&, const Progress&) { return true; })
    , m_downloads(new JobQueue(this))
    , m_disk(new JobQueue(this))
    , m_timing(new JobQueue(this))
{
    refresh();
}

WeightsJobs::~WeightsJobs()
{
    // The workers write into the mailboxes, which go before the children of this object.
    delete m_downloads;
    delete m_disk;
    delete m_timing;
}

const WeightsItem* WeightsJobs::downloading() const
{
    const WeightsItem* next = nullptr;
    for (const WeightsItem& item : m_items) {
        if (item.work == Work::Downloading || item.work == Work::Stopping)
            return &item;
        if (item.work == Work::Queued && !next)
            next = &item;
    }
    return next;
}

int WeightsJobs::downloads() const
{
    return static_cast<int>(
        std::ranges::count_if(m_items, [](const WeightsItem& item) { return item.work != Work::None; }));
}

int WeightsJobs::row(const std::string& id) const
{
    for (int i = 0; i < m_items.size(); ++i) {
        if (m_items[i].status.id == id)
            return i;
    }
    return -1;
}

void WeightsJobs::update(int row, const std::function<void(WeightsItem&)>& change)
{
    if (row < 0)
        return;
    change(m_items[row]);
    emit changed(row);
}

void WeightsJobs::refresh()
{
    m_disk->add(
        [this](const std::stop_token&) { return [this, list = m_source.list()] { takeStatus(list); }; },
        [this](const JobProblem& problem) { emit failed(problem.sentence); });
}

void WeightsJobs::takeStatus(std::vector<engine::WeightsStatus> list)
{
    QList<WeightsItem> items;
    for (engine::WeightsStatus& status : list) {
        const int before = row(status.id);
        WeightsItem item = before < 0 ? WeightsItem() : m_items[before];
        item.status = std::move(status);
        if (item.status.state == engine::WeightsState::Ready)
            item.failure.clear();
        items += item;
    }
    m_items = items;
    emit listed();
}

void WeightsJobs::download(const QString& id)
{
    const std::string name = id.toStdString();
    const int at = row(name);
    if (at < 0 || m_items[at].work != Work::None)
        return;
    std::stop_source stop;
    m_stops.insert(id, stop);
    update(at, [](WeightsItem& item) {
        item.work = Work::Queued;
        item.failure.clear();
        item.progress = {.done = item.status.partial,
                         .total = item.status.bytes,
                         .bytesPerSecond = 0.0,
                         .secondsLeft = -1.0,
                         .waiting = false};
    });
    m_downloads->add(
        [this, name](const std::stop_token& token) -> JobQueue::Finish {
            m_source.fetch(
                name,
                [&](const engine::DownloadProgress& progress) {
                    m_steps.put({name, progress});
                },
                token);
            return [this, name] { endDownload(name, nullptr); };
        },
        [this, name](const JobProblem& problem) { endDownload(name, &problem); }, stop);
}

void WeightsJobs::takeSteps(const QList<Step>& steps)
{
    for (const Step& step : steps) {
        update(row(step.id), [&step](WeightsItem& item) {
            if (item.work == Work::Queued)
                item.work = Work::Downloading;
            item.progress = step.progress;
        });
    }
}

void WeightsJobs::endDownload(const std::string& id, const JobProblem* problem)
{
    m_steps.flush();
    m_stops.remove(QString::fromStdString(id));
    update(row(id), [problem](WeightsItem& item) {
        item.work = Work::None;
        item.status.partial =
            std::max(item.status.partial, item.progress.done); // until the disk is looked at
        item.failure = problem && !problem->stopped ? problem->sentence : QString();
    });
    refresh();
}

void WeightsJobs::cancel(const QString& id)
{
    if (!m_stops.contains(id))
        return;
    m_stops[id].request_stop();
    update(row(id.toStdString()), [](WeightsItem& item) { item.work = Work::Stopping; });
}

void WeightsJobs::cancelAll()
{
    const QStringList ids = m_stops.keys();
    for (const QString& id : ids)
        cancel(id);
}

void WeightsJobs::import(const QString& place)
{
    addImport([this, place = toPath(place)](const ProgressSink& progress, std::stop_token stop) {
        return m_source.import(place, progress, std::move(stop));
    });
}

void WeightsJobs::importUnofficial(const QString& id, const std::filesystem::path& file)
{
    addImport([this, id = id.toStdString(), file](const ProgressSink& progress, std::stop_token stop) {
        engine::FoundWeights found;
        found.taken.push_back(m_source.importUnofficial(id, file, progress, std::move(stop)));
        found.looked = 1;
        return found;
    });
}

void WeightsJobs::addImport(Import import)
{
    if (m_imports++ == 0)
        m_stopImport = {};
    m_disk->add(
        [this, import = std::move(import)](const std::stop_token& stop) -> JobQueue::Finish {
            const auto found = import([this](const Progress& step) { m_importSteps.put(step); }, stop);
            return [this, found] {
                m_importSteps.flush();
                --m_imports;
                emit imported(found);
                refresh();
            };
        },
        [this](const JobProblem& problem) {
            m_importSteps.flush();
            --m_imports;
            if (problem.stopped)
                emit imported({.taken = {}, .problems = {}, .unofficial = {}, .looked = 0, .stopped = true});
            else
                emit failed(problem.sentence);
        },
        m_stopImport);
}

void WeightsJobs::stopImport()
{
    m_stopImport.request_stop();
}

void WeightsJobs::measureSpeeds()
{
    if (!m_source.speed)
        return;
    if (m_stopMeasuring.stop_requested())
        m_stopMeasuring = {};
    for (int i = 0; i < m_items.size(); ++i) {
        if (!m_items[i].isUsable() || m_items[i].timing || m_items[i].picturesPerSecond > 0.0)
            continue;
        const std::string id = m_items[i].status.id;
        update(i, [](WeightsItem& item) { item.timing = true; });
        m_timing->add(
            [this, id](const std::stop_token& stop) -> JobQueue::Finish {
                const double speed = m_source.speed(id, stop);
                return [this, id, speed] { setSpeed(id, speed); };
            },
            [this, id](const JobProblem&) { setSpeed(id, 0.0); }, m_stopMeasuring);
    }
}

void WeightsJobs::stopMeasuring()
{
    m_stopMeasuring.request_stop();
}

void WeightsJobs::setSpeed(const std::string& id, double picturesPerSecond)
{
    update(row(id), [picturesPerSecond](WeightsItem& item) {
        item.timing = false;
        item.picturesPerSecond = picturesPerSecond;
    });
}

} // namespace graft::ui
