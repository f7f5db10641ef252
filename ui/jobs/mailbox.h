#pragma once
#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QTimer>

#include <functional>
#include <mutex>
#include <utility>

namespace graft::ui {

/// Brings values from a worker to the GUI thread: in order, in lists, at most 30 lists a second however fast
/// the worker talks. Made and destroyed on the GUI thread; what was not delivered by then is dropped.
template <typename Value>
class Mailbox
{
public:
    using Deliver = std::function<void(const QList<Value>&)>; ///< GUI thread
    /// True where `newer` may take the place of `older`, its neighbour in the list: progress, batches.
    using Replaces = bool (*)(const Value& older, const Value& newer);

    explicit Mailbox(Deliver deliver, Replaces replaces = nullptr)
        : m_deliver(std::move(deliver))
        , m_replaces(replaces)
    {
    }

    /// Any thread. The mailbox must outlive the call: join the worker before.
    void put(Value value)
    {
        const std::scoped_lock lock(m_mutex);
        const bool first = m_pending.isEmpty();
        if (!first && m_replaces && m_replaces(m_pending.last(), value))
            m_pending.last() = std::move(value);
        else
            m_pending.append(std::move(value));
        if (first)
            QMetaObject::invokeMethod(
                &m_context, [this] { schedule(); }, Qt::QueuedConnection);
    }

    /// GUI thread: delivers at once what is waiting, so that something else can follow it.
    void flush()
    {
        QList<Value> values;
        {
            const std::scoped_lock lock(m_mutex);
            values.swap(m_pending);
        }
        if (values.isEmpty())
            return;
        m_sinceDelivery.start();
        m_deliver(values);
    }

private:
    void schedule()
    {
        constexpr qint64 interval = 34; // milliseconds: at most 30 a second
        const qint64 wait = m_sinceDelivery.isValid() ? interval - m_sinceDelivery.elapsed() : 0;
        if (wait > 0)
            QTimer::singleShot(static_cast<int>(wait), Qt::PreciseTimer, &m_context, [this] { flush(); });
        else
            flush();
    }

    Deliver m_deliver;
    Replaces m_replaces;
    QElapsedTimer m_sinceDelivery;
    std::mutex m_mutex;
    QList<Value> m_pending; // guarded by m_mutex; while it is not empty, one delivery is on its way
    QObject m_context; // takes its calls along when it goes
};

} // namespace graft::ui
