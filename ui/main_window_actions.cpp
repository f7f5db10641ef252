// What the menus of the window do, and when they can.
#include "ui/main_window.h"
#include "ui/page.h"
#include "ui/pages/start_page.h"
#include "ui/pages/try_it_page.h"
#include "ui/paths.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/navigation.h"
#include "ui/widgets/status_strip.h"
#include "ui/wizard/new_training.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QMenu>
#include <QMimeData>
#include <QSettings>
#include <QStandardPaths>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace graft::ui {

namespace {

constexpr QSize usual(1280, 800); // pixels
constexpr double typeStep = 1.1;
constexpr double smallestType = 0.8; // times the desktop's size
constexpr double largestType = 2.0;

QString picturesFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
}

} // namespace

void MainWindow::connectActions()
{
    const auto choosePictures = [this] {
        chooseFolder(this, tr("A folder with one folder for each class"), picturesFolder(),
                     [this](const QString& folder) { openPath(folder); });
    };
    const auto chooseProject = [this] {
        chooseFolder(this, tr("A project: a folder that ends in .graft"), picturesFolder(),
                     [this](const QString& folder) { openPath(folder); });
    };
    const auto open = [this](const QString& folder) { openPath(folder); };
    connect(m_actions.newProject, &QAction::triggered, this, choosePictures);
    connect(m_actions.openProject, &QAction::triggered, this, chooseProject);
    connect(m_start, &StartPage::chooseFolder, this, choosePictures);
    connect(m_start, &StartPage::chooseProject, this, chooseProject);
    connect(m_start, &StartPage::dropped, this,
            [this](const QStringList& paths) { openPath(paths.first()); });
    connect(m_start, &StartPage::openProject, this, open);
    connect(m_start, &StartPage::useSample, this, open);
    connect(m_start, &StartPage::findProject, this, &MainWindow::findProject);

    connect(m_actions.addPictures, &QAction::triggered, this, &MainWindow::addPictures);
    connect(m_actions.readAgain, &QAction::triggered, this,
            [this] { takeIn(toQString(m_session.dataset().root), true); });
    connect(m_actions.showFolder, &QAction::triggered, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_session.folder())); });
    connect(m_actions.closeProject, &QAction::triggered, this,
            [this] { whenIdle([this] { m_session.closeProject(); }); });
    connect(m_actions.quit, &QAction::triggered, this, &QWidget::close);
    connect(m_actions.paste, &QAction::triggered, this, &MainWindow::paste);
    connect(QApplication::clipboard(), &QClipboard::dataChanged, this, &MainWindow::refreshActions);
    for (int i = 0; i < PageCount; ++i)
        connect(m_actions.pages[i], &QAction::triggered, this,
                [this, i] { showPage(static_cast<PageId>(i)); });
    connect(m_navigation, &Navigation::chosen, this,
            [this](int page) { showPage(static_cast<PageId>(page)); });
    connect(m_status, &StatusStrip::jobClicked, this, [this] { showPage(Train); });
    connect(m_status, &StatusStrip::trainingHintChanged, this, &MainWindow::refreshHints);
    connect(m_actions.themes, &QActionGroup::triggered, this, [](const QAction* action) {
        QSettings().setValue(QStringLiteral("theme"), action->data());
        applyTheme(*qApp, static_cast<Theme>(action->data().toInt()));
    });
    const auto typeSize = [] { return QSettings().value(QStringLiteral("type_size"), 1.0).toDouble(); };
    connect(m_actions.larger, &QAction::triggered, this,
            [this, typeSize] { setTypeSize(typeSize() * typeStep); });
    connect(m_actions.smaller, &QAction::triggered, this,
            [this, typeSize] { setTypeSize(typeSize() / typeStep); });
    connect(m_actions.usualSize, &QAction::triggered, this, [this] { setTypeSize(1.0); });
    connect(m_actions.fullScreen, &QAction::toggled, this, [this](bool on) {
        setWindowState(on ? windowState() | Qt::WindowFullScreen : windowState() & ~Qt::WindowFullScreen);
    });
    connect(m_actions.newTraining, &QAction::triggered, this, &MainWindow::newTraining);
    connect(m_actions.pauseTraining, &QAction::triggered, this,
            [this] { m_session.pauseTraining(!m_session.isTrainingPaused()); });
    connect(m_actions.stopTraining, &QAction::triggered, &m_session, &Session::stopTraining);
    connect(m_actions.imagenet, &QAction::triggered, this, &MainWindow::askImagenet);
    connect(m_actions.weights, &QAction::triggered, this, &MainWindow::showWeights);
    connect(m_start, &StartPage::askImagenet, this, &MainWindow::askImagenet);
    connect(m_status, &StatusStrip::downloadClicked, this, &MainWindow::showWeights);
    connect(m_actions.shortcuts, &QAction::triggered, this, [this] { showShortcuts(this); });
    connect(m_actions.about, &QAction::triggered, this, [this] { showAbout(this); });
}

