#include "ui/wizard/cost_words.h"

#include "ui/models/words.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace graft::ui {

namespace {

struct CostWords {
    Q_DECLARE_TR_FUNCTIONS(graft::ui::CostWords)
};

} // namespace

QString bytesText(std::int64_t bytes)
{
    constexpr std::int64_t half = 500'000'000; // from here on, tenths of a gigabyte say enough
    constexpr double gigabyte = 1e9;
    if (bytes < half)
        return megabytes(bytes);
    return CostWords::tr("%1\u00A0GB").arg(QLocale().toString(static_cast<double>(bytes) / gigabyte, 'f', 1));
}

QString timeText(const engine::PlanCosts& costs)
{
    if (costs.time == engine::Known::No)
        return CostWords::tr("not known yet");
    return durationRange(costs.lowSeconds, costs.highSeconds);
}

QString timeSource(const engine::PlanCosts& costs, bool slowed)
{
    QString source;
    switch (costs.time) {
    case engine::Known::No:
        return CostWords::tr("Nothing like it was measured on this computer yet.");
    case engine::Known::WorkedOut:
        source = CostWords::tr("Worked out from how fast something similar was on this computer.");
        break;
    case engine::Known::Measured:
        source = CostWords::tr("From how fast this network was on this computer.");
        break;
    }
    return slowed
        ? CostWords::tr("%1 A training was running meanwhile, so it is likely too long.").arg(source)
        : source;
}

bool slowedByTraining(const learn::Advice& advice, const QList<store::RunRecord>& runs, qint64 runningSince)
{
    if (advice.created == 0)
        return false;
    const auto end = static_cast<double>(advice.created);
    const double begin = end - advice.seconds;
    if (runningSince > 0 && static_cast<double>(runningSince) < end)
        return true;
    return std::ranges::any_of(runs, [&](const store::RunRecord& run) {
        const auto began = static_cast<double>(run.created);
        return began < end && began + run.result.seconds > begin;
    });
}

QString costSentence(const engine::PlanCosts& costs)
{
    const QString memory = bytesText(costs.memory);
    if (costs.time == engine::Known::No)
        return CostWords::tr("Time not known yet, about %1 of memory.").arg(memory);
    return CostWords::tr("Takes %1 here, %2 of memory.")
        .arg(durationRange(costs.lowSeconds, costs.highSeconds), memory);
}

} // namespace graft::ui
