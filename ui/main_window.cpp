#include "ui/main_window.h"

#include "ui/jobs/folder_look.h"
#include "ui/jobs/job_queue.h"
#include "ui/models/words.h"
#include "ui/page.h"
#include "ui/pages/augment_page.h"
#include "ui/pages/pictures_page.h"
#include "ui/pages/race_page.h"
#include "ui/pages/start_page.h"
#include "ui/pages/train_page.h"
#include "ui/pages/try_it_page.h"
#include "ui/paths.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/navigation.h"
#include "ui/widgets/status_strip.h"
#include "ui/widgets/weights_dialog.h"
#include "ui/wizard/new_training.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>

#include <utility>

namespace graft::ui {

namespace {

constexpr QSize minimum(1024, 700); // pixels, as is the next
constexpr int narrowBelow = 1180;

struct PageTitle {
    const char* icon;
    QString title;
};

QList<PageTitle> pageTitles()
{
    return {{"pictures", MainWindow::tr("Pictures")},
            {"augment", MainWindow::tr("Augment")},
            {"train", MainWindow::tr("Train")},
            {"try-it", MainWindow::tr("Try it")}};
}

QStringList titles()
{
    QStringList result;
    for (const PageTitle& page : pageTitles())
        result += page.title;
    return result;
}

} // namespace

MainWindow::MainWindow(WeightsSource weights, QWidget* parent)
    : QMainWindow(parent)
    , m_weights(std::move(weights))
    , m_actions(makeActions(this, titles()))
    , m_jobs(new JobQueue(this))
    , m_navigation(new Navigation)
    , m_status(new StatusStrip(m_session, m_weights))
    , m_stack(new QStackedWidget)
    , m_start(new StartPage(m_session, m_recent))
    , m_pages(PageCount, nullptr)
{
    setWindowIcon(icon("logo"));
    setMinimumSize(minimum);
    for (const PageTitle& page : pageTitles())
        m_navigation->addPage(page.icon, page.title);
    auto* centre = new QWidget;
    auto* row = new QHBoxLayout(centre);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_navigation);
    row->addWidget(m_stack, 1);
    m_stack->addWidget(m_start);
    setCentralWidget(centre);
    setStatusBar(m_status);

    connectActions();
    connectSession();
    fillRecent();
    showClosed();
    restoreLook();
}

MainWindow::~MainWindow()
{
    delete m_newTraining; // before the session, which it works on
}

void MainWindow::connectSession()
{
    connect(&m_session, &Session::opened, this, &MainWindow::showOpened);
    connect(&m_session, &Session::closed, this, &MainWindow::showClosed);
    connect(&m_session, &Session::failed, this, [this](const QString& sentence, const QString& details) {
        messages()->display(MessageBar::Kind::Error, QString(), sentence);
        if (!details.isEmpty())
            messages()->setDetails(details);
    });
    for (const auto changed : {&Session::datasetChanged, &Session::runsChanged}) {
        connect(&m_session, changed, this, &MainWindow::noteRecent);
        connect(&m_session, changed, this, &MainWindow::refreshHints);
    }
    connect(&m_session, &Session::recipeChanged, this, &MainWindow::refreshHints);
    connect(&m_session, &Session::importProgress, this, &MainWindow::refreshActions);
    for (const auto changed :
         {&Session::trainingStarted, &Session::trainingEnded, &Session::trainingPausedChanged})
        connect(&m_session, changed, this, &MainWindow::refreshActions);
    connect(&m_session, &Session::trainingStarted, this, [this] { placeRace(false); });
    connect(&m_session, &Session::raceStarted, this, &MainWindow::beginRace);
    const auto ended = [this] {
        refreshActions();
        if (m_whenIdle && !m_session.isTraining() && !m_session.isImporting())
            std::exchange(m_whenIdle, nullptr)();
    };
    connect(&m_session, &Session::trainingEnded, this, ended);
    connect(&m_session, &Session::raceEnded, this, ended);
    connect(&m_session, &Session::importEnded, this, ended);
    connect(&m_session, &Session::failed, this, ended);
    for (const auto changed : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_recent, changed, this, &MainWindow::fillRecent);
}

