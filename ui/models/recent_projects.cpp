#include "ui/models/recent_projects.h"

#include "ui/icon_engine.h"
#include "ui/models/words.h"
#include "ui/theme.h"
#include "ui/widgets/two_line.h"

#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QPainter>
#include <QSettings>

#include <algorithm>
#include <utility>

namespace graft::ui {

namespace {

constexpr int kept = 10; // projects

QString group()
{
    return QStringLiteral("recent");
}

/// A small icon in a coloured square, the size of a cover.
QIcon framed(const char* name, Ink ink, QColor Colours::*back)
{
    return paintedIcon([mark = icon(name, ink), back](QPainter& painter, const QRectF& box, bool) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours().*back);
        painter.drawRoundedRect(box, 4, 4);
        const double inset = box.width() * 0.31;
        mark.paint(&painter, box.adjusted(inset, inset, -inset, -inset).toRect());
    });
}

} // namespace

RecentProjects::RecentProjects(QObject* parent)
    : QAbstractListModel(parent)
{
    QSettings settings;
    const int count = settings.beginReadArray(group());
    for (int i = 0; i < count; ++i) {
        settings.setArrayIndex(i);
        Entry entry;
        entry.project.folder = settings.value(QStringLiteral("folder")).toString();
        entry.project.cover = settings.value(QStringLiteral("cover")).toString();
        entry.project.correct = settings.value(QStringLiteral("correct")).toLongLong();
        entry.project.total = settings.value(QStringLiteral("total")).toLongLong();
        entry.project.opened = settings.value(QStringLiteral("opened")).toDateTime();
        if (!entry.project.folder.isEmpty())
            m_entries.append(entry);
    }
    settings.endArray();
}

int RecentProjects::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant RecentProjects::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Entry& entry = m_entries[index.row()];
    const RecentProject& project = entry.project;
    switch (role) {
    case Qt::DisplayRole:
        return QFileInfo(project.folder).completeBaseName();
    case Qt::ToolTipRole:
    case FolderRole:
        return project.folder;
    case Qt::DecorationRole:
        if (entry.missing)
            return framed("warning", Ink::Warning, &Colours::warningBack);
        return entry.cover.isNull() ? framed("pictures", Ink::Text2, &Colours::track) : entry.cover;
    case HintRole:
        return entry.missing ? tr("Folder was moved or renamed") : placeText(project.folder);
    case RightRole:
        if (entry.missing)
            return tr("Find it…");
        if (project.total == 0)
            return tr("Not trained yet");
        return tr("%1 right")
            .arg(percent(static_cast<double>(project.correct) / static_cast<double>(project.total)));
    case RightHintRole:
        return whenText(project.opened, QDateTime::currentDateTime());
    case RightIsLinkRole:
    case MissingRole:
        return entry.missing;
    case CoverPathRole:
        return project.cover;
    default:
        return {};
    }
}

int RecentProjects::row(const QString& folder) const
{
    const auto found =
        std::ranges::find_if(m_entries, [&](const Entry& entry) { return entry.project.folder == folder; });
    return found == m_entries.end() ? -1 : static_cast<int>(found - m_entries.begin());
}

void RecentProjects::note(const RecentProject& project)
{
    const int before = row(project.folder);
    Entry entry {project, {}, false};
    if (before == 0) {
        if (m_entries[0].project.cover == project.cover)
            entry.cover = m_entries[0].cover;
        m_entries[0] = entry;
        emit dataChanged(index(0), index(0));
    } else {
        if (before > 0) {
            if (m_entries[before].project.cover == project.cover)
                entry.cover = m_entries[before].cover;
            beginRemoveRows({}, before, before);
            m_entries.removeAt(before);
            endRemoveRows();
        }
        beginInsertRows({}, 0, 0);
        m_entries.prepend(entry);
        endInsertRows();
        if (m_entries.size() > kept) {
            beginRemoveRows({}, kept, static_cast<int>(m_entries.size()) - 1);
            m_entries.resize(kept);
            endRemoveRows();
        }
    }
    save();
}

void RecentProjects::forget(const QString& folder)
{
    const int at = row(folder);
    if (at < 0)
        return;
    beginRemoveRows({}, at, at);
    m_entries.removeAt(at);
    endRemoveRows();
    save();
}

void RecentProjects::setMissing(const QString& folder, bool missing)
{
    const int at = row(folder);
    if (at < 0 || m_entries[at].missing == missing)
        return;
    m_entries[at].missing = missing;
    emit dataChanged(index(at), index(at));
}

void RecentProjects::setCover(const QString& folder, const QIcon& cover)
{
    const int at = row(folder);
    if (at < 0)
        return;
    m_entries[at].cover = cover;
    emit dataChanged(index(at), index(at), {Qt::DecorationRole});
}

void RecentProjects::save() const
{
    QSettings settings;
    settings.remove(group());
    settings.beginWriteArray(group(), static_cast<int>(m_entries.size()));
    for (int i = 0; i < m_entries.size(); ++i) {
        const RecentProject& project = m_entries[i].project;
        settings.setArrayIndex(i);
        settings.setValue(QStringLiteral("folder"), project.folder);
        settings.setValue(QStringLiteral("cover"), project.cover);
        settings.setValue(QStringLiteral("correct"), project.correct);
        settings.setValue(QStringLiteral("total"), project.total);
        settings.setValue(QStringLiteral("opened"), project.opened);
    }
    settings.endArray();
}

QString whenText(const QDateTime& time, const QDateTime& now)
{
    const QLocale locale;
    const qint64 days = time.date().daysTo(now.date());
    if (days == 0)
        return RecentProjects::tr("Today, %1").arg(locale.toString(time.time(), QLocale::ShortFormat));
    if (days == 1)
        return RecentProjects::tr("Yesterday");
    if (time.date().year() == now.date().year())
        return locale.toString(time.date(), RecentProjects::tr("d MMMM", "a date without its year"));
    return locale.toString(time.date(), RecentProjects::tr("d MMMM yyyy", "a date with its year"));
}

QString placeText(const QString& folder)
{
    const QString home = QDir::homePath();
    return folder.startsWith(home + QLatin1Char('/')) ? folder.mid(home.size() + 1) : folder;
}

} // namespace graft::ui
