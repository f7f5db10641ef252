#include "ui/jobs/job_queue.h"

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/engine/weights.h"

#include <new>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace graft::ui {

namespace {

// Threads that the worker starts inherit it, so the window stays smooth while every core computes.
constexpr int workerNiceness = 5;

JobProblem describe(const std::exception& problem)
{
    if (dynamic_cast<const Stopped*>(&problem))
        return {true, {}, {}};
    if (const auto* needed = dynamic_cast<const engine::WeightsNeeded*>(&problem))
        return {
            false,
            JobQueue::tr("%1: %2. Your pictures and models are safe. Open Train > Network weights to get "
                         "them.")
                .arg(QString::fromStdString(needed->subject()), QString::fromStdString(needed->happened())),
            {}};
    if (dynamic_cast<const Error*>(&problem))
        return {false, QString::fromUtf8(problem.what()), {}};
    if (dynamic_cast<const std::bad_alloc*>(&problem))
        return {false, JobQueue::tr("There is not enough memory. Close other programs and try again."), {}};
    return {false, JobQueue::tr("Graft could not finish this. Your pictures were not changed."),
            QString::fromUtf8(problem.what())};
}

} // namespace

JobQueue::JobQueue(QObject* parent)
    : QObject(parent)
    , m_thread([this](std::stop_token quit) { run(std::move(quit)); })
{
}

JobQueue::~JobQueue()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_waiting.clear();
        m_running.request_stop();
        m_thread.request_stop();
    }
    m_thread.join();
}

void JobQueue::add(Work work, Fail fail, std::stop_source stop)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_waiting.push_back({std::move(work), std::move(fail), std::move(stop)});
    }
    m_wake.notify_one();
}

void JobQueue::run(std::stop_token quit)
{
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), workerNiceness);
    for (;;) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, quit, [this] { return !m_waiting.empty(); }) || quit.stop_requested())
                return;
            job = std::move(m_waiting.front());
            m_waiting.pop_front();
            m_running = job.stop;
        }
        // The call dies with this object, so no end runs after the destructor.
        QMetaObject::invokeMethod(this, perform(job), Qt::QueuedConnection);
    }
}

JobQueue::Finish JobQueue::perform(Job& job)
{
    try {
        if (job.stop.stop_requested())
            throw Stopped();
        return job.work(job.stop.get_token());
    } catch (const std::exception& problem) {
        return [fail = std::move(job.fail), what = describe(problem)] { fail(what); };
    }
}

} // namespace graft::ui
