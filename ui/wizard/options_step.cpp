#include "ui/wizard/options_step.h"

#include "core/base/error.h"
#include "core/engine/device_choices.h"
#include "core/engine/machine.h"
#include "core/learn/plan_choices.h"
#include "core/learn/strategy.h"
#include "ui/jobs/job_queue.h"
#include "ui/page.h"
#include "ui/session.h"
#include "ui/widgets/parts.h"
#include "ui/wizard/cost_line.h"
#include "ui/wizard/cost_words.h"
#include "ui/wizard/option_explainer.h"
#include "ui/wizard/options_form.h"
#include "ui/wizard/simple_options.h"
#include "ui/wizard/step_frame.h"
#include "ui/wizard/training_draft.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace graft::ui {

OptionsStep::OptionsStep(Session& session, TrainingDraft& draft, QWidget* parent)
    : QWizardPage(parent)
    , m_session(session)
    , m_draft(draft)
    , m_messages(new MessageBar)
    , m_stack(new QStackedWidget)
    , m_simple(new SimpleOptions(draft))
    , m_form(new OptionsForm(draft))
    , m_explainer(new OptionExplainer)
    , m_cost(new CostLine)
    , m_jobs(new JobQueue(this))
{
    constexpr int leastForm = 320; // pixels: enough to scroll in
    const StepFrame frame = frameStep(this, tr("Options"));
    m_subtitle = frame.subtitle;
    m_stack->addWidget(m_simple);
    m_stack->addWidget(m_form);
    m_stack->setMinimumHeight(leastForm);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(24);
    columns->addWidget(m_stack, 1);
    columns->addWidget(makeSide());
    frame.body->addLayout(makeTop());
    frame.body->addWidget(m_messages);
    frame.body->addLayout(columns, 1);

    const auto explain = [this](Option option) { m_explainer->explain(option, m_draft.plan()); };
    connect(m_form, &OptionsForm::entered, this, explain);
    connect(m_simple, &SimpleOptions::entered, this, explain);
    connect(m_form, &OptionsForm::problemChanged, this, &OptionsStep::showProblem);
    connect(&m_draft, &TrainingDraft::changed, this, &OptionsStep::refresh);
    connect(&m_draft, &TrainingDraft::adviceChanged, this, &OptionsStep::takeAdvice);
    connect(&m_draft, &TrainingDraft::speedsChanged, this, &OptionsStep::takeAdvice);
    connect(&m_draft, &TrainingDraft::slowedChanged, this, &OptionsStep::refresh);
    connect(&m_session, &Session::datasetChanged, this, &OptionsStep::takeDataset);
    m_form->setFits([this](int batch) {
        learn::Plan plan = m_draft.plan();
        plan.batch = batch;
        const auto costs = costsOf(plan);
        return costs && costs->memory <= engine::machine().memoryFree;
    });
    m_simple->setTime([this](const learn::Plan& plan) {
        const auto costs = costsOf(plan);
        const QString time = costs ? timeText(*costs) : tr("not known yet");
        return tr("Time here: %1").arg(time);
    });
    takeDataset();
    setView(View::Simple);
}

OptionsStep::~OptionsStep() = default;

QLayout* OptionsStep::makeTop()
{
    auto* row = new QHBoxLayout;
    row->setSpacing(16);
    m_views = makeSegments(row, {tr("Simple"), tr("Expert")}, this);
    for (QAbstractButton* button : m_views->buttons())
        button->setProperty("tall", true);
    connect(m_views, &QButtonGroup::idClicked, this, [this](int id) { setView(static_cast<View>(id)); });
    QLabel* both = makeLabel("muted", tr("Both views set the same training."));
    both->setWordWrap(true);
    QPushButton* back = makeButton("again", tr("Back to recommended"));
    back->setProperty("flat", true);
    connect(back, &QPushButton::clicked, this, [this] {
        m_form->forgetProblems();
        m_draft.setPlan(learn::recommendedOptions(m_draft.plan()));
        refresh();
    });
    row->addWidget(both, 1);
    row->addWidget(back);
    return row;
}