void MainWindow::refreshActions()
{
    const bool open = m_session.isOpen();
    const bool idle = open && !m_session.isImporting();
    for (QAction* action : {m_actions.showFolder, m_actions.closeProject})
        action->setEnabled(open);
    for (QAction* action : {m_actions.addPictures, m_actions.readAgain})
        action->setEnabled(idle && !m_session.dataset().root.empty());
    for (QAction* action : std::as_const(m_actions.pages))
        action->setEnabled(open);
    const QMimeData* clipboard = QApplication::clipboard()->mimeData();
    m_actions.paste->setEnabled(clipboard && (clipboard->hasImage() || clipboard->hasUrls()));
    m_actions.newTraining->setEnabled(idle);
    m_actions.pauseTraining->setEnabled(m_session.isTraining());
    const bool race = m_session.isRacing();
    if (m_session.isTrainingPaused())
        m_actions.pauseTraining->setText(race ? tr("Resume the &race") : tr("Resume the t&raining"));
    else
        m_actions.pauseTraining->setText(race ? tr("&Pause the race") : tr("&Pause the training"));
    m_actions.stopTraining->setText(race ? tr("&End the race") : tr("&Stop and keep the best"));
    m_actions.stopTraining->setEnabled(m_session.isTraining());
}

void MainWindow::newTraining()
{
    if (!m_actions.newTraining->isEnabled())
        return;
    if (m_newTraining) {
        m_newTraining->activateWindow();
        return;
    }
    learn::Plan plan;
    plan.recipe = m_session.recipe();
    plan.copies = m_session.copies();
    m_newTraining = new NewTraining(m_session, m_weights, plan, this);
    m_newTraining->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_newTraining, &NewTraining::trainingWanted, this, [this](const learn::Plan& wanted) {
        showPage(Train); // first, so that the page sees the training begin
        m_session.train(wanted);
    });
    connect(m_newTraining, &NewTraining::raceWanted, this, &MainWindow::startRace);
    m_newTraining->open();
}

void MainWindow::fillRecent()
{
    QMenu* menu = m_actions.recent;
    menu->clear();
    for (int row = 0; row < m_recent.rowCount(); ++row) {
        const QModelIndex index = m_recent.index(row);
        const QString folder = index.data(RecentProjects::FolderRole).toString();
        QString name = index.data().toString();
        QAction* action = menu->addAction(name.replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setToolTip(folder);
        connect(action, &QAction::triggered, this, [this, folder] { openPath(folder); });
    }
    menu->menuAction()->setVisible(m_recent.rowCount() > 0);
}

void MainWindow::paste()
{
    showPage(TryIt);
    static_cast<TryItPage*>(m_pages[TryIt])->paste();
}

void MainWindow::setTypeSize(double factor)
{
    factor = std::clamp(factor, smallestType, largestType);
    QSettings().setValue(QStringLiteral("type_size"), factor);
    applyTypeSize(*qApp, factor);
}

void MainWindow::restoreLook()
{
    const QSettings settings;
    const int theme = settings.value(QStringLiteral("theme")).toInt();
    for (QAction* action : m_actions.themes->actions())
        action->setChecked(action->data().toInt() == theme);
    if (!restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray()))
        resize(usual);
    m_actions.fullScreen->setChecked(isFullScreen());
}

} // namespace graft::ui
