#include "ui/wizard/option_explainer.h"

#include "ui/widgets/parts.h"
#include "ui/wizard/rate_sketch.h"

#include <QVBoxLayout>

namespace graft::ui {

OptionExplainer::OptionExplainer(QWidget* parent)
    : QFrame(parent)
    , m_title(makeLabel("h2"))
    , m_text(makeLabel(""))
    , m_reason(makeLabel("muted"))
    , m_sketch(new RateSketch)
{
    setProperty("card", true);
    for (QLabel* label : {m_title, m_text, m_reason})
        label->setWordWrap(true);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(16, 16, 16, 16);
    rows->setSpacing(8);
    rows->addWidget(m_title);
    rows->addWidget(m_text);
    rows->addWidget(m_reason);
    rows->addWidget(m_sketch);
}

void OptionExplainer::explain(Option option, const learn::Plan& plan)
{
    m_option = option;
    m_title->setText(optionTitle(option));
    m_text->setText(optionMeaning(option));
    const QString reason = whyNot(option, plan);
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
    m_sketch->setVisible(option == Option::LearningRate);
}

} // namespace graft::ui
