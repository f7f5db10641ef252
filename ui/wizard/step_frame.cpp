#include "ui/wizard/step_frame.h"

#include "ui/widgets/parts.h"

#include <QScrollArea>
#include <QVBoxLayout>
#include <QWizardPage>

#include <utility>

namespace graft::ui {

StepFrame frameStep(QWizardPage* page, const QString& title)
{
    constexpr int margin = 24; // pixels, as are the others
    constexpr int underHeading = 20;
    constexpr int between = 16;

    QLabel* heading = makeLabel("h1", title);
    heading->setWordWrap(true);
    QLabel* subtitle = makeLabel("muted");
    subtitle->setWordWrap(true);
    auto* body = new QVBoxLayout;
    body->setSpacing(between);

    auto* inside = new QWidget;
    inside->setProperty("scrolled", true);
    auto* rows = new QVBoxLayout(inside);
    rows->setContentsMargins(margin, margin - 4, margin, margin - 8);
    rows->setSpacing(2);
    rows->addWidget(heading);
    rows->addWidget(subtitle);
    rows->addSpacing(underHeading);
    rows->addLayout(body, 1);

    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(inside);
    auto* all = new QVBoxLayout(page);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(scroll);
    page->setAccessibleName(title);
    return {heading, subtitle, body};
}

void Completeness::tell(QWizardPage& page)
{
    const bool complete = page.isComplete();
    if (std::exchange(m_told, complete) != complete)
        emit page.completeChanged();
}

} // namespace graft::ui