Page* MainWindow::makePage(PageId id)
{
    switch (id) {
    case Pictures: {
        auto* page = new PicturesPage(m_session);
        connect(page, &PicturesPage::newTraining, this, &MainWindow::newTraining);
        connect(page, &PicturesPage::addPictures, this, &MainWindow::addPictures);
        return page;
    }
    case Augment: {
        auto* page = new AugmentPage(m_session);
        connect(page, &AugmentPage::newTraining, this, &MainWindow::newTraining);
        connect(page, &AugmentPage::addPictures, this, &MainWindow::addPictures);
        return page;
    }
    case Train: {
        auto* page = new TrainPage(m_session);
        connect(page, &TrainPage::newTraining, this, &MainWindow::newTraining);
        connect(page, &TrainPage::tryIt, this, &MainWindow::tryRun);
        return page;
    }
    case TryIt: {
        auto* page = new TryItPage(m_session, m_weights);
        connect(page, &TryItPage::newTraining, this, &MainWindow::newTraining);
        connect(page, &TryItPage::showWeights, this, &MainWindow::showWeights);
        connect(page, &TryItPage::modelChanged, this, &MainWindow::refreshHints);
        connect(page, &TryItPage::back, this, [this] { m_stack->setCurrentWidget(m_start); });
        return page;
    }
    case PageCount:
        break;
    }
    return nullptr;
}

void MainWindow::showPage(PageId id)
{
    if (!m_session.isOpen() && id != TryIt)
        return;
    Page*& page = m_pages[id];
    if (!page) {
        page = makePage(id);
        m_stack->addWidget(page);
    }
    const bool browsing = m_navigation->isAncestorOf(focusWidget());
    Page* shown = id == Train && m_showsRace ? m_race : page;
    m_stack->setCurrentWidget(shown);
    if (!browsing)
        shown->setFocus(); // else a ring around some small button would say that it matters most
    m_navigation->setCurrent(id);
}

void MainWindow::askImagenet()
{
    showPage(TryIt);
    static_cast<TryItPage*>(m_pages[TryIt])->askImagenet();
}

void MainWindow::tryRun(const QString& run)
{
    showPage(TryIt);
    static_cast<TryItPage*>(m_pages[TryIt])->askRun(run);
}

