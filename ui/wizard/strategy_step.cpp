#include "ui/wizard/strategy_step.h"

#include "core/learn/advisor.h"
#include "ui/jobs/adviser.h"
#include "ui/models/words.h"
#include "ui/page.h"
#include "ui/widgets/parts.h"
#include "ui/wizard/evidence_panel.h"
#include "ui/wizard/step_frame.h"
#include "ui/wizard/strategy_legend.h"
#include "ui/wizard/strategy_map.h"
#include "ui/wizard/strategy_words.h"
#include "ui/wizard/training_draft.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QLocale>
#include <QRadioButton>
#include <QTimer>
#include <QVBoxLayout>
#include <QWizard>

namespace graft::ui {

namespace {

constexpr int raceMinutes[] = {1, 2, 5, 10, 20, 60}; // to choose from, for each strategy
constexpr int usualRaceMinutes = 5;

} // namespace

StrategyStep::StrategyStep(Adviser& adviser, TrainingDraft& draft, QWidget* parent)
    : QWizardPage(parent)
    , m_adviser(adviser)
    , m_draft(draft)
    , m_backbone(draft.plan().backbone)
    , m_messages(new MessageBar)
    , m_map(new StrategyMap)
    , m_sentence(makeLabel(""))
    , m_evidence(new EvidencePanel)
{
    setButtonText(QWizard::CustomButton1, tr("Measure again"));
    const StepFrame frame = frameStep(this, tr("How should the network learn?"));
    m_subtitle = frame.subtitle;
    auto* columns = new QHBoxLayout;
    columns->setSpacing(24);
    columns->addWidget(makeMap(), 7);
    columns->addWidget(m_evidence, 5);
    frame.body->setSpacing(8); // all of it is seen in the smallest window
    frame.body->addWidget(m_messages);
    frame.body->addLayout(columns, 1);
    frame.body->addWidget(makeRule());
    frame.body->addLayout(makeRace());

    connect(m_map, &StrategyMap::chosenByHand, this, [this](const std::string& strategy) {
        m_chosenByHand = true;
        choose(strategy);
    });
    connect(m_evidence, &EvidencePanel::cutChosen, this, &StrategyStep::chooseCut);
    connect(m_evidence, &EvidencePanel::stopRequested, &m_adviser, &Adviser::stop);
    connect(&m_adviser, &Adviser::advised, this, &StrategyStep::takeAdvice);
    connect(&m_adviser, &Adviser::changed, this, &StrategyStep::showAdvising);
    connect(&m_draft, &TrainingDraft::slowedChanged, this, &StrategyStep::showAdvising);
    connect(&m_draft, &TrainingDraft::changed, this, [this] {
        followBackbone();
        showPlan();
    });
    showPlan();
    showAdvising();
}

QWidget* StrategyStep::makeMap()
{
    auto* column = new QWidget;
    auto* rows = new QVBoxLayout(column);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(8);
    rows->addWidget(m_map, 1);
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::RichText);
    m_sentence->setMinimumHeight(3 * fontMetrics().lineSpacing()); // else the map jumps with what is chosen
    m_sentence->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* below = new QVBoxLayout;
    const int axis = fontMetrics().height() + 12; // the names of the vertical one
    below->setContentsMargins(axis, 0, 0, 0);
    below->setSpacing(6);
    below->addWidget(makeStrategyLegend());
    below->addWidget(m_sentence);
    below->addLayout(makeStart());
    rows->addLayout(below);
    return column;
}

QLayout* StrategyStep::makeStart()
{
    m_start = new QWidget;
    QSizePolicy policy = m_start->sizePolicy();
    policy.setRetainSizeWhenHidden(true);
    m_start->setSizePolicy(policy);
    m_fromWeights = new QRadioButton(tr("From weights"));
    m_fromWeights->setToolTip(tr("All layers learn, but begin with what they know of ImageNet."));
    m_fromZero = new QRadioButton(tr("From zero"));
    m_fromZero->setToolTip(tr("All layers begin with random numbers. That needs very many pictures."));
    auto* group = new QButtonGroup(m_start);
    group->addButton(m_fromWeights);
    group->addButton(m_fromZero);
    connect(group, &QButtonGroup::buttonClicked, this, [this] {
        m_chosenByHand = true;
        learn::Plan plan = m_draft.plan();
        plan.init = m_fromZero->isChecked() ? "random" : "weights";
        m_draft.setPlan(plan);
    });
    auto* row = new QHBoxLayout(m_start);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    row->addWidget(m_fromWeights);
    row->addWidget(m_fromZero);
    row->addStretch(1);
    auto* holder = new QHBoxLayout;
    holder->addWidget(m_start);
    return holder;
}

