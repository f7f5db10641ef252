#include "ui/models/train_log.h"

#include "ui/models/words.h"
#include "ui/theme.h"

#include <QLocale>

namespace graft::ui {

namespace {

// Epochs of a linear classifier take milliseconds: a line for each would bury the others.
constexpr qint64 TogetherSeconds = 5;

} // namespace

TrainLog::TrainLog(QObject* parent)
    : QAbstractListModel(parent)
    , m_best(icon("star", Ink::Accent))
    , m_good(icon("check", Ink::Accent))
    , m_warning(icon("warning", Ink::Warning))
    , m_error(icon("error", Ink::Error))
{
}

void TrainLog::clear()
{
    beginResetModel();
    m_entries.clear();
    endResetModel();
}

void TrainLog::put(const Entry& entry)
{
    dropRunning();
    beginInsertRows({}, 0, 0);
    m_entries.push_front(entry);
    endInsertRows();
}

void TrainLog::dropRunning()
{
    if (m_entries.empty() || !m_entries.front().running)
        return;
    beginRemoveRows({}, 0, 0);
    m_entries.pop_front();
    endRemoveRows();
}

void TrainLog::addEpoch(const EpochDone& event, const QDateTime& when)
{
    dropRunning();
    if (event.best) {
        const QString sentence = tr("Epoch %1 is the best so far. Saved.").arg(event.epoch);
        if (!m_entries.empty() && m_entries.front().kind == Kind::Best
            && m_entries.front().when.secsTo(when) < TogetherSeconds) {
            m_entries.front().sentence = sentence;
            emit dataChanged(index(0), index(0));
        } else {
            put({when, Kind::Best, sentence, false});
        }
    }
    if (event.epoch < event.epochs)
        put({when, Kind::Plain, tr("Epoch %1 is running.").arg(event.epoch + 1), true});
}

void TrainLog::add(const TrainEvent& event, const QDateTime& when)
{
    if (const auto* started = std::get_if<TrainStarted>(&event)) {
        put({when, Kind::Plain,
             tr("Started with %Ln training picture(s).", nullptr, started->trainingPictures), false});
    } else if (const auto* preparing = std::get_if<TrainPreparing>(&event)) {
        const QString sentence = QString::fromStdString(preparing->what) + QLatin1Char('.');
        if (m_entries.empty() || m_entries.front().sentence != sentence)
            put({when, Kind::Plain, sentence, false});
    } else if (const auto* epoch = std::get_if<EpochDone>(&event)) {
        addEpoch(*epoch, when);
    } else if (std::holds_alternative<TrainPaused>(event)) {
        put({when, Kind::Plain, tr("Paused."), false});
    } else if (const auto* on = std::get_if<TrainContinued>(&event)) {
        put({when, Kind::Plain, tr("Goes on after a pause of %1.").arg(duration(on->seconds)), false});
    } else if (const auto* note = std::get_if<TrainNote>(&event)) {
        put({when, note->warning ? Kind::Warning : Kind::Plain, QString::fromStdString(note->text), false});
    } else if (const auto* ended = std::get_if<TrainEnded>(&event)) {
        switch (ended->outcome) {
        case Outcome::Finished:
            put({when, Kind::Good, tr("Finished."), false});
            break;
        case Outcome::Stopped:
            put({when, Kind::Plain, ended->hasModel ? tr("Stopped. The best epoch is kept.") : tr("Stopped."),
                 false});
            break;
        case Outcome::Failed:
            put({when, Kind::Error, QString::fromStdString(ended->problem), false});
            break;
        }
    }
}

void TrainLog::setRun(const store::RunRecord& run)
{
    clear();
    const QDateTime start = QDateTime::fromSecsSinceEpoch(run.created);
    const auto at = [&start](double seconds) {
        return start.addMSecs(static_cast<qint64>(seconds * 1000.0));
    };
    put({start, Kind::Plain, tr("Started."), false});
    for (const EpochDone& epoch : run.result.history)
        addEpoch(epoch, at(epoch.seconds));
    dropRunning();
    const QDateTime end = at(run.result.seconds);
    switch (run.state) {
    case store::RunState::Finished:
        add(TrainEnded {Outcome::Finished, run.hasModel, {}}, end);
        break;
    case store::RunState::Stopped:
        add(TrainEnded {Outcome::Stopped, run.hasModel, {}}, end);
        break;
    case store::RunState::Failed:
        add(TrainEnded {Outcome::Failed, run.hasModel, run.problem}, end);
        break;
    case store::RunState::Running:
        break;
    }
}

std::string TrainLog::text() const
{
    std::string text;
    for (auto entry = m_entries.rbegin(); entry != m_entries.rend(); ++entry)
        text += entry->when.toString(Qt::ISODate).toStdString() + "  " + entry->sentence.toStdString() + '\n';
    return text;
}

int TrainLog::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant TrainLog::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Entry& entry = m_entries[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return entry.sentence;
    case TimeRole:
        return QLocale().toString(entry.when.time(), QLocale::ShortFormat);
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1 %2").arg(data(index, TimeRole).toString(), entry.sentence);
    case Qt::DecorationRole:
        switch (entry.kind) {
        case Kind::Plain:
            return {};
        case Kind::Best:
            return m_best;
        case Kind::Good:
            return m_good;
        case Kind::Warning:
            return m_warning;
        case Kind::Error:
            return m_error;
        }
        return {};
    default:
        return {};
    }
}

} // namespace graft::ui