void MainWindow::showWeights()
{
    if (!m_weightsDialog) {
        m_weightsDialog = new WeightsDialog(m_weights, this);
        m_weightsDialog->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_weightsDialog->show();
    m_weightsDialog->raise();
    m_weightsDialog->activateWindow();
}

MessageBar* MainWindow::messages() const
{
    auto* page = qobject_cast<Page*>(m_stack->currentWidget());
    return page ? page->messages() : m_start->messages();
}

void MainWindow::showOpened()
{
    m_start->messages()->hide();
    setWindowTitle(tr("%1 - Graft").arg(m_session.name()));
    m_navigation->setProject(m_session.name(), m_actions.recent);
    m_navigation->show();
    m_showsRace = m_session.isRacing();
    showPage(Pictures);
    noteRecent();
    refreshHints();
    refreshActions();
}

void MainWindow::showClosed()
{
    setWindowTitle(tr("Graft"));
    m_navigation->hide();
    m_stack->setCurrentWidget(m_start);
    delete m_newTraining;
    // The pages of the next project begin afresh.
    for (Page*& page : m_pages)
        delete std::exchange(page, nullptr);
    delete m_race;
    m_showsRace = false;
    refreshActions();
}

void MainWindow::refreshHints()
{
    const dataset::Dataset& dataset = m_session.dataset();
    const auto pictures = static_cast<int>(dataset.pictures.size());
    m_navigation->setHint(Pictures,
                          tr("%L1 in %2")
                              .arg(pictures)
                              .arg(tr("%n class(es)", nullptr, static_cast<int>(dataset.classes.size()))));
    m_navigation->setHint(Augment, recipeHint(m_session.recipe()));
    const QString training = m_status->trainingHint();
    m_navigation->setHint(Train, training.isEmpty() ? tr("No run in progress") : training);
    m_navigation->setHint(TryIt, tryItHint());
}

QString MainWindow::tryItHint() const
{
    AskedModel model;
    if (const store::RunRecord* run = m_session.modelRun())
        model.run = QString::fromStdString(run->id);
    if (const auto* page = static_cast<TryItPage*>(m_pages[TryIt])) // a person may have chosen another one
        model = page->asker().model();
    if (!model.imagenet.isEmpty())
        return tr("Uses ImageNet");
    return model.run.isEmpty() ? tr("Train a model first")
                               : tr("Uses run %1").arg(model.run.section(QLatin1Char('-'), -1));
}

void MainWindow::noteRecent()
{
    RecentProject project;
    project.folder = m_session.folder();
    project.opened = QDateTime::currentDateTime();
    const dataset::Dataset& dataset = m_session.dataset();
    if (!dataset.pictures.empty())
        project.cover = toQString(dataset.pictures.front().path);
    if (const store::RunRecord* run = m_session.modelRun()) {
        project.correct = measured(run->result).correct();
        project.total = measured(run->result).total();
    }
    m_recent.note(project);
}

void MainWindow::openPath(const QString& path)
{
    takeIn(path, false);
}

void MainWindow::takeIn(const QString& path, bool intoOpen)
{
    m_jobs->add(
        [this, path = toPath(path), intoOpen](const std::stop_token&) {
            return [this, look = lookAt(path), intoOpen] {
                const QString folder = toQString(look.folder);
                switch (look.kind) {
                case FolderLook::Kind::Project:
                    whenIdle([this, folder] { m_session.openProject(folder); });
                    break;
                case FolderLook::Kind::Classes:
                    import(folder, dataset::LabelSource::Auto, intoOpen);
                    break;
                case FolderLook::Kind::Flat:
                    askForLabels(this, folder, [this, folder, intoOpen](dataset::LabelSource labels) {
                        import(folder, labels, intoOpen);
                    });
                    break;
                case FolderLook::Kind::Nothing:
                    messages()->display(
                        MessageBar::Kind::Warning,
                        tr("%1 cannot be opened.").arg(QFileInfo(folder).fileName()),
                        tr("Drop a folder of pictures or a project, a folder that ends in .graft."));
                    break;
                }
            };
        },
        [](const JobProblem&) {});
}

void MainWindow::import(const QString& folder, dataset::LabelSource labels, bool intoOpen)
{
    whenIdle([this, folder, labels, intoOpen] {
        messages()->hide();
        engine::ImportOptions options;
        options.labels = labels;
        m_session.importFolder(folder, options, intoOpen);
        refreshActions();
    });
}

void MainWindow::addPictures()
{
    const QString folder = toQString(m_session.dataset().root);
    askHowToAdd(this, folder, [this, folder](AddWay way) {
        if (way == AddWay::ReadAgain) {
            m_actions.readAgain->trigger();
            return;
        }
        chooseFolder(this, tr("Add the pictures of which folder?"), QFileInfo(folder).path(),
                     [this](const QString& other) { takeIn(other, true); });
    });
}

void MainWindow::findProject(const QString& lost)
{
    chooseFolder(this, tr("Where is %1 now?").arg(QFileInfo(lost).fileName()), QDir::homePath(),
                 [this, lost](const QString& folder) {
                     m_recent.forget(lost);
                     openPath(folder);
                 });
}

void MainWindow::whenIdle(std::function<void()> then)
{
    if (!m_session.isTraining() && !m_session.isImporting()) {
        then();
        return;
    }
    const RunningJob job = m_session.isRacing() ? RunningJob::Race
        : m_session.isTraining()                ? RunningJob::Training
                                                : RunningJob::Import;
    const auto waiting = static_cast<int>(m_session.waitingTrainings().size());
    askToStop(this, job, waiting, [this, then = std::move(then)]() mutable {
        // It may have ended while the question was open.
        if (!m_session.isTraining() && !m_session.isImporting()) {
            then();
            return;
        }
        m_whenIdle = std::move(then);
        m_session.stopImport();
        m_session.stopTrainings();
    });
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_session.isTraining() || m_session.isImporting()) {
        event->ignore();
        whenIdle([this] { close(); });
        return;
    }
    QSettings().setValue(QStringLiteral("geometry"), saveGeometry());
    QMainWindow::closeEvent(event);
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    m_navigation->setNarrow(width() < narrowBelow);
}

void MainWindow::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && isFullScreen())
        m_actions.fullScreen->setChecked(false);
    else
        QMainWindow::keyPressEvent(event);
}

} // namespace graft::ui
