#pragma once
#include "core/engine/advise.h"
#include "ui/jobs/mailbox.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace graft::ui {

class JobQueue;
struct JobProblem;

/// What the engine does for an advice. Called on a worker; a test puts its own in place.
struct AdviceSource {
    std::function<std::optional<learn::Advice>()> latest; ///< that is kept in the project
    std::function<learn::Advice(const engine::AdviseOptions& options, const engine::AdviceSink& each,
                                const ProgressSink& progress, std::stop_token stop)>
        measure;
};

/// The source keeps the project open.
AdviceSource engineAdvice(std::shared_ptr<store::Project> project);

/// Where a project's pictures lie on the map: what was measured before, or else measured now, on a thread of
/// its own. A training may run meanwhile: the project and its cache stand that, only both become slower.
/// GUI thread, and no call blocks it.
class Adviser : public QObject
{
    Q_OBJECT
public:
    explicit Adviser(AdviceSource source, QObject* parent = nullptr);
    /// Stops the measuring and waits until it has seen it. See retire().
    ~Adviser() override;

    void find(const std::string& backbone); ///< the latest advice if it is of this network, else measure()
    void measure(const std::string& backbone); ///< anew; ends what runs
    void stop(); ///< ends in changed()

    bool isMeasuring() const { return m_measuring > 0; }

    const Progress& progress() const { return m_progress; } ///< of the measuring

    const QString& problem() const { return m_problem; } ///< why there is no advice; a sentence, or empty

    bool wasStopped() const { return m_stopped; } ///< by stop(), before it was complete

    /// Says no more, and deletes itself once the measuring has seen that it was stopped.
    void retire();

signals:
    void advised(const graft::learn::Advice& soFar); ///< piece by piece, at most 30 times a second
    void changed(); ///< of isMeasuring(), progress(), problem() or wasStopped()

private:
    void start(const std::string& backbone, bool anew);
    void end(const JobProblem& problem);

    AdviceSource m_source;
    std::stop_source m_stop;
    int m_measuring = 0; ///< jobs: the one that counts, and those that were told to stop
    int m_number = 0; ///< of the latest job
    Progress m_progress;
    QString m_problem;
    bool m_stopped = false;
    bool m_retired = false;
    Mailbox<learn::Advice> m_pieces;
    Mailbox<Progress> m_steps;
    JobQueue* m_jobs;
};

} // namespace graft::ui
