#include "ui/wizard/summary_step.h"

#include "core/base/error.h"
#include "core/engine/advise.h"
#include "core/learn/strategy.h"
#include "ui/models/words.h"
#include "ui/session.h"
#include "ui/widgets/parts.h"
#include "ui/wizard/cost_words.h"
#include "ui/wizard/step_frame.h"
#include "ui/wizard/summary_words.h"
#include "ui/wizard/training_draft.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

namespace graft::ui {

namespace {

constexpr int Sentences = 6;
constexpr const char* marks[Sentences] = {"train", "pictures", "augment", "clock", "check", "lock"};

QLabel* wrapped(const char* role)
{
    QLabel* label = makeLabel(role);
    label->setWordWrap(true);
    return label;
}

QVBoxLayout* insideOf(QFrame* card, const QString& title)
{
    auto* rows = new QVBoxLayout(card);
    rows->setContentsMargins(24, 16, 24, 24);
    rows->setSpacing(16);
    rows->addWidget(makeLabel("h2", title));
    return rows;
}

} // namespace

SummaryStep::SummaryStep(Session& session, TrainingDraft& draft, QWidget* parent)
    : QWizardPage(parent)
    , m_session(session)
    , m_draft(draft)
{
    const StepFrame frame = frameStep(this, tr("Ready to train"));
    m_heading = frame.heading;
    m_subtitle = frame.subtitle;
    auto* columns = new QHBoxLayout;
    columns->setSpacing(16);
    columns->addWidget(makeDeeds(), 3);
    columns->addWidget(makeFigures(), 2);
    frame.body->addLayout(columns);
    frame.body->addStretch();
    connect(&m_draft, &TrainingDraft::changed, this, &SummaryStep::refresh);
    connect(&m_draft, &TrainingDraft::adviceChanged, this, &SummaryStep::refresh);
    connect(&m_draft, &TrainingDraft::speedsChanged, this, &SummaryStep::refresh);
    connect(&m_draft, &TrainingDraft::slowedChanged, this, &SummaryStep::refresh);
    connect(&m_session, &Session::datasetChanged, this, &SummaryStep::takeDataset);
    takeDataset();
}

SummaryStep::~SummaryStep() = default;

QWidget* SummaryStep::makeDeeds()
{
    QFrame* card = makeCard();
    QVBoxLayout* rows = insideOf(card, tr("What happens"));
    for (const char* mark : marks) {
        auto* sign = new IconLabel(16);
        sign->setIcon(icon(mark, Ink::Accent));
        QLabel* sentence = wrapped("");
        sign->standBeside(*sentence);
        auto* row = new QHBoxLayout;
        row->setSpacing(12);
        row->addWidget(sign, 0, Qt::AlignTop);
        row->addWidget(sentence, 1);
        rows->addLayout(row);
        m_deeds += sentence;
    }
    rows->addStretch();
    return card;
}

QWidget* SummaryStep::makeFigures()
{
    QFrame* card = makeCard();
    QVBoxLayout* rows = insideOf(card, tr("What to expect"));
    const auto add = [rows](Figure& figure, const QString& name) {
        figure = {wrapped("strong"), wrapped("caption")};
        auto* lines = new QVBoxLayout;
        lines->setSpacing(2);
        lines->addWidget(makeLabel("caption", name));
        lines->addWidget(figure.value);
        lines->addWidget(figure.source);
        figure.value->setAccessibleName(name);
        rows->addLayout(lines);
    };
    add(m_accuracy, tr("Right answers"));
    add(m_time, tr("Time"));
    add(m_memory, tr("Memory"));
    add(m_disk, tr("Disk"));
    rows->addStretch();
    return card;
}

void SummaryStep::takeDataset()
{
    m_estimator = std::make_unique<engine::CostEstimator>(m_session.dataset());
    refresh();
}

void SummaryStep::refresh()
{
    m_estimator->setAdvice(m_draft.advice());
    m_estimator->setSpeeds(m_draft.speeds());
    const std::optional<int> race = m_draft.raceMinutes();
    const QString finish = race ? tr("Start the race") : tr("Train");
    if (buttonText(QWizard::FinishButton) != finish)
        setButtonText(QWizard::FinishButton, finish);
    m_heading->setText(race ? tr("Ready to race") : tr("Ready to train"));
    setAccessibleName(m_heading->text());
    try {
        const learn::Plan complete = learn::strategy(m_draft.plan().strategy)
                                         .complete(m_draft.plan(), m_estimator->trainingPictures());
        if (race)
            showRace(complete, *race);
        else
            showTraining(complete);
        m_possible = true;
    } catch (const Error& error) { // the step before this one has said so
        m_subtitle->setText(QString::fromUtf8(error.what()));
        m_possible = false;
    }
    m_completeness.tell(*this);
}

void SummaryStep::showTraining(const learn::Plan& complete)
{
    const dataset::Dataset& pictures = m_session.dataset();
    m_subtitle->setText(tr("This is what Graft will do. No picture on disk is changed."));
    const QString sentences[Sentences] = {
        learningSentence(complete), picturesSentence(complete, pictures), augmentationSentence(complete),
        stepsSentence(complete),    choosingSentence(complete, pictures), measuringSentence(pictures)};
    for (int i = 0; i < Sentences; ++i)
        m_deeds[i]->setText(sentences[i]);
    const learn::Forecast* forecast = engine::forecastFor(m_draft.advice(), complete);
    m_accuracy.value->setText(accuracyText(forecast));
    m_accuracy.source->setText(accuracySource(forecast));
    showCosts(m_estimator->of(m_draft.plan()));
}

void SummaryStep::showRace(const learn::Plan& complete, int minutes)
{
    const dataset::Dataset& pictures = m_session.dataset();
    const auto racers = static_cast<int>(learn::strategies().size());
    m_subtitle->setText(tr("This is what Graft will do. No picture on disk is changed."));
    const QString sentences[Sentences] = {
        tr("All %1 strategies learn with %2, one after another.")
            .arg(QLocale().toString(racers), backboneTitle(complete)),
        racePicturesSentence(pictures),
        raceAugmentationSentence(complete),
        tr("Each has %1; what learns on frozen features may be ready sooner.")
            .arg(tr("%Ln minute(s)", nullptr, minutes)),
        raceChoosingSentence(pictures),
        raceMeasuringSentence(pictures)};
    for (int i = 0; i < Sentences; ++i)
        m_deeds[i]->setText(sentences[i]);
    m_accuracy.value->setText(tr("the race will tell"));
    m_accuracy.source->setText(tr("Of all four, with their intervals."));
    engine::PlanCosts most;
    for (const learn::StrategySpec& spec : learn::strategies()) { // one at a time: the largest counts
        learn::Plan plan;
        plan.strategy = spec.id;
        plan.backbone = complete.backbone;
        plan.recipe = complete.recipe;
        plan.copies = complete.copies;
        const engine::PlanCosts costs = m_estimator->of(plan);
        most.memory = std::max(most.memory, costs.memory);
        most.memoryKnown = costs.memoryKnown;
        most.disk += costs.disk;
        most.diskMeanwhile = std::max(most.diskMeanwhile, costs.diskMeanwhile);
        most.diskKnown = costs.diskKnown;
    }
    showCosts(most);
    m_time.value->setText(tr("at most %1").arg(duration(60.0 * minutes * racers)));
    m_time.source->setText(tr("And what it takes to measure at the end."));
}

void SummaryStep::showCosts(const engine::PlanCosts& costs)
{
    m_time.value->setText(timeText(costs));
    m_time.source->setText(timeSource(costs, m_draft.isSlowed()));
    m_memory.value->setText(tr("about %1").arg(bytesText(costs.memory)));
    m_memory.source->setText(tr("Worked out from the layers of the network."));
    m_disk.value->setText(tr("about %1").arg(bytesText(costs.disk)));
    m_disk.source->setText(costs.diskMeanwhile > 0
                               ? tr("For the model and what can be used again, and %1 more until it ends.")
                                     .arg(bytesText(costs.diskMeanwhile))
                               : tr("For the model and what can be used again."));
}

bool SummaryStep::isComplete() const
{
    return m_possible;
}

QString SummaryStep::text() const
{
    QStringList lines;
    for (const QLabel* sentence : m_deeds)
        lines += sentence->text();
    for (const Figure& figure : {m_accuracy, m_time, m_memory, m_disk})
        lines += figure.value->text() + QStringLiteral(" (") + figure.source->text() + QLatin1Char(')');
    return lines.join(QLatin1Char('\n'));
}

void SummaryStep::showEvent(QShowEvent* event)
{
    QWizardPage::showEvent(event);
    refresh();
}

} // namespace graft::ui
