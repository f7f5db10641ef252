#pragma once
#include <QAbstractListModel>
#include <QDateTime>
#include <QIcon>
#include <QList>
#include <QString>

namespace graft::ui {

/// What is remembered of a project that was opened on this computer.
struct RecentProject {
    QString folder; ///< absolute
    QString cover; ///< a picture file, may be empty
    qint64 correct = 0; ///< of the last run's test pictures
    qint64 total = 0; ///< 0: not trained yet
    QDateTime opened;
};

/// The projects that were opened last, newest first; kept in the settings. Whether one is still there is told
/// by its user with setMissing(), because asking a disk may take long.
class RecentProjects : public QAbstractListModel
{
    Q_OBJECT
public:
    /// Beside DisplayRole (name), DecorationRole (cover) and those of two_line.h.
    enum Role { FolderRole = Qt::UserRole + 100, MissingRole, CoverPathRole };

    explicit RecentProjects(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    void note(const RecentProject& project); ///< to the top, instead of an older entry of its folder
    void forget(const QString& folder);
    void setMissing(const QString& folder, bool missing);
    void setCover(const QString& folder, const QIcon& cover);

private:
    struct Entry {
        RecentProject project;
        QIcon cover;
        bool missing = false;
    };

    int row(const QString& folder) const; ///< -1: none
    void save() const;

    QList<Entry> m_entries;
};

/// "Today, 14:20", "Yesterday", "12 November", with the year where it is another one.
QString whenText(const QDateTime& time, const QDateTime& now);

/// A folder as people name it: without the home folder.
QString placeText(const QString& folder);

} // namespace graft::ui
