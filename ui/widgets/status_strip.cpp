#include "ui/widgets/status_strip.h"

#include "core/engine/machine.h"
#include "ui/jobs/weights_jobs.h"
#include "ui/models/words.h"
#include "ui/session.h"
#include "ui/theme.h"
#include "ui/widgets/parts.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QTimer>
#include <QToolButton>

#include <algorithm>
#include <chrono>

namespace graft::ui {

namespace {

constexpr int barWidth = 128; // pixels
constexpr std::chrono::seconds machineInterval {1};

/// Icon and text of the right end.
QWidget* part(const char* iconName, QLabel* text)
{
    auto* widget = new QWidget;
    auto* mark = new IconLabel(16);
    mark->setIcon(icon(iconName, Ink::Text2));
    auto* row = new QHBoxLayout(widget);
    row->setContentsMargins(8, 0, 8, 0);
    row->setSpacing(8);
    row->addWidget(mark);
    row->addWidget(text);
    return widget;
}

QString counted(const QString& what, qint64 done, qint64 total)
{
    return total > 0 ? StatusStrip::tr("%1: %L2 of %L3").arg(what).arg(done).arg(total) : what;
}

QFrame* separator()
{
    auto* line = new QFrame;
    line->setProperty("line", true);
    line->setFixedSize(1, 16);
    return line;
}

} // namespace

StatusStrip::StatusStrip(Session& session, WeightsJobs& weights, QWidget* parent)
    : QStatusBar(parent)
    , m_session(session)
    , m_weights(weights)
    , m_icon(new IconLabel(16))
    , m_text(new QToolButton)
    , m_bar(new QProgressBar)
    , m_left(new QLabel)
    , m_waiting(new QLabel)
    , m_pause(new QToolButton)
    , m_stop(new QToolButton)
    , m_machine(new QLabel)
{
    setSizeGripEnabled(false);
    m_text->setProperty("flat", true);
    m_text->setProperty("small", true);
    m_text->setToolButtonStyle(Qt::ToolButtonTextOnly);
    connect(m_text, &QToolButton::clicked, this, [this] {
        if (isTraining())
            emit jobClicked();
    });
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(barWidth);
    m_bar->setAccessibleName(tr("Progress"));
    for (QToolButton* button : {m_pause, m_stop}) {
        button->setProperty("flat", true);
        button->setProperty("small", true);
    }
    connect(m_pause, &QToolButton::clicked, this,
            [this] { m_session.pauseTraining(!m_session.isTrainingPaused()); });
    m_stop->setIcon(icon("stop"));
    connect(m_stop, &QToolButton::clicked, this, &StatusStrip::stop);

    auto* job = new QWidget;
    auto* row = new QHBoxLayout(job);
    row->setContentsMargins(12, 0, 0, 0);
    row->setSpacing(4);
    for (QWidget* widget :
         std::initializer_list<QWidget*> {m_icon, m_text, m_bar, m_left, m_pause, m_stop, m_waiting})
        row->addWidget(widget);
    row->addStretch();
    addWidget(job);
    addPermanentWidget(part("cpu", m_machine));
    addPermanentWidget(separator());
    m_lock = part("lock", new QLabel(tr("Nothing leaves this computer")));
    m_lock->layout()->setContentsMargins(8, 0, 16, 0);
    m_download = makeDownload();
    auto* right = new QWidget; // one item: the bar shows again what is hidden of its own
    auto* rightRow = new QHBoxLayout(right);
    rightRow->setContentsMargins(0, 0, 0, 0);
    rightRow->addWidget(m_lock);
    rightRow->addWidget(m_download);
    addPermanentWidget(right);
    connect(&m_weights, &WeightsJobs::changed, this, &StatusStrip::showDownload);
    connect(&m_weights, &WeightsJobs::listed, this, &StatusStrip::showDownload);
    showDownload();

    connect(&m_session, &Session::importProgress, this,
            [this](const QString& what, qint64 done, qint64 total) {
                begin(Job::Import, "pictures", what);
                progress(counted(what, done, total), done, total);
            });
    connect(&m_session, &Session::importEnded, this, &StatusStrip::endImport);
    connect(&m_session, &Session::failed, this, [this] {
        if (m_job == Job::Import && !m_session.isImporting())
            end("error", tr("The pictures could not be read"));
    });
    connect(&m_session, &Session::trainingStarted, this,
            [this] { begin(Job::Training, "train", tr("Training begins")); });
    connect(&m_session, &Session::raceStarted, this, [this](const learn::Plan& plan, int minutes) {
        m_race = RaceState::begin(plan, minutes);
        begin(Job::Race, "flag", tr("Race begins"));
        takeNews({});
    });
    connect(&m_session, &Session::raceNews, this, &StatusStrip::takeNews);
    connect(&m_session, &Session::raceEnded, this, &StatusStrip::endRace);
    connect(&m_session, &Session::trainingPausedChanged, this, &StatusStrip::showPaused);
    connect(&m_session, &Session::waitingTrainingsChanged, this, &StatusStrip::showWaiting);
    showWaiting();
    connect(&m_session, &Session::trainingEvents, this, &StatusStrip::takeEvents);
    connect(&m_session, &Session::classifyProgress, this, [this](qint64 done, qint64 total) {
        if (total < 2 || isTraining())
            return;
        begin(Job::Classifying, "try-it", tr("Looking at pictures"));
        progress(counted(tr("Looking at pictures"), done, total), done, total);
    });
    connect(&m_session, &Session::classified, this, [this] {
        if (m_job == Job::Classifying && !m_session.isClassifying())
            end("logo", QString());
    });
    const auto idle = [this] { end("logo", tr("Graft %1").arg(QString::fromUtf8(engine::version()))); };
    connect(&m_session, &Session::closed, this, idle);
    idle();

    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &StatusStrip::refreshMachine);
    timer->start(machineInterval);
    refreshMachine();
}

