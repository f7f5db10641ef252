#include "ui/widgets/train_bands.h"

#include "ui/widgets/interval_bar.h"
#include "ui/widgets/parts.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QProgressBar>
#include <QVBoxLayout>

#include <array>

namespace graft::ui {

namespace {

constexpr int BarSteps = 1000;

QLabel* wrapped(const char* role)
{
    QLabel* label = makeLabel(role);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

/// A row of the failure card: what one can do, and the button that does it.
QWidget* makeRemedy(const QString& title, QLabel* text, QPushButton* button)
{
    auto* row = new QWidget;
    auto* all = new QVBoxLayout(row);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(makeRule());
    auto* columns = new QHBoxLayout;
    columns->setContentsMargins(16, 12, 16, 12);
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(makeLabel("strong", title));
    words->addWidget(text);
    columns->addLayout(words, 1);
    columns->addWidget(button);
    all->addLayout(columns);
    return row;
}

} // namespace

ProgressBand::ProgressBand(QWidget* parent)
    : QFrame(parent)
    , m_title(makeLabel("h2"))
    , m_detail(makeLabel("muted"))
    , m_bar(new QProgressBar)
{
    setProperty("card", true);
    auto* titles = new QHBoxLayout;
    titles->setSpacing(8);
    titles->addWidget(m_title);
    titles->addWidget(m_detail, 1, Qt::AlignBottom);
    m_bar->setTextVisible(false);
    m_bar->setRange(0, BarSteps);
    m_bar->setAccessibleName(tr("Progress of the training"));
    auto* left = new QVBoxLayout;
    left->setSpacing(8);
    left->addLayout(titles);
    left->addWidget(m_bar);

    auto* columns = new QHBoxLayout(this);
    columns->setContentsMargins(16, 14, 16, 16);
    columns->setSpacing(28);
    columns->addLayout(left, 1);
    const std::array<QString, FactCount> names {tr("Time left"), tr("Speed"), tr("Device"), tr("Memory")};
    for (int fact = 0; fact < FactCount; ++fact) {
        m_facts[fact] = makeLabel("strong", QStringLiteral("–"));
        if (fact == TimeLeft)
            m_facts[fact]->setToolTip(
                tr("The most that it can take: training ends earlier where it gets no better."));
        auto* pair = new QVBoxLayout;
        pair->setSpacing(0);
        pair->addWidget(makeLabel("caption", names[static_cast<std::size_t>(fact)]));
        pair->addWidget(m_facts[fact]);
        columns->addLayout(pair);
    }
}

void ProgressBand::setTraining(const TrainingState& state)
{
    const QLocale locale;
    if (state.phase == TrainingState::Phase::Learning) {
        m_title->setText(
            state.epochs > 0
                ? tr("Epoch %1 of %2").arg(locale.toString(state.epoch), locale.toString(state.epochs))
                : tr("Epoch %1").arg(locale.toString(state.epoch)));
        m_detail->setText(
            state.batches > 0
                ? tr("batch %1 of %2").arg(locale.toString(state.batch), locale.toString(state.batches))
                : QString());
        m_bar->setRange(0, BarSteps);
        m_bar->setValue(static_cast<int>(state.share() * BarSteps));
    } else {
        const QString what = QString::fromStdString(state.preparing.what);
        m_title->setText(what.isEmpty() ? tr("Preparing") : what);
        m_detail->setText(state.preparing.total > 0 ? tr("%1 of %2")
                                                          .arg(locale.toString(state.preparing.done),
                                                               locale.toString(state.preparing.total))
                                                    : QString());
        m_bar->setRange(0, state.preparing.total);
        m_bar->setValue(state.preparing.done);
    }
    if (state.paused)
        m_detail->setText(m_detail->text().isEmpty() ? tr("paused") : tr("%1, paused").arg(m_detail->text()));
    const double left = state.secondsLeft;
    m_facts[TimeLeft]->setText(left < 0.0 ? QStringLiteral("–") : duration(left));
    const double speed = state.picturesPerSecond();
    m_facts[Speed]->setText(speed > 0.0 && !state.paused
                                ? tr("%1 pictures/s").arg(locale.toString(speed, 'f', 0))
                                : QStringLiteral("–"));
    m_facts[Device]->setText(state.started ? QString::fromStdString(state.started->device)
                                           : QStringLiteral("–"));
}

void ProgressBand::setMemory(std::int64_t used, std::int64_t total)
{
    m_facts[Memory]->setText(memoryUse(used, total));
}

VerdictBand::VerdictBand(QWidget* parent)
    : QFrame(parent)
    , m_sentence(wrapped("muted"))
    , m_verdict(wrapped("h2"))
    , m_advice(wrapped("muted"))
    , m_warning(wrapped(""))
    , m_bar(new IntervalBar)
{
    setProperty("card", true);
    m_warning->setProperty("chip", QStringLiteral("warning"));
    auto* words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(m_verdict);
    words->addWidget(m_sentence);
    words->addWidget(m_advice);
    words->addWidget(m_warning);
    auto* columns = new QHBoxLayout(this);
    columns->setContentsMargins(16, 14, 16, 14);
    columns->setSpacing(24);
    columns->addLayout(words, 3);
    columns->addWidget(m_bar, 1, Qt::AlignVCenter);
}

void VerdictBand::setRun(const store::RunRecord& run, const engine::AdviceVerdict* advice)
{
    const learn::RunResult& result = run.result;
    const QLocale locale;
    const QString took =
        tr("%1 in %2").arg(tr("%Ln epoch(s)", nullptr, result.epochs), duration(result.seconds));
    const bool finished = run.state == store::RunState::Finished;
    const QString kept = run.hasModel
        ? tr("Epoch %1 is the best and is the model.").arg(locale.toString(result.bestEpoch))
        : tr("It was stopped before the first epoch ended, so there is no model.");
    m_sentence->setText(
        QStringLiteral("%1 %2").arg((finished ? tr("Finished: %1.") : tr("Stopped: %1.")).arg(took), kept));

    m_advice->setText(advice ? adviceSentence(*advice) : QString());
    m_advice->setVisible(advice);
    const Verdict found = verdict(result);
    m_verdict->setVisible(run.hasModel);
    m_bar->setVisible(run.hasModel && found.total > 0);
    m_warning->setVisible(run.hasModel && !found.warning.isEmpty());
    m_verdict->setText(found.sentence);
    m_warning->setText(found.warning);
    if (found.total > 0) {
        const double share = static_cast<double>(found.correct) / static_cast<double>(found.total);
        m_bar->setShare(share, found.interval, measured(result).classes());
    }
}

QString VerdictBand::sentence() const
{
    return m_sentence->text();
}

QString VerdictBand::adviceText() const
{
    return m_advice->text();
}

QString VerdictBand::verdictText() const
{
    return m_verdict->text();
}

QString VerdictBand::warning() const
{
    return m_warning->text();
}

FailureCard::FailureCard(QWidget* parent)
    : QFrame(parent)
    , m_happened(wrapped("h2"))
    , m_safe(wrapped(""))
{
    setProperty("card", true);
    auto* top = new QFrame;
    top->setProperty("bar", QStringLiteral("error"));
    auto* mark = new IconLabel(24);
    mark->setIcon(icon("error", Ink::Error));
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(m_happened);
    words->addWidget(m_safe);
    auto* block = new QHBoxLayout(top);
    block->setContentsMargins(16, 16, 16, 16);
    block->setSpacing(16);
    block->addWidget(mark, 0, Qt::AlignTop);
    block->addLayout(words, 1);

    QPushButton* again = makeButton("", tr("New training…"));
    makePrimary(again, "plus");
    QPushButton* use = makeButton("try-it", tr("Try it"));
    QLabel* againText = wrapped("muted");
    againText->setText(tr("Features that were read are kept, so it starts faster."));
    m_useModelText = wrapped("muted");
    m_useModel = makeRemedy(tr("Stop here and use the best model"), m_useModelText, use);
    auto* heading = makeLabel("strong", tr("What you can do"));
    heading->setContentsMargins(16, 12, 16, 12);

    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(1, 1, 1, 1);
    rows->setSpacing(0);
    rows->addWidget(top);
    rows->addWidget(heading);
    rows->addWidget(makeRemedy(tr("Train again"), againText, again));
    rows->addWidget(m_useModel);
    connect(again, &QPushButton::clicked, this, &FailureCard::trainAgain);
    connect(use, &QPushButton::clicked, this, &FailureCard::useModel);
}

void FailureCard::setFailure(const QString& problem, int bestEpoch, bool hasModel)
{
    m_happened->setText(problem);
    const QString epoch = QLocale().toString(bestEpoch);
    m_safe->setText(hasModel
                        ? tr("Your pictures are safe, and the best model, epoch %1, is saved.").arg(epoch)
                        : tr("Your pictures are safe; none of them was changed."));
    m_useModelText->setText(tr("Epoch %1 was the best.").arg(epoch));
    m_useModel->setVisible(hasModel);
}

QString FailureCard::text() const
{
    return m_happened->text() + QLatin1Char('\n') + m_safe->text();
}

} // namespace graft::ui
