#include "ui/pages/race_page.h"

#include "ui/models/race_model.h"
#include "ui/models/words.h"
#include "ui/session.h"
#include "ui/theme.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/race_delegate.h"
#include "ui/widgets/race_plot.h"
#include "ui/widgets/waiting_band.h"
#include "ui/wizard/strategy_words.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QTableView>
#include <QVBoxLayout>

#include <memory>

namespace graft::ui {

namespace {

using engine::Racer;

QLabel* wrapped(const char* role)
{
    QLabel* label = makeLabel(role);
    label->setWordWrap(true);
    return label;
}

QString raceTitle(const RaceState& race)
{
    QString who;
    switch (race.race.racers.size()) {
    case 2:
        who = RacePage::tr("two strategies");
        break;
    case 3:
        who = RacePage::tr("three strategies");
        break;
    case 4:
        who = RacePage::tr("four strategies");
        break;
    default:
        who = RacePage::tr("all strategies");
        break;
    }
    return RacePage::tr("Race: %1, %2 each").arg(who, RacePage::tr("%Ln minute(s)", nullptr, race.minutes));
}

} // namespace

RacePage::RacePage(Session& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_model(new RaceModel(this))
    , m_plot(new RacePlot)
    , m_waiting(new WaitingBand)
{
    makeHeader();
    auto* body = new QWidget;
    auto* rows = new QVBoxLayout(body);
    rows->setContentsMargins(24, 0, 24, 24);
    rows->setSpacing(16);
    rows->addWidget(makeVerdict());
    rows->addWidget(m_waiting);
    rows->addWidget(m_plot, 1);
    rows->addWidget(makeRanking());
    setBody(body);
    connect(&m_session, &Session::raceNews, this, &RacePage::takeNews);
    connect(&m_session, &Session::raceEnded, this, &RacePage::end);
    connect(&m_session, &Session::trainingPausedChanged, this, &RacePage::showPaused);
    connect(&m_session, &Session::waitingTrainingsChanged, this, &RacePage::showWaiting);
    connect(m_waiting, &WaitingBand::removed, &m_session, &Session::dropTraining);
    connect(this, &Page::errorAction, this, &RacePage::newTraining);
}

void RacePage::makeHeader()
{
    m_pause = makeButton("pause", tr("Pause"));
    m_skip = makeButton("", tr("Skip this one"));
    m_skip->setToolTip(tr("Keeps its best so far and begins the next strategy"));
    m_end = makeButton("stop", tr("End the race"));
    m_end->setToolTip(tr("Keeps the best of each strategy and compares them (Ctrl+.)"));
    m_new = makeButton("plus", tr("New training…"));
    m_try = makeButton("", tr("Try it"));
    makePrimary(m_try, "try-it");
    connect(m_pause, &QPushButton::clicked, this,
            [this] { m_session.pauseTraining(!m_session.isTrainingPaused()); });
    connect(m_skip, &QPushButton::clicked, this, [this] {
        m_skipped = m_race.running();
        m_session.skipRacer(m_skipped);
        showActions();
    });
    connect(m_end, &QPushButton::clicked, this, [this] {
        for (QPushButton* button : {m_pause, m_skip, m_end})
            button->setEnabled(false);
        m_session.stopTraining();
    });
    connect(m_new, &QPushButton::clicked, this, &RacePage::newTraining);
    connect(m_try, &QPushButton::clicked, this, [this] { emit tryIt(recommendedRun()); });
    for (QPushButton* button : {m_pause, m_skip, m_end, m_new, m_try})
        addAction(button);
}

QWidget* RacePage::makeVerdict()
{
    QFrame* card = makeCard();
    m_verdict = card;
    m_verdictMark = new IconLabel(24);
    m_verdictText = wrapped("h2");
    m_verdictText->setObjectName(QStringLiteral("verdict"));
    m_verdictModel = wrapped("muted");
    auto* words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(m_verdictText);
    words->addWidget(m_verdictModel);
    auto* row = new QHBoxLayout(card);
    row->setContentsMargins(16, 14, 16, 14);
    row->setSpacing(16);
    row->addWidget(m_verdictMark, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    card->hide();
    return card;
}

QWidget* RacePage::makeRanking()
{
    m_table = new QTableView;
    makePlain(m_table);
    m_table->setModel(m_model);
    m_table->setItemDelegate(new RaceDelegate(m_table));
    m_table->setAccessibleName(tr("Ranking"));
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QHeaderView* header = m_table->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(RaceModel::Strategy, QHeaderView::Stretch);
    m_table->setColumnHidden(RaceModel::Test, true);

    QFrame* card = makeCard();
    auto* rows = new QVBoxLayout(card);
    rows->setContentsMargins(1, 4, 1, 8);
    rows->setSpacing(0);
    rows->addWidget(m_table);
    m_notes = new QVBoxLayout;
    m_notes->setContentsMargins(16, 12, 16, 12);
    m_notes->setSpacing(8);
    rows->addLayout(m_notes);
    return card;
}

void RacePage::begin(const learn::Plan& plan, int minutes)
{
    m_race = RaceState::begin(plan, minutes);
    m_begun = QDateTime::currentDateTime();
    m_skipped = -1;
    for (QPushButton* button : {m_pause, m_skip, m_end})
        button->setEnabled(true);
    setTitle(raceTitle(m_race));
    setSubtitle(tr("%1, one strategy after the other, %2").arg(backboneTitle(plan), startedAt(m_begun)));
    showWaiting();
    showPaused();
    showRace();
    setState(State::Normal);
}

void RacePage::takeNews(const QList<RaceNews>& news)
{
    for (const RaceNews& one : news)
        m_race.apply(one);
    showRace();
}

void RacePage::end(const QString& problem)
{
    m_race.ended = true;
    showRace();
    if (!problem.isEmpty()) {
        setError(problem, tr("New training…"), {});
        setState(State::Error);
    }
}

void RacePage::showRace()
{
    m_model->setRace(m_race);
    m_plot->setRace(m_race);
    const bool tested =
        std::ranges::any_of(m_race.race.racers, [](const Racer& racer) { return racer.test.total > 0; });
    m_table->setColumnHidden(RaceModel::Test, !tested);
    fitTable();
    showActions();
    showNotes();
    showVerdict();
}

/// As high as its rows: the page scrolls, not the table.
void RacePage::fitTable()
{
    QStyleOptionViewItem option;
    option.font = m_table->font();
    const int row = m_table->itemDelegate()->sizeHint(option, m_model->index(0, RaceModel::Rank)).height();
    m_table->verticalHeader()->setDefaultSectionSize(row);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + row * m_model->rowCount());
}

void RacePage::showActions()
{
    const bool over = m_race.ended;
    for (QPushButton* button : {m_pause, m_skip, m_end})
        button->setVisible(!over);
    const int running = m_race.running();
    m_skip->setEnabled(running >= 0 && running != m_skipped && m_end->isEnabled());
    m_new->setVisible(over);
    m_try->setVisible(over && !recommendedRun().isEmpty());
}

void RacePage::showPaused()
{
    const bool paused = m_session.isTrainingPaused();
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(icon(paused ? "play" : "pause"));
    m_pause->setToolTip(
        paused ? tr("Goes on where it was (Ctrl+Shift+P)")
               : tr("Gives the computer back until you resume, and no time counts (Ctrl+Shift+P)"));
}

void RacePage::showWaiting()
{
    m_waiting->setWaiting(m_session.waitingTrainings());
}

void RacePage::showNotes()
{
    const QLocale locale;
    QStringList notes;
    const int recommended = strategyNumber(m_race.onTheMap);
    QString info = recommended > 0
        ? tr("On the map Graft had recommended strategy %1.").arg(locale.toString(recommended))
        : QString();
    if (!m_race.ended && m_race.running() < 0 && m_race.share() >= 1.0)
        info = tr("%1 The test pictures are being looked at.").arg(info);
    else if (!m_race.ended)
        info = tr("%1 The winner is checked on the test pictures when the race is over.").arg(info);
    notes += info.trimmed();
    for (const Racer& racer : m_race.race.racers) {
        if (racer.state == Racer::State::Failed)
            notes += tr("Strategy %1 failed. %2")
                         .arg(locale.toString(strategyNumber(racer.strategy)), coreText(racer.problem));
    }
    if (notes == m_noted)
        return;
    m_noted = notes;
    while (const std::unique_ptr<QLayoutItem> item {m_notes->takeAt(0)}) {
        item->widget()->hide();
        item->widget()->deleteLater();
    }
    for (qsizetype i = 0; i < notes.size(); ++i) {
        if (!notes[i].isEmpty())
            addNote(i == 0 ? "info" : "error", notes[i]);
    }
}

void RacePage::addNote(const char* iconName, const QString& text)
{
    auto* mark = new IconLabel(16);
    mark->setIcon(icon(iconName, qstrcmp(iconName, "error") == 0 ? Ink::Error : Ink::Text));
    QLabel* words = wrapped("muted");
    words->setText(text);
    mark->standBeside(*words);
    auto* note = new QWidget;
    auto* row = new QHBoxLayout(note);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(mark, 0, Qt::AlignTop);
    row->addWidget(words, 1);
    m_notes->addWidget(note);
}

void RacePage::showVerdict()
{
    m_verdict->setVisible(m_race.ended);
    if (!m_race.ended)
        return;
    const bool won = m_race.race.winner >= 0;
    m_verdictMark->setIcon(icon(won ? "done" : "info", won ? Ink::Accent : Ink::Info));
    m_verdictText->setText(m_race.race.sentence.empty() ? tr("The race ended before a strategy had a result.")
                                                        : coreText(m_race.race.sentence));
    const QString run = recommendedRun();
    m_verdictModel->setVisible(!run.isEmpty());
    if (run.isEmpty())
        return;
    m_verdictModel->setText(
        tr("Try it uses %1: %2. Each strategy left a run of its own.")
            .arg(runTitle(run.toStdString()), racerTitle(m_race, m_race.race.recommended)));
}

QString RacePage::recommendedRun() const
{
    const auto which = static_cast<std::size_t>(m_race.race.recommended);
    if (m_race.race.recommended < 0 || which >= m_race.race.racers.size())
        return {};
    return QString::fromStdString(m_race.race.racers[which].run);
}

} // namespace graft::ui