QWidget* StatusStrip::makeDownload()
{
    m_downloadText = new QToolButton;
    m_downloadText->setProperty("flat", true);
    m_downloadText->setProperty("small", true);
    m_downloadText->setToolTip(tr("Show the network weights"));
    connect(m_downloadText, &QToolButton::clicked, this, &StatusStrip::downloadClicked);
    m_downloadBar = new QProgressBar;
    m_downloadBar->setTextVisible(false);
    m_downloadBar->setFixedWidth(barWidth / 2);
    m_downloadBar->setAccessibleName(tr("Download of weights"));
    auto* stop = new QToolButton;
    stop->setProperty("flat", true);
    stop->setProperty("small", true);
    stop->setIcon(icon("close"));
    stop->setToolTip(tr("Stop all downloads; what was downloaded is kept"));
    stop->setAccessibleName(stop->toolTip());
    connect(stop, &QToolButton::clicked, &m_weights, &WeightsJobs::cancelAll);
    auto* mark = new IconLabel(16);
    mark->setIcon(icon("download", Ink::Accent));
    auto* all = new QWidget;
    auto* row = new QHBoxLayout(all);
    row->setContentsMargins(8, 0, 12, 0);
    row->setSpacing(4);
    for (QWidget* widget : std::initializer_list<QWidget*> {mark, m_downloadText, m_downloadBar, stop})
        row->addWidget(widget);
    return all;
}

void StatusStrip::showDownload()
{
    const WeightsItem* item = m_weights.downloading();
    m_lock->setVisible(item == nullptr);
    m_download->setVisible(item != nullptr);
    if (item == nullptr)
        return;
    const int all = m_weights.downloads();
    const QString text =
        all > 1 ? tr("Downloading weights (1 of %Ln)", nullptr, all) : tr("Downloading weights");
    m_downloadText->setText(text);
    m_downloadText->setAccessibleName(
        QStringLiteral("%1: %2, %3")
            .arg(text, item->title(), megabytesOf(item->progress.done, item->progress.total)));
    m_downloadBar->setRange(0, item->progress.total > 0 ? 1000 : 0);
    if (item->progress.total > 0)
        m_downloadBar->setValue(static_cast<int>(item->progress.done * 1000 / item->progress.total));
}

void StatusStrip::begin(Job job, const char* iconName, const QString& text)
{
    if (m_job == job)
        return;
    m_job = job;
    m_icon->setIcon(icon(iconName, Ink::Accent));
    m_icon->show();
    m_text->setText(text);
    m_text->setToolTip(job == Job::Training   ? tr("Show the training")
                           : job == Job::Race ? tr("Show the race")
                                              : QString());
    m_bar->setRange(0, 0);
    m_bar->show();
    m_left->clear();
    m_stop->setToolTip(tr("Stop"));
    m_stop->setAccessibleName(m_stop->toolTip());
    m_stop->setVisible(!isTraining()); // which can be paused here, and stopped where it is seen
    m_pause->setVisible(isTraining());
    showPaused();
}

void StatusStrip::progress(const QString& text, qint64 done, qint64 total)
{
    m_text->setText(text);
    // A range in thousandths: counts may be bigger than an int.
    m_bar->setRange(0, total > 0 ? 1000 : 0);
    if (total > 0)
        m_bar->setValue(static_cast<int>(done * 1000 / total));
}

void StatusStrip::end(const char* iconName, const QString& text)
{
    m_job = Job::None;
    m_icon->setIcon(icon(iconName, Ink::Text2));
    m_icon->setVisible(qstrcmp(iconName, "logo") != 0);
    m_text->setText(text);
    m_text->setToolTip(QString());
    m_bar->hide();
    m_left->clear();
    m_pause->hide();
    m_stop->hide();
}

void StatusStrip::endImport(bool stopped)
{
    const dataset::Dataset& dataset = m_session.dataset();
    const auto skipped = std::ranges::count_if(dataset.problems, &dataset::Problem::skipped);
    const QString pictures = tr("%Ln picture(s)", nullptr, static_cast<int>(dataset.pictures.size()));
    const QString text =
        stopped ? tr("Import stopped: %1").arg(pictures) : tr("Import finished: %1").arg(pictures);
    end("done", skipped > 0 ? tr("%1, %L2 skipped").arg(text).arg(skipped) : text);
}

