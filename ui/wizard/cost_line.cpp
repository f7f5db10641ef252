#include "ui/wizard/cost_line.h"

#include "ui/widgets/parts.h"
#include "ui/wizard/cost_words.h"

#include <QHBoxLayout>

namespace graft::ui {

CostLine::CostLine(QWidget* parent)
    : QWidget(parent)
    , m_mark(new IconLabel(16))
    , m_text(makeLabel(""))
{
    m_text->setWordWrap(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_mark, 0, Qt::AlignVCenter);
    row->addWidget(m_text, 1);
}

void CostLine::setCosts(const engine::PlanCosts& costs, std::int64_t memoryFree, bool slowed)
{
    const bool tooMuch = costs.memory > memoryFree;
    m_mark->setIcon(tooMuch ? icon("warning", Ink::Warning) : icon("clock", Ink::Accent));
    m_text->setText(tooMuch ? tr("%1 Only %2 are free: choose a smaller batch or backbone.")
                                  .arg(costSentence(costs), bytesText(memoryFree))
                            : costSentence(costs));
    setToolTip(timeSource(costs, slowed));
}

QString CostLine::text() const
{
    return m_text->text();
}

} // namespace graft::ui
