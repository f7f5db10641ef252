#include "ui/wizard/simple_options.h"

#include "core/base/error.h"
#include "core/learn/strategy.h"
#include "ui/widgets/parts.h"
#include "ui/wizard/training_draft.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QEvent>
#include <QLocale>
#include <QRadioButton>
#include <QVBoxLayout>

namespace graft::ui {

namespace {

constexpr int UnderButton = 24; // where the text of a button begins, pixels

QString effortTitle(learn::Effort effort)
{
    switch (effort) {
    case learn::Effort::Quick:
        return SimpleOptions::tr("Quick");
    case learn::Effort::Normal:
        return SimpleOptions::tr("Normal");
    case learn::Effort::Thorough:
        return SimpleOptions::tr("Thorough");
    }
    return {};
}

QLabel* makeSentence()
{
    QLabel* label = makeLabel("muted");
    label->setWordWrap(true);
    label->setIndent(UnderButton);
    return label;
}

} // namespace

SimpleOptions::SimpleOptions(TrainingDraft& draft, QWidget* parent)
    : QFrame(parent)
    , m_draft(draft)
    , m_other(makeSentence())
    , m_careful(new QCheckBox(tr("Be careful with few pictures")))
    , m_carefully(makeSentence())
{
    constexpr int within = 4;
    constexpr int between = 8;
    setProperty("card", true);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(24, 16, 24, 16);
    rows->setSpacing(within);
    rows->addWidget(makeLabel("h2", optionTitle(Option::Effort)));
    auto* group = new QButtonGroup(this);
    constexpr learn::Effort efforts[] = {learn::Effort::Quick, learn::Effort::Normal,
                                         learn::Effort::Thorough};
    for (std::size_t i = 0; i < m_lengths.size(); ++i) {
        Length& length = m_lengths[i];
        length = {efforts[i], new QRadioButton(effortTitle(efforts[i])), makeSentence()};
        group->addButton(length.button);
        length.button->installEventFilter(this);
        rows->addSpacing(between - within);
        rows->addWidget(length.button);
        rows->addWidget(length.sentence);
        connect(length.button, &QRadioButton::toggled, this, [this, effort = length.effort](bool chosen) {
            if (chosen)
                setEffort(effort);
        });
    }
    rows->addWidget(m_other);
    rows->addSpacing(between + within);
    rows->addWidget(makeLabel("h2", optionTitle(Option::Careful)));
    rows->addSpacing(between - within);
    rows->addWidget(m_careful);
    rows->addWidget(m_carefully);
    rows->addStretch();
    m_careful->installEventFilter(this);
    connect(m_careful, &QCheckBox::toggled, this, &SimpleOptions::setCareful);
}

void SimpleOptions::setEffort(learn::Effort effort)
{
    if (m_showing)
        return;
    learn::Plan plan = m_draft.plan();
    learn::setEffort(plan, effort);
    m_draft.setPlan(plan);
}

void SimpleOptions::setCareful(bool careful)
{
    if (m_showing)
        return;
    learn::Plan plan = m_draft.plan();
    learn::setCareful(plan, careful);
    m_draft.setPlan(plan);
}

void SimpleOptions::show(const learn::Plan& plan)
{
    m_showing = true;
    showLengths(plan);
    const QString why = whyNot(Option::Careful, plan);
    m_careful->setEnabled(why.isEmpty());
    m_careful->setChecked(why.isEmpty() && learn::isCareful(plan));
    m_carefully->setText(why.isEmpty() ? tr("Hides half of the features in each step, and asks for 90 % "
                                            "certainty instead of 100 %.")
                                       : why);
    m_showing = false;
}

void SimpleOptions::showLengths(const learn::Plan& plan)
{
    const QString why = whyNot(Option::Effort, plan);
    const std::optional<learn::Effort> chosen =
        why.isEmpty() ? learn::effortOf(plan) : std::optional<learn::Effort>();
    auto* group = m_lengths.front().button->group();
    group->setExclusive(false); // else one of them must be checked
    for (const Length& length : m_lengths) {
        length.button->setEnabled(why.isEmpty());
        length.button->setChecked(chosen == length.effort);
        length.sentence->setVisible(why.isEmpty());
        if (!why.isEmpty())
            continue;
        learn::Plan own = plan;
        learn::setEffort(own, length.effort);
        try {
            const learn::Plan complete = learn::strategy(own.strategy).complete(own, 1);
            QString text = tr("At most %n epoch(s)", nullptr, complete.epochs);
            text = tr("%1; ends after %2 without a better result").arg(text).arg(complete.patience);
            length.sentence->setText(m_time ? tr("%1. %2.").arg(text, m_time(own)) : text);
        } catch (const Error&) { // said by the step
            length.sentence->clear();
        }
    }
    group->setExclusive(true);
    m_other->setVisible(!why.isEmpty() || !chosen);
    m_other->setText(!why.isEmpty() ? why : tr("The expert view has other numbers."));
}

bool SimpleOptions::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusIn)
        emit entered(watched == m_careful ? Option::Careful : Option::Effort);
    return QFrame::eventFilter(watched, event);
}

} // namespace graft::ui
