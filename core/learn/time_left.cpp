#include "core/learn/time_left.h"

#include <algorithm>

namespace graft::learn {

namespace {

constexpr double fade = 0.5; // weight of an epoch, as a share of that of the next one
constexpr double forwardShare = 1.0 / 3.0; // of the time to learn: going back costs twice as much

} // namespace

TimeLeft::TimeLeft(const Work& work)
    : m_work(work)
{
}

void TimeLeft::learned(double pictures, double seconds)
{
    m_nowPictures = pictures;
    m_nowSeconds = seconds;
}

void TimeLeft::epochEnded(double pictures, double seconds, double after)
{
    m_pictures = fade * m_pictures + pictures;
    m_seconds = fade * m_seconds + seconds;
    m_epochs = fade * m_epochs + 1.0;
    m_after = fade * m_after + after;
    m_nowPictures = m_nowSeconds = 0.0;
}

bool TimeLeft::isKnown() const
{
    return m_pictures + m_nowPictures > 0.0;
}

double TimeLeft::perPicture() const
{
    return (fade * m_seconds + m_nowSeconds) / (fade * m_pictures + m_nowPictures);
}

double TimeLeft::after() const
{
    return m_epochs > 0.0 ? m_after / m_epochs : m_work.measured * perPicture() * forwardShare;
}

double TimeLeft::perEpoch() const
{
    return m_work.learned * perPicture() + after();
}

double TimeLeft::finally() const
{
    const double each =
        m_epochs > 0.0 && m_work.measured > 0.0 ? after() / m_work.measured : perPicture() * forwardShare;
    return m_work.finally * each;
}

double TimeLeft::seconds(double epochs) const
{
    return std::max(0.0, epochs * perEpoch() - m_nowPictures * perPicture()) + finally();
}

double TimeLeft::secondsWithin(double budget) const
{
    const bool learnsMore = budget > 0.0 || m_nowPictures > 0.0;
    return std::max(0.0, budget) + (learnsMore ? after() : 0.0) + finally();
}

} // namespace graft::learn
