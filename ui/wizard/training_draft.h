#pragma once
#include "core/learn/advice.h"
#include "core/learn/plan.h"

#include <QObject>

#include <map>
#include <optional>
#include <string>

namespace graft::ui {

/// The training that the wizard's steps edit together, and what has been measured for it. GUI thread.
class TrainingDraft : public QObject
{
    Q_OBJECT
public:
    explicit TrainingDraft(learn::Plan plan, QObject* parent = nullptr);

    const learn::Plan& plan() const { return m_plan; }

    void setPlan(const learn::Plan& plan);

    /// What is known so far; empty before the first measurement.
    const learn::Advice& advice() const { return m_advice; }

    void setAdvice(const learn::Advice& advice);

    /// Pictures per second of networks on this computer, by backbone; all measured in the same way.
    const std::map<std::string, double>& speeds() const { return m_speeds; }

    void setSpeeds(const std::map<std::string, double>& speeds);

    /// Of the advice, for the plan's strategy; null while there is none.
    const learn::Forecast* forecast() const;

    /// A training had its share of the computer while that was measured: the times are too long.
    bool isSlowed() const { return m_slowed; }

    void setSlowed(bool slowed);

    /// All four strategies, each for so long, instead of the plan's own.
    std::optional<int> raceMinutes() const { return m_raceMinutes; }

    void setRaceMinutes(std::optional<int> minutes);

signals:
    void changed(); ///< the plan, or whether there is a race: only where it is another now
    void adviceChanged();
    void speedsChanged();
    void slowedChanged();

private:
    learn::Plan m_plan;
    learn::Advice m_advice;
    std::map<std::string, double> m_speeds;
    bool m_slowed = false;
    std::optional<int> m_raceMinutes;
};

} // namespace graft::ui
