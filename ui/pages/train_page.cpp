#include "ui/pages/train_page.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/machine.h"
#include "ui/models/train_log.h"
#include "ui/models/words.h"
#include "ui/paths.h"
#include "ui/session.h"
#include "ui/theme.h"
#include "ui/widgets/curve_plot.h"
#include "ui/widgets/guesses_view.h"
#include "ui/widgets/log_delegate.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/train_bands.h"
#include "ui/widgets/waiting_band.h"

#include <QFileDialog>
#include <QGridLayout>
#include <QListView>
#include <QLocale>
#include <QTimer>
#include <QVBoxLayout>

#include <chrono>

namespace graft::ui {

namespace {

constexpr std::chrono::seconds MemoryEvery {1};

} // namespace

TrainPage::TrainPage(Session& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_log(new TrainLog(this))
    , m_memoryTimer(new QTimer(this))
{
    makeHeader();
    makeBody();
    m_memoryTimer->setInterval(MemoryEvery);
    connect(m_memoryTimer, &QTimer::timeout, this, &TrainPage::showMemory);
    connect(this, &Page::emptyAction, this, &TrainPage::newTraining);
    connect(m_failure, &FailureCard::trainAgain, this, &TrainPage::newTraining);
    connect(m_failure, &FailureCard::useModel, this, [this] { emit tryIt(m_run); });
    connect(&m_session, &Session::trainingStarted, this, &TrainPage::begin);
    connect(&m_session, &Session::trainingEvents, this, &TrainPage::takeEvents);
    connect(&m_session, &Session::trainingPausedChanged, this, &TrainPage::showPaused);
    connect(&m_session, &Session::waitingTrainingsChanged, this, &TrainPage::showWaiting);
    connect(m_waiting, &WaitingBand::removed, &m_session, &Session::dropTraining);
    for (const auto changed : {&Session::opened, &Session::closed, &Session::datasetChanged,
                               &Session::runsChanged, &Session::trainingEnded})
        connect(&m_session, changed, this, &TrainPage::refresh);
    showWaiting();
    refresh();
}

TrainPage::~TrainPage() = default;

void TrainPage::makeHeader()
{
    m_pause = makeButton("pause", tr("Pause"));
    m_stop = makeButton("stop", tr("Stop and keep the best"));
    m_new = makeButton("plus", tr("New training…"));
    m_try = makeButton("", tr("Try it"));
    makePrimary(m_try, "try-it");
    connect(m_pause, &QPushButton::clicked, this,
            [this] { m_session.pauseTraining(!m_session.isTrainingPaused()); });
    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_stop->setEnabled(false);
        m_pause->setEnabled(false);
        m_session.stopTraining();
    });
    connect(m_new, &QPushButton::clicked, this, &TrainPage::newTraining);
    connect(m_try, &QPushButton::clicked, this, [this] { emit tryIt(m_run); });
    for (QPushButton* button : {m_pause, m_stop, m_new, m_try})
        addAction(button);
}

