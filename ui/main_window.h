#pragma once
#include "ui/actions.h"
#include "ui/jobs/weights_jobs.h"
#include "ui/models/recent_projects.h"
#include "ui/session.h"

#include <QList>
#include <QMainWindow>
#include <QPointer>

#include <functional>

class QStackedWidget;

namespace graft::ui {

class JobQueue;
class MessageBar;
class Navigation;
class NewTraining;
class Page;
class RacePage;
class StartPage;
class StatusStrip;
class WeightsDialog;

/// The window: menus, navigation, pages, status line. Owns the session.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    /// In the order of the navigation.
    enum PageId { Pictures, Augment, Train, TryIt, PageCount };

    explicit MainWindow(WeightsSource weights = engineWeights(), QWidget* parent = nullptr);
    ~MainWindow() override;

    Session& session() { return m_session; }

    WeightsJobs& weights() { return m_weights; }

    /// A project, or a folder of pictures: asks what there is to ask and opens it.
    void openPath(const QString& path);

    void showPage(PageId id); ///< makes it on its first visit; without a project only TryIt
    void askImagenet(); ///< what it sees in any picture: Try it, also without a project
    void showWeights(); ///< the dialog with the network weights
    void newTraining(); ///< opens the wizard, with the recipe and the copies of the project

public slots:
    void startRace(const graft::learn::Plan& plan, int minutes); ///< of each strategy

protected:
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void connectActions();
    void connectSession();
    Page* makePage(PageId id);
    void beginRace(const learn::Plan& plan, int minutes); ///< it is its turn
    void placeRace(bool shown); ///< on the page Train, instead of a training
    MessageBar* messages() const; ///< of what is shown
    void showOpened();
    void showClosed();
    void refreshActions();
    void refreshHints();
    void fillRecent();
    QString tryItHint() const;
    void tryRun(const QString& run); ///< on the page Try it
    void noteRecent();
    void takeIn(const QString& path, bool intoOpen); ///< a folder of pictures, or a project
    void import(const QString& folder, dataset::LabelSource labels, bool intoOpen);
    void addPictures();
    void paste();
    void findProject(const QString& lost);
    void whenIdle(std::function<void()> then); ///< asks to stop what runs, and waits for its end
    void setTypeSize(double factor);
    void restoreLook();

    WeightsJobs m_weights;
    Session m_session;
    RecentProjects m_recent;
    Actions m_actions;
    JobQueue* m_jobs; ///< short looks at the disk
    Navigation* m_navigation;
    StatusStrip* m_status;
    QStackedWidget* m_stack;
    StartPage* m_start;
    QPointer<WeightsDialog> m_weightsDialog;
    QPointer<NewTraining> m_newTraining;
    QList<Page*> m_pages; ///< by PageId; null before the first visit
    QPointer<RacePage> m_race; ///< null before the first race
    bool m_showsRace = false; ///< where Train is shown
    std::function<void()> m_whenIdle; ///< waits for the running job's end
};

} // namespace graft::ui
