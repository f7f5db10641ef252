#include "ui/wizard/training_draft.h"

#include <algorithm>

namespace graft::ui {

TrainingDraft::TrainingDraft(learn::Plan plan, QObject* parent)
    : QObject(parent)
    , m_plan(std::move(plan))
{
}

void TrainingDraft::setPlan(const learn::Plan& plan)
{
    if (plan == m_plan)
        return;
    m_plan = plan;
    emit changed();
}

void TrainingDraft::setAdvice(const learn::Advice& advice)
{
    m_advice = advice;
    emit adviceChanged();
}

void TrainingDraft::setSpeeds(const std::map<std::string, double>& speeds)
{
    if (speeds == m_speeds)
        return;
    m_speeds = speeds;
    emit speedsChanged();
}

void TrainingDraft::setSlowed(bool slowed)
{
    if (slowed == m_slowed)
        return;
    m_slowed = slowed;
    emit slowedChanged();
}

const learn::Forecast* TrainingDraft::forecast() const
{
    const auto found = std::ranges::find(m_advice.strategies, m_plan.strategy, &learn::Forecast::strategy);
    return found == m_advice.strategies.end() ? nullptr : &*found;
}

void TrainingDraft::setRaceMinutes(std::optional<int> minutes)
{
    if (minutes == m_raceMinutes)
        return;
    m_raceMinutes = minutes;
    emit changed();
}

} // namespace graft::ui
