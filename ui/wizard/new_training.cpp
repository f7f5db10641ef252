#include "ui/wizard/new_training.h"

#include "ui/jobs/adviser.h"
#include "ui/session.h"
#include "ui/theme.h"
#include "ui/wizard/backbone_step.h"
#include "ui/wizard/cost_words.h"
#include "ui/wizard/options_step.h"
#include "ui/wizard/pictures_step.h"
#include "ui/wizard/step_list.h"
#include "ui/wizard/strategy_step.h"
#include "ui/wizard/summary_step.h"
#include "ui/wizard/training_draft.h"

#include <QAbstractButton>
#include <QEvent>
#include <QGridLayout>
#include <QStyle>
#include <QTimer>

#include <utility>

namespace graft::ui {

namespace {

constexpr QSize largest(1088, 736); // pixels

/// The line above the buttons, which QWizard paints with the palette.
void colourRule(QWidget* rule)
{
    QPalette palette = rule->palette();
    palette.setColor(QPalette::Mid, colours().line);
    palette.setColor(QPalette::Base, colours().window);
    rule->setPalette(palette);
}

} // namespace

NewTraining::NewTraining(Session& session, WeightsJobs& weights, learn::Plan start, QWidget* parent)
    : QWizard(parent)
    , m_draft(new TrainingDraft(std::move(start), this))
    , m_adviser(new Adviser(engineAdvice(session.project()), &session)) // which waits for its end, not we
    , m_steps(new StepList(tr("New training"),
                           {tr("Pictures"), tr("Strategy"), tr("Backbone"), tr("Options"), tr("Summary")}))
{
    setWindowTitle(tr("New training"));
    setWizardStyle(QWizard::ClassicStyle);
    setSideWidget(m_steps);
    makeButtons();
    addSteps(session, weights);
    resize(parent ? sizeFor(parent->window()) : largest);
    connect(this, &QWizard::currentIdChanged, this, &NewTraining::showStep);
    connect(m_draft, &TrainingDraft::changed, this, &NewTraining::showStep);
    watchTrainings(session);
}

NewTraining::~NewTraining()
{
    m_adviser->retire();
}

void NewTraining::addSteps(Session& session, WeightsJobs& weights)
{
    addPage(new PicturesStep(session));
    addPage(new StrategyStep(*m_adviser, *m_draft));
    addPage(new BackboneStep(session, weights, *m_draft));
    addPage(new OptionsStep(session, *m_draft));
    addPage(new SummaryStep(session, *m_draft));
}

void NewTraining::watchTrainings(const Session& session)
{
    const auto note = [this, &session] {
        const learn::Advice& advice = m_draft->advice();
        const bool measuring = m_adviser->isMeasuring() && m_adviser->progress().total > 0;
        m_draft->setSlowed((measuring && session.isTraining() && !session.isTrainingPaused())
                           || slowedByTraining(advice, session.runs(), session.trainingSince()));
    };
    connect(m_adviser, &Adviser::changed, this, note);
    connect(m_draft, &TrainingDraft::adviceChanged, this, note);
    for (const auto changed : {&Session::trainingStarted, &Session::trainingEnded, &Session::runsChanged,
                               &Session::trainingPausedChanged})
        connect(&session, changed, this, note);
    connect(&session, &Session::raceStarted, this, note);
    connect(&session, &Session::raceEnded, this, note);
}

QSize NewTraining::sizeFor(const QWidget* window)
{
    return largest.boundedTo(window->size() - QSize(32, 32));
}

void NewTraining::makeButtons()
{
    setOption(QWizard::HaveCustomButton1);
    setOption(QWizard::NoBackButtonOnStartPage);
    setButtonText(QWizard::CancelButton, tr("Cancel"));
    setButtonText(QWizard::BackButton, tr("Back"));
    setButtonText(QWizard::NextButton, tr("Next"));
    setButtonText(QWizard::CustomButton1, {}); // of the steps that have nothing of their own to do
    setButtonLayout({QWizard::CustomButton1, QWizard::Stretch, QWizard::CancelButton, QWizard::BackButton,
                     QWizard::NextButton, QWizard::FinishButton});
    for (const auto which : {QWizard::NextButton, QWizard::FinishButton})
        button(which)->setProperty("primary", true);
    button(QWizard::CustomButton1)->setProperty("flat", true);
    button(QWizard::CustomButton1)->setIcon(icon("again"));
}

void NewTraining::showStep()
{
    m_steps->setCurrent(static_cast<int>(pageIds().indexOf(currentId())));
    QAbstractButton* own = button(QWizard::CustomButton1);
    const QString text = currentPage() ? currentPage()->buttonText(QWizard::CustomButton1) : QString();
    own->setVisible(!text.isEmpty());
    setButtonText(QWizard::FinishButton, m_draft->raceMinutes() ? tr("Start the race") : tr("Train"));
    fitFrame();
}

void NewTraining::accept()
{
    const learn::Plan plan = m_draft->plan();
    const std::optional<int> race = m_draft->raceMinutes();
    QWizard::accept();
    if (race)
        emit raceWanted(plan, *race);
    else
        emit trainingWanted(plan);
}

/// QWizard takes its distances from the style and makes its layout anew when that changes.
void NewTraining::fitFrame()
{
    constexpr int side = 24; // pixels, as are the others
    constexpr int above = 16;
    constexpr int between = 8;
    const QWidget* frame = button(QWizard::NextButton)->parentWidget();
    auto* grid = qobject_cast<QGridLayout*>(frame->layout());
    if (grid == nullptr)
        return;
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(0);
    for (int row = 0; row < grid->rowCount(); ++row)
        grid->setRowMinimumHeight(row, 0);
    for (int i = 0; i < grid->count(); ++i) {
        if (QLayout* buttons = grid->itemAt(i)->layout()) {
            buttons->setContentsMargins(side, above, side, above);
            buttons->setSpacing(between);
        }
        if (QWidget* rule = grid->itemAt(i)->widget(); rule && rule->maximumHeight() <= 2)
            colourRule(rule);
    }
    for (const QWidget* inner : {static_cast<QWidget*>(m_steps), static_cast<QWidget*>(currentPage())}) {
        while (inner && inner->parentWidget() && inner->parentWidget() != frame) {
            inner = inner->parentWidget();
            if (inner->layout())
                inner->layout()->setContentsMargins(0, 0, 0, 0);
        }
    }
}

void NewTraining::showEvent(QShowEvent* event)
{
    QWizard::showEvent(event);
    for (const auto which : {QWizard::NextButton, QWizard::FinishButton, QWizard::CustomButton1}) {
        style()->unpolish(button(which)); // QWizard has polished them before they got their look
        style()->polish(button(which));
    }
    showStep();
}

void NewTraining::changeEvent(QEvent* event)
{
    QWizard::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        QTimer::singleShot(0, this, &NewTraining::fitFrame);
}

} // namespace graft::ui