void StatusStrip::takeEvents(const QList<TrainEvent>& events)
{
    for (const TrainEvent& event : events)
        m_training.apply(event);
    if (m_training.phase == TrainingState::Phase::Ended)
        showEnded();
    else if (m_training.started)
        showTraining();
}

void StatusStrip::showTraining()
{
    const QString run = runTitle(m_training.started->run);
    if (m_training.phase == TrainingState::Phase::Preparing) {
        const TrainPreparing& now = m_training.preparing;
        progress(counted(now.what.empty() ? run : QString::fromStdString(now.what), now.done, now.total),
                 now.done, now.total);
        setHint(tr("%1, preparing").arg(run));
    } else {
        const QString epoch = tr("%1, epoch %L2").arg(run).arg(m_training.epoch);
        const QString text =
            m_training.epochs > 0 ? tr("%1 of %L2").arg(epoch).arg(m_training.epochs) : epoch;
        progress(text, static_cast<qint64>(1000.0 * m_training.share()), 1000);
        setHint(m_training.paused ? tr("%1, paused").arg(run) : text);
    }
    const bool learning = m_training.phase == TrainingState::Phase::Learning;
    if (m_training.paused)
        m_left->setText(tr("paused"));
    else
        m_left->setText(learning && m_training.secondsLeft >= 1.0
                            ? tr("%1 left").arg(duration(m_training.secondsLeft))
                            : QString());
}

void StatusStrip::showEnded()
{
    const QString run = m_training.started ? runTitle(m_training.started->run) : tr("Training");
    const TrainEnded& event = m_training.ended;
    switch (event.outcome) {
    case Outcome::Finished:
        end("done", tr("%1 finished").arg(run));
        break;
    case Outcome::Stopped:
        end("done", event.hasModel ? tr("%1 stopped, the best is kept").arg(run) : tr("%1 stopped").arg(run));
        break;
    case Outcome::Failed:
        end("error", tr("%1 failed").arg(run));
        break;
    }
    m_training = {};
    setHint(QString());
}

void StatusStrip::takeNews(const QList<RaceNews>& news)
{
    for (const RaceNews& one : news)
        m_race.apply(one);
    if (m_job != Job::Race)
        return;
    const int running = m_race.running();
    const auto all = static_cast<int>(m_race.race.racers.size());
    const auto done = static_cast<qint64>(1000.0 * m_race.share());
    if (running >= 0) {
        progress(tr("Race: strategy %L1 of %L2").arg(running + 1).arg(all), done, 1000);
        setHint(m_race.paused() ? tr("Race, paused")
                                : tr("Race, strategy %L1 of %L2").arg(running + 1).arg(all));
    } else {
        const bool over = done >= 1000; // no strategy has time left: only the test pictures are left
        progress(over ? tr("Race: checking the winner") : tr("Race: the next strategy begins"), done, 1000);
        setHint(over ? tr("Race, checking the winner") : tr("Race begins"));
    }
    m_left->setText(m_race.paused()                   ? tr("paused")
                        : m_race.secondsLeft() >= 1.0 ? tr("%1 left").arg(duration(m_race.secondsLeft()))
                                                      : QString());
}

void StatusStrip::endRace(const QString& problem)
{
    if (m_job == Job::Race)
        end(problem.isEmpty() ? "done" : "error",
            problem.isEmpty() ? tr("The race is over") : tr("The race could not begin"));
    m_race = {};
    setHint(QString());
}

void StatusStrip::showPaused()
{
    const bool paused = m_session.isTrainingPaused();
    m_pause->setIcon(icon(paused ? "play" : "pause"));
    if (m_job == Job::Race)
        m_pause->setToolTip(paused ? tr("Resume the race") : tr("Pause the race"));
    else
        m_pause->setToolTip(paused ? tr("Resume the training") : tr("Pause the training"));
    m_pause->setAccessibleName(m_pause->toolTip());
}

void StatusStrip::showWaiting()
{
    const auto waiting = static_cast<int>(m_session.waitingTrainings().size());
    m_waiting->setVisible(waiting > 0);
    m_waiting->setText(tr("%Ln waiting", nullptr, waiting));
}

void StatusStrip::setHint(const QString& hint)
{
    if (m_hint == hint)
        return;
    m_hint = hint;
    emit trainingHintChanged();
}

void StatusStrip::stop()
{
    switch (m_job) {
    case Job::None:
    case Job::Training: // has no such button
    case Job::Race:
        break;
    case Job::Import:
        m_session.stopImport();
        break;
    case Job::Classifying:
        m_session.stopClassifying();
        break;
    }
}

void StatusStrip::refreshMachine()
{
    const engine::Machine machine = engine::machine();
    m_machine->setText(tr("CPU, %n core(s), %1", nullptr, machine.processors)
                           .arg(memoryUse(machine.memoryTotal - machine.memoryFree, machine.memoryTotal)));
    m_machine->setToolTip(
        tr("Memory in use on this computer. Graft itself uses %L1 MB.").arg(machine.memoryUsed >> 20));
}

} // namespace graft::ui
