#include "ui/models/race_model.h"

#include "ui/models/words.h"
#include "ui/wizard/strategy_words.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace graft::ui {

namespace {

using engine::Racer;

/// "56 of 60", under "93 %".
QString counted(const learn::Answers& answers)
{
    const QLocale locale;
    return RaceModel::tr("%1 of %2").arg(locale.toString(answers.correct), locale.toString(answers.total));
}

} // namespace

QString clockTime(double seconds)
{
    const auto whole = std::max(0L, std::lround(seconds));
    const auto two = [](long value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
    const long hours = whole / 3600;
    const long minutes = whole / 60 % 60;
    return hours > 0 ? QStringLiteral("%1:%2:%3").arg(QString::number(hours), two(minutes), two(whole % 60))
                     : QStringLiteral("%1:%2").arg(QString::number(minutes), two(whole % 60));
}

QString racerTitle(const RaceState& race, int racer)
{
    const std::string& id = race.race.racers[static_cast<std::size_t>(racer)].strategy;
    if (id == "svm")
        return RaceModel::tr("Cut off the top layers, SVM");
    if (id == "scratch")
        return race.fromZero(racer) ? RaceModel::tr("Train from scratch")
                                    : RaceModel::tr("Train all layers from weights");
    return placeTitle(id);
}

QString racerState(const RaceState& race, int index)
{
    const Racer& racer = race.race.racers[static_cast<std::size_t>(index)];
    const QString used = clockTime(racer.seconds);
    switch (racer.state) {
    case Racer::State::Waiting:
        return race.ended ? RaceModel::tr("Not begun") : RaceModel::tr("Waiting");
    case Racer::State::Running:
        if (race.lanes[static_cast<std::size_t>(index)].paused)
            return RaceModel::tr("Paused, %1").arg(used);
        return RaceModel::tr("%1 of %2")
            .arg(clockTime(std::min(racer.seconds, race.budget())), clockTime(race.budget()));
    case Racer::State::Done:
        return RaceModel::tr("Done, %1").arg(used);
    case Racer::State::Skipped:
        return racer.seconds > 0.0 ? RaceModel::tr("Skipped, %1").arg(used) : RaceModel::tr("Skipped");
    case Racer::State::Failed:
        return RaceModel::tr("Failed");
    }
    return {};
}

void RaceModel::setRace(const RaceState& race)
{
    const bool others = race.race.racers.size() != m_race.race.racers.size();
    if (others)
        beginResetModel();
    m_race = race;
    m_ranking = race.ranking();
    if (others)
        endResetModel();
    else if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int RaceModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_ranking.size());
}

int RaceModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString RaceModel::text(const QModelIndex& index) const
{
    const int which = racer(index.row());
    const Racer& racer = m_race.race.racers[static_cast<std::size_t>(which)];
    const bool measured = racer.validation.total > 0;
    switch (index.column()) {
    case Rank:
        return measured ? QLocale().toString(index.row() + 1) : QString();
    case Strategy:
        return racerTitle(m_race, which);
    case Best:
        return measured ? percent(racer.validation.accuracy()) : QString();
    case Likely:
        return measured ? percentRange(racer.validation.interval()) : QString();
    case Test:
        return racer.test.total > 0 ? tr("%1, %2").arg(percent(racer.test.accuracy()), counted(racer.test))
                                    : QString();
    case State:
        return racerState(m_race, which);
    default:
        return {};
    }
}

QString RaceModel::details(const QModelIndex& index) const
{
    const int which = racer(index.row());
    const Racer& racer = m_race.race.racers[static_cast<std::size_t>(which)];
    switch (index.column()) {
    case Strategy:
    case Layers:
        return placeSentence(racer.strategy, m_race.fromZero(which));
    case Best:
    case Likely:
        return racer.validation.total > 0 ? tr("%1 validation pictures right").arg(counted(racer.validation))
                                          : QString();
    case Test:
        return racer.test.total > 0 ? tr("95 % interval %1").arg(percentRange(racer.test.interval()))
                                    : QString();
    case State:
        return coreText(racer.problem);
    default:
        return {};
    }
}

QVariant RaceModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const int which = racer(index.row());
    const Racer& racer = m_race.race.racers[static_cast<std::size_t>(which)];
    switch (role) {
    case Qt::DisplayRole:
        return text(index);
    case Qt::ToolTipRole:
        return details(index);
    case Qt::AccessibleTextRole:
        if (index.column() == Layers)
            return details(index);
        return index.column() == Strategy
            ? tr("Strategy %1, %2").arg(QLocale().toString(strategyNumber(racer.strategy)), text(index))
            : text(index);
    case IdRole:
        return coreText(racer.strategy);
    case NumberRole:
        return strategyNumber(racer.strategy);
    case FromZeroRole:
        return m_race.fromZero(which);
    case StateRole:
        return static_cast<int>(racer.state);
    case ShareRole:
        return racer.state == Racer::State::Running && m_race.budget() > 0.0
            ? QVariant(std::min(1.0, racer.seconds / m_race.budget()))
            : QVariant();
    default:
        return {};
    }
}

QVariant RaceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section == Best)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Strategy:
        return tr("Strategy");
    case Best:
        return tr("Best");
    case Likely:
        return tr("Likely");
    case Test:
        return tr("Test pictures");
    case State:
        return tr("State");
    default:
        return QString();
    }
}

} // namespace graft::ui