QLayout* StrategyStep::makeRace()
{
    m_race = new QCheckBox(tr("Race all four strategies instead, each with the same time:"));
    m_minutes = new QComboBox;
    m_minutes->setAccessibleName(tr("Time of each strategy in the race"));
    for (const int minutes : raceMinutes) {
        m_minutes->addItem(tr("%1 min").arg(QLocale().toString(minutes)), minutes);
        if (minutes == usualRaceMinutes)
            m_minutes->setCurrentIndex(m_minutes->count() - 1);
    }
    connect(m_race, &QCheckBox::toggled, this, &StrategyStep::setRace);
    connect(m_minutes, &QComboBox::currentIndexChanged, this, &StrategyStep::setRace);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_race);
    row->addWidget(m_minutes);
    row->addStretch(1);
    return row;
}

void StrategyStep::initializePage()
{
    connect(wizard(), &QWizard::customButtonClicked, this, &StrategyStep::measureAgain, Qt::UniqueConnection);
    // The wizard itself gives the focus to its button when it has shown the page.
    QTimer::singleShot(0, this, [this] { m_map->firstFocus()->setFocus(); });
}

void StrategyStep::showEvent(QShowEvent* event)
{
    QWizardPage::showEvent(event);
    find();
    showAdvising();
}

void StrategyStep::find()
{
    if (m_askedFor == m_draft.plan().backbone)
        return;
    m_askedFor = m_draft.plan().backbone;
    m_adviser.find(m_askedFor);
}

void StrategyStep::measureAgain()
{
    if (wizard()->currentPage() != this)
        return;
    m_askedFor = m_draft.plan().backbone;
    m_map->firstFocus()->setFocus(); // else it goes from the button, which cannot be used now, to Cancel
    m_adviser.measure(m_askedFor);
}

void StrategyStep::choose(const std::string& strategy)
{
    learn::Plan plan = m_draft.plan();
    const learn::Forecast* forecast = forecastOf(m_draft.advice(), strategy);
    if (plan.strategy != strategy)
        m_cutByHand = false;
    plan.strategy = strategy;
    if (!m_cutByHand) // another strategy's own where nothing is known
        plan.cut = strategy == "svm" && forecast ? forecast->cut : std::string();
    if (strategy == "scratch" && forecast && !m_chosenByHand)
        plan.init = forecast->init;
    m_draft.setPlan(plan);
}

void StrategyStep::chooseCut(const std::string& stage)
{
    m_chosenByHand = true;
    m_cutByHand = true;
    learn::Plan plan = m_draft.plan();
    plan.cut = stage;
    m_draft.setPlan(plan);
}

void StrategyStep::setRace()
{
    if (m_showing)
        return;
    m_draft.setRaceMinutes(m_race->isChecked() ? std::optional(m_minutes->currentData().toInt())
                                               : std::nullopt);
}

void StrategyStep::takeAdvice(const learn::Advice& advice)
{
    m_draft.setAdvice(advice);
    m_evidence->setAdvice(advice);
    m_map->setRecommended(advice.complete() ? advice.recommended : std::string());
    if (advice.complete()) {
        if (!m_chosenByHand && !advice.recommended.empty())
            choose(advice.recommended);
        else if (m_draft.plan().strategy == "svm" && !m_cutByHand)
            choose("svm"); // now its cut is known
    }
    showPlan();
    showPlace();
    showAdvising();
}

void StrategyStep::followBackbone()
{
    if (m_draft.plan().backbone == m_backbone)
        return;
    m_backbone = m_draft.plan().backbone;
    m_cutByHand = false;
    learn::Plan plan = m_draft.plan();
    plan.cut.clear(); // a stage of the other network
    m_draft.setPlan(plan);
}