void TrainPage::makeBody()
{
    m_progress = new ProgressBand;
    m_waiting = new WaitingBand;
    m_verdict = new VerdictBand;
    m_failure = new FailureCard;
    m_accuracy = new CurvePlot(CurvePlot::Measure::Accuracy);
    m_loss = new CurvePlot(CurvePlot::Measure::Loss);
    m_guesses = new GuessesView;

    m_plots = new QWidget;
    auto* plots = new QHBoxLayout(m_plots);
    plots->setContentsMargins(0, 0, 0, 0);
    plots->setSpacing(16);
    plots->addWidget(m_accuracy, 1);
    plots->addWidget(m_loss, 1);

    QFrame* happened = makeCard();
    auto* head = new QHBoxLayout;
    QPushButton* save = makeFlatButton(tr("Save log…"));
    head->addWidget(makeLabel("strong", tr("What happened")));
    head->addStretch();
    head->addWidget(save);
    m_logView = new QListView;
    m_logView->setModel(m_log);
    m_logView->setItemDelegate(new LogDelegate(m_logView));
    m_logView->setUniformItemSizes(true);
    m_logView->setSelectionMode(QAbstractItemView::NoSelection);
    m_logView->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_logView->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_logView->setAccessibleName(tr("What happened"));
    m_logView->setMinimumHeight(84);
    m_logView->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    auto* inside = new QVBoxLayout(happened);
    inside->setContentsMargins(16, 12, 16, 12);
    inside->addLayout(head);
    inside->addWidget(m_logView, 1);

    auto* below = new QHBoxLayout;
    below->setSpacing(16);
    below->addWidget(m_guesses, 1);
    below->addWidget(happened, 1);

    auto* body = new QWidget;
    auto* rows = new QVBoxLayout(body);
    rows->setContentsMargins(24, 0, 24, 24);
    rows->setSpacing(16);
    rows->addWidget(m_progress);
    rows->addWidget(m_verdict);
    rows->addWidget(m_failure);
    rows->addWidget(m_waiting);
    rows->addWidget(m_plots, 7);
    rows->addLayout(below, 4);
    setBody(body);
    connect(save, &QPushButton::clicked, this, &TrainPage::saveLog);
}

void TrainPage::begin()
{
    m_state = {};
    m_run.clear();
    m_log->clear();
    setTitle(tr("Training"));
    setSubtitle(startedAt(QDateTime::currentDateTime()));
    m_progress->setTraining(m_state);
    m_accuracy->setTraining(m_state);
    m_loss->setTraining(m_state);
    m_guesses->setGuesses({}, {});
    showMemory();
    showActions(true, false);
    setState(State::Normal);
}

void TrainPage::takeEvents(const QList<TrainEvent>& events)
{
    const QDateTime now = QDateTime::currentDateTime();
    for (const TrainEvent& event : events) {
        m_state.apply(event);
        if (std::holds_alternative<TrainStarted>(event))
            m_log->clear();
        m_log->add(event, now);
        if (const auto* started = std::get_if<TrainStarted>(&event)) {
            const QLocale locale;
            m_run = QString::fromStdString(started->run);
            setTitle(tr("%1: %2").arg(runTitle(started->run), QString::fromStdString(started->title)));
            setSubtitle(tr("Learns from %1 pictures, chooses by %2, is measured on %3; %4")
                            .arg(locale.toString(started->trainingPictures),
                                 locale.toString(started->validationPictures),
                                 locale.toString(started->testPictures), startedAt(now)));
            showActions(true, false);
        }
    }
    m_progress->setTraining(m_state);
    m_accuracy->setTraining(m_state);
    m_loss->setTraining(m_state);
    if (m_state.started)
        m_guesses->setGuesses(m_state.guesses, m_state.started->classes);
    setState(State::Normal);
    if (m_state.phase == TrainingState::Phase::Ended && m_state.ended.outcome == Outcome::Failed)
        showFailure(QString::fromStdString(m_state.ended.problem), m_state.ended.hasModel);
}

void TrainPage::showRun(const store::RunRecord& run)
{
    // The events of a run that was watched say more than its record: guesses and batches.
    const bool watched = m_state.started && m_state.started->run == run.id;
    if (!watched) {
        m_state = {};
        m_state.history = run.result.history;
        m_state.epochs = run.result.epochs;
        m_log->setRun(run);
        m_guesses->setGuesses({}, {});
    }
    m_run = QString::fromStdString(run.id);
    m_state.phase = TrainingState::Phase::Ended;
    m_state.bestEpoch = run.result.bestEpoch;
    setTitle(run.state == store::RunState::Failed
                 ? tr("%1 failed").arg(runTitle(run.id))
                 : tr("%1: %2").arg(runTitle(run.id), strategyTitle(run.plan)));
    setSubtitle(
        tr("%1, %2").arg(planSummary(run.plan), startedAt(QDateTime::fromSecsSinceEpoch(run.created))));
    m_accuracy->setTraining(m_state);
    m_loss->setTraining(m_state);
    setState(State::Normal);
    if (run.state == store::RunState::Failed) {
        showFailure(QString::fromStdString(run.problem), run.hasModel);
        return;
    }
    m_verdict->setRun(run, m_session.adviceVerdict(run.id));
    showActions(false, run.hasModel);
}