QWidget* OptionsStep::makeSide()
{
    constexpr int most = 264; // pixels
    constexpr int least = 208;
    auto* side = new QWidget;
    side->setMinimumWidth(least);
    side->setMaximumWidth(most);
    auto* rows = new QVBoxLayout(side);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(16);
    rows->addWidget(m_explainer);
    rows->addWidget(m_cost);
    rows->addStretch();
    return side;
}

void OptionsStep::setView(View view)
{
    m_views->button(static_cast<int>(view))->setChecked(true);
    m_stack->setCurrentIndex(static_cast<int>(view));
    // What is hidden asks for no room, and the form, which scrolls itself, for none that would make the page
    // scroll, too.
    const auto simple = view == View::Simple ? QSizePolicy::Preferred : QSizePolicy::Ignored;
    m_simple->setSizePolicy(simple, simple);
    m_form->setSizePolicy(view == View::Expert ? QSizePolicy::Preferred : QSizePolicy::Ignored,
                          QSizePolicy::Ignored);
    m_explainer->explain(view == View::Simple ? Option::Effort : Option::LearningRate, m_draft.plan());
}

void OptionsStep::takeDataset()
{
    m_estimator = std::make_unique<engine::CostEstimator>(m_session.dataset());
    takeAdvice();
}

void OptionsStep::takeAdvice()
{
    m_estimator->setAdvice(m_draft.advice());
    m_estimator->setSpeeds(m_draft.speeds());
    refresh();
}

std::optional<engine::PlanCosts> OptionsStep::costsOf(const learn::Plan& plan)
{
    try {
        return m_estimator->of(plan);
    } catch (const Error&) { // refused, which is said already
        return {};
    }
}

void OptionsStep::refresh()
{
    const learn::Plan plan = learn::suited(m_draft.plan());
    if (plan != m_draft.plan()) {
        m_draft.setPlan(plan); // comes back here
        return;
    }
    m_subtitle->setText(m_draft.raceMinutes()
                            ? tr("In a race this is for every strategy that it suits, and the race says for "
                                 "how long.")
                            : tr("You can leave everything as it is."));
    m_refusal.clear();
    try {
        m_form->show(learn::strategy(plan.strategy).complete(plan, m_estimator->trainingPictures()));
        m_cost->setCosts(m_estimator->of(plan), engine::machine().memoryFree, m_draft.isSlowed());
    } catch (const Error& error) { // the form stays as it is, so that it can be put right
        m_refusal = QString::fromUtf8(error.what());
    }
    m_cost->setVisible(m_refusal.isEmpty() && !m_draft.raceMinutes()); // it speaks of one strategy
    m_simple->show(plan);
    m_explainer->explain(m_explainer->option(), plan);
    showProblem();
}

void OptionsStep::showProblem()
{
    const QString written = m_form->problem();
    const QString problem = written.isEmpty() ? m_refusal : written;
    if (problem.isEmpty())
        m_messages->hide();
    else if (problem != m_problem || m_messages->isHidden())
        m_messages->display(MessageBar::Kind::Error, {}, problem);
    m_problem = problem;
    m_completeness.tell(*this);
}

bool OptionsStep::isComplete() const
{
    return m_problem.isEmpty();
}

/// On a worker, because a graphics card takes a moment to answer.
void OptionsStep::findDevices()
{
    if (std::exchange(m_asked, true))
        return;
    m_jobs->add(
        [this](const std::stop_token&) -> JobQueue::Finish {
            return [this, devices = engine::deviceChoices()] {
                m_form->setDevices(devices);
                refresh();
            };
        },
        [](const JobProblem&) {}); // then there is nothing to choose from
}

void OptionsStep::showEvent(QShowEvent* event)
{
    QWizardPage::showEvent(event);
    findDevices();
    refresh(); // the memory that is free may be other now
}

} // namespace graft::ui