void StrategyStep::showPlan()
{
    m_showing = true;
    const learn::Plan& plan = m_draft.plan();
    const bool fromZero = plan.init == "random";
    const bool scratch = plan.strategy == "scratch";
    const std::optional<int> race = m_draft.raceMinutes();
    m_map->choose(plan.strategy);
    m_map->setFromZero(!scratch || fromZero); // what tells it from strategy 2
    m_map->setCutNote(plan.strategy == "svm" ? cutName(m_draft.advice(), plan.cut) : QString());
    m_evidence->showStrategy(plan.strategy);
    m_evidence->setCut(plan.cut);
    m_start->setVisible(scratch && !race);
    (fromZero ? m_fromZero : m_fromWeights)->setChecked(true);
    m_race->setChecked(race.has_value());
    m_minutes->setEnabled(race.has_value());
    if (race)
        m_minutes->setCurrentIndex(m_minutes->findData(*race));
    m_sentence->setText(sentence());
    m_showing = false;
}

QString StrategyStep::sentence() const
{
    const learn::Plan& plan = m_draft.plan();
    if (const std::optional<int> race = m_draft.raceMinutes()) {
        const QLocale locale;
        return tr("<b>Race:</b> the four strategies learn one after the other, %1 min each, %2 min in all. "
                  "Then Graft compares them.")
            .arg(locale.toString(*race), locale.toString(*race * static_cast<int>(strategyPlaces.size())));
    }
    QString text = tr("<b>Strategy %1:</b> %2")
                       .arg(strategyNumber(plan.strategy))
                       .arg(placeSentence(plan.strategy, plan.init == "random").toHtmlEscaped());
    const learn::Forecast* forecast = m_draft.forecast();
    // What was measured says nothing of a network that starts from zero, or of another cut.
    const bool speaks = forecast && (plan.strategy != "scratch" || plan.init == forecast->init)
        && (plan.strategy != "svm" || plan.cut == forecast->cut);
    if (speaks)
        text += QLatin1Char(' ') + forecastSentence(*forecast).toHtmlEscaped();
    return text;
}

void StrategyStep::showPlace()
{
    learn::Advice advice = m_draft.advice();
    if (!advice.familiarity) {
        m_map->setPlace(std::nullopt);
        return;
    }
    if (!advice.complete())
        place(advice); // arithmetic: where it seems to lie so far
    m_map->setPlace(StrategyMap::Place {advice.similar, advice.similarError, advice.many, advice.manyError});
}

void StrategyStep::showAdvising()
{
    const learn::Advice& advice = m_draft.advice();
    const bool measuring = m_adviser.isMeasuring();
    m_evidence->setMeasuring(measuring, m_adviser.progress());
    if (measuring && !advice.complete())
        m_subtitle->setText(tr("Graft is measuring your pictures. You may choose before it is done."));
    else if (advice.complete() && !advice.recommended.empty())
        m_subtitle->setText(
            tr("Graft measured your pictures and recommends strategy %1. You may choose another one.")
                .arg(strategyNumber(advice.recommended)));
    else if (m_adviser.wasStopped())
        m_subtitle->setText(
            tr("The measuring was stopped, so nothing is recommended. Choose a strategy, or measure again."));
    else
        m_subtitle->setText(tr("Nothing is recommended. Choose a strategy yourself."));
    m_subtitle->setToolTip(coreText(advice.reason));
    const QString problem = m_adviser.problem();
    if (!measuring && !problem.isEmpty())
        m_messages->display(MessageBar::Kind::Warning, {}, problem);
    else if (advice.complete() && advice.recommended.empty())
        m_messages->display(MessageBar::Kind::Info, {}, coreText(advice.reason));
    else if (m_draft.isSlowed())
        m_messages->display(
            MessageBar::Kind::Info, {},
            measuring
                ? tr("A training is running, so the times that Graft measures now will be too long. The "
                     "accuracies stay true.")
                : tr("A training was running while Graft measured, so the times are too long. Measure "
                     "again when none runs."));
    else
        m_messages->hide();
    if (wizard() && wizard()->currentPage() == this)
        wizard()->button(QWizard::CustomButton1)->setEnabled(!measuring);
}

} // namespace graft::ui