void TrainPage::showFailure(const QString& problem, bool hasModel)
{
    if (m_state.started)
        setTitle(tr("%1 failed").arg(runTitle(m_state.started->run)));
    m_failure->setFailure(problem, m_state.bestEpoch, hasModel);
    showActions(false, hasModel);
    m_verdict->hide();
    m_failure->show();
    m_new->hide();
    m_try->hide();
    m_plots->setVisible(!m_state.history.empty());
}

void TrainPage::showActions(bool running, bool hasModel)
{
    m_pause->setVisible(running);
    m_pause->setEnabled(true);
    showPaused();
    m_stop->setVisible(running);
    m_stop->setEnabled(true);
    m_new->setVisible(!running);
    m_try->setVisible(!running && hasModel);
    m_guesses->setVisible(running || !m_state.guesses.guesses.empty());
    m_progress->setVisible(running);
    m_verdict->setVisible(!running);
    m_failure->hide();
    m_plots->show();
    if (running)
        m_memoryTimer->start();
    else
        m_memoryTimer->stop();
}

void TrainPage::refresh()
{
    if (m_session.isTraining())
        return; // its events are shown
    if (m_session.runs().isEmpty()) {
        const bool failed =
            m_state.phase == TrainingState::Phase::Ended && m_state.ended.outcome == Outcome::Failed;
        if (!failed || !m_session.isOpen())
            showEmpty();
        return;
    }
    const store::RunRecord& latest = m_session.runs().last();
    const bool refused = m_state.phase == TrainingState::Phase::Ended
        && m_state.ended.outcome == Outcome::Failed && !m_state.started;
    if (!refused) // else there is no run of it, and its sentence stays
        showRun(latest);
}

void TrainPage::showEmpty()
{
    m_state = {};
    m_run.clear();
    m_log->clear();
    setTitle(tr("Train"));
    setSubtitle({});
    for (QPushButton* button : {m_pause, m_stop, m_new, m_try})
        button->hide();
    m_memoryTimer->stop();
    const std::size_t pictures = m_session.dataset().pictures.size();
    if (pictures == 0) {
        setEmpty("train", tr("Add pictures first. Then Graft can learn from them."), {});
    } else {
        int training = 0;
        int validation = 0;
        int test = 0;
        for (const dataset::ClassCount& count : dataset::countClasses(m_session.dataset())) {
            training += count.training;
            validation += count.validation;
            test += count.test;
        }
        const learn::Plan plan;
        const QLocale locale;
        setEmpty(
            "train",
            tr("No training yet. %1 on %2 would learn from %3 pictures, choose its best epoch by %4 and be "
               "measured on %5 that stay secret until the end.")
                .arg(strategyTitle(plan), backboneTitle(plan), locale.toString(training),
                     locale.toString(validation), locale.toString(test)),
            tr("New training…"));
    }
    setState(State::Empty);
}

void TrainPage::showMemory()
{
    const engine::Machine machine = engine::machine();
    m_progress->setMemory(machine.memoryUsed, machine.memoryTotal);
}

void TrainPage::showPaused()
{
    const bool paused = m_session.isTrainingPaused();
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(icon(paused ? "play" : "pause"));
    m_pause->setToolTip(paused ? tr("Goes on where it was (Ctrl+Shift+P)")
                               : tr("Gives the computer back until you resume (Ctrl+Shift+P)"));
}

void TrainPage::showWaiting()
{
    m_waiting->setWaiting(m_session.waitingTrainings());
}

void TrainPage::saveLog()
{
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Save the log"), tr("training.txt"), tr("Texts (*.txt)"));
    if (file.isEmpty())
        return;
    try {
        writeFile(toPath(file), m_log->text());
    } catch (const Error& error) {
        messages()->display(MessageBar::Kind::Error, {}, QString::fromStdString(error.what()));
    }
}

} // namespace graft::ui
