#pragma once
#include <QObject>
#include <QString>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace graft::ui {

/// Why a job has no result.
struct JobProblem {
    bool stopped = false; ///< a person stopped it; nothing went wrong
    QString sentence; ///< what happened and what to do, empty when stopped
    QString details; ///< technical text, may be empty
};

/// One worker thread and the jobs that wait for it. A job works on the worker and ends on the GUI thread;
/// being stopped and failing are different ends. Lives on the GUI thread, and no call blocks it, except that
/// the destructor stops the running job and waits for it to return; jobs that wait are dropped, and no end is
/// called any more.
class JobQueue : public QObject
{
    Q_OBJECT
public:
    using Finish = std::function<void()>; ///< GUI thread
    using Work =
        std::function<Finish(std::stop_token stop)>; ///< worker; returns what is left to do, or throws
    using Fail = std::function<void(const JobProblem& problem)>; ///< GUI thread

    explicit JobQueue(QObject* parent = nullptr);
    ~JobQueue() override;

    /// Jobs run in the order of these calls. Of `work`'s Finish and `fail` exactly one is called.
    void add(Work work, Fail fail, std::stop_source stop = std::stop_source());

private:
    struct Job {
        Work work;
        Fail fail;
        std::stop_source stop;
    };

    void run(std::stop_token quit); // worker
    Finish perform(Job& job); // worker

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Job> m_waiting; // guarded by m_mutex
    std::stop_source m_running; // guarded by m_mutex
    std::jthread m_thread; // last, so that it ends first
};

} // namespace graft::ui
