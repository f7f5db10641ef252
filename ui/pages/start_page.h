#pragma once
#include <QStringList>
#include <QWidget>

class QGridLayout;
class QHBoxLayout;
class QLabel;
class QListView;
class QVBoxLayout;

namespace graft::ui {

class DropArea;
class JobQueue;
class MessageBar;
class RecentProjects;
class Session;
class ThumbnailLoader;

/// What the window shows without a project: new from a folder, samples, recent projects.
class StartPage : public QWidget
{
    Q_OBJECT
public:
    StartPage(Session& session, RecentProjects& recent, QWidget* parent = nullptr);
    ~StartPage() override;

    MessageBar* messages() const { return m_messages; }

signals:
    void chooseFolder();
    void chooseProject();
    void dropped(const QStringList& paths);
    void openProject(const QString& folder);
    void findProject(const QString& folder); ///< a recent one that is no longer there
    void askImagenet(); ///< what it sees in any picture
    void useSample(const QString& folder); ///< a folder of pictures

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeLeft();
    QWidget* makeRight();
    QWidget* makeHint();
    QWidget* makeImagenet();
    void findSamples();
    void checkRecent();
    void refreshRecent();
    void activate(const QModelIndex& index);

    Session& m_session;
    RecentProjects& m_recent;
    ThumbnailLoader* m_thumbnails;
    JobQueue* m_jobs;
    QWidget* m_content;
    QVBoxLayout* m_column;
    QGridLayout* m_columns;
    MessageBar* m_messages;
    DropArea* m_drop;
    QWidget* m_samples;
    QHBoxLayout* m_sampleRow;
    QLabel* m_recentTitle;
    QWidget* m_recentCard;
    QListView* m_recentList;
};

} // namespace graft::ui
