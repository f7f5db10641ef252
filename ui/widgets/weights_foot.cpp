#include "ui/widgets/weights_foot.h"

#include "ui/models/words.h"
#include "ui/theme.h"
#include "ui/widgets/parts.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace graft::ui {

using engine::WeightsState;
using Work = WeightsItem::Work;

namespace {

constexpr int BarSteps = 1000;

} // namespace

WeightsFoot::WeightsFoot(QWidget* parent)
    : QWidget(parent)
    , m_progressRow(makeProgress())
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(8);
    rows->addWidget(m_progressRow);
    rows->addLayout(makeState());
    rows->addLayout(makeButtons());
}

QWidget* WeightsFoot::makeProgress()
{
    m_amount = makeLabel("");
    m_left = makeLabel("caption");
    m_bar = new QProgressBar;
    m_bar->setTextVisible(false);
    m_cancel = new QToolButton;
    m_cancel->setIcon(icon("close"));
    m_cancel->setProperty("flat", true);
    m_cancel->setProperty("small", true);
    m_cancel->setToolTip(tr("Stop; what was downloaded is kept"));
    connect(m_cancel, &QToolButton::clicked, this, &WeightsFoot::cancel);
    auto* texts = new QHBoxLayout;
    texts->addWidget(m_amount, 1);
    texts->addWidget(m_left);
    auto* bar = new QHBoxLayout;
    bar->setSpacing(8);
    bar->addWidget(m_bar, 1, Qt::AlignVCenter);
    bar->addWidget(m_cancel);
    auto* progress = new QWidget;
    auto* rows = new QVBoxLayout(progress);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addLayout(texts);
    rows->addLayout(bar);
    return progress;
}

QLayout* WeightsFoot::makeState()
{
    m_mark = new IconLabel(16);
    m_state = makeLabel("");
    m_state->setWordWrap(true);
    m_mark->standBeside(*m_state);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_mark, 0, Qt::AlignTop);
    row->addWidget(m_state, 1);
    return row;
}

QLayout* WeightsFoot::makeButtons()
{
    m_download = makeButton("", {});
    m_import = makeButton("", tr("Import…"));
    m_import->setProperty("flat", true);
    m_import->setToolTip(tr("From a file that is on this computer or a USB stick"));
    connect(m_download, &QPushButton::clicked, this, &WeightsFoot::download);
    connect(m_import, &QPushButton::clicked, this, &WeightsFoot::import);
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(8);
    m_buttons->addWidget(m_download);
    m_buttons->addStretch();
    m_buttons->addWidget(m_import);
    return m_buttons;
}

/// One below the other where there is no room beside it.
void WeightsFoot::turnButtons()
{
    const int both = m_download->sizeHint().width() + m_buttons->spacing() + m_import->sizeHint().width();
    const bool narrow = both > width() && !m_import->isHidden();
    m_buttons->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

QSize WeightsFoot::minimumSizeHint() const
{
    const int widest = std::max(m_download->isHidden() ? 0 : m_download->sizeHint().width(),
                                m_import->isHidden() ? 0 : m_import->sizeHint().width());
    return {widest, QWidget::minimumSizeHint().height()};
}

void WeightsFoot::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    turnButtons();
}

void WeightsFoot::setItem(const WeightsItem& item)
{
    const bool turns =
        (m_item.work == Work::None) != (item.work == Work::None) || m_item.status.state != item.status.state;
    const QWidget* focus = window()->focusWidget();
    const bool acted = turns && (focus == m_download || focus == m_cancel);
    if (acted && m_fallback)
        m_fallback->setFocus(); // a button that goes would hand the focus to another card
    m_item = item;
    name();
    showProgress();
    showState();
    if (acted && m_item.work != Work::None)
        m_cancel->setFocus();
    else if (acted && m_download->isVisibleTo(this))
        m_download->setFocus();
}

void WeightsFoot::name()
{
    const QString title = m_item.title();
    m_cancel->setAccessibleName(tr("Stop the download of %1").arg(title));
    m_bar->setAccessibleName(tr("Download of %1").arg(title));
    m_import->setAccessibleName(tr("Import %1").arg(title));
}

void WeightsFoot::showProgress()
{
    const engine::DownloadProgress& progress = m_item.progress;
    m_progressRow->setVisible(m_item.work != Work::None);
    const bool queued = m_item.work == Work::Queued;
    m_amount->setText(queued                              ? tr("Waits for its turn")
                          : m_item.work == Work::Stopping ? tr("Stopping")
                                                          : megabytesOf(progress.done, progress.total));
    m_left->setText(!queued && progress.secondsLeft >= 0.0
                        ? tr("about %1").arg(duration(progress.secondsLeft))
                        : QString());
    const QString speed = progress.bytesPerSecond > 0.0
        ? tr("%1/s").arg(megabytes(static_cast<std::int64_t>(progress.bytesPerSecond)))
        : QString();
    if (progress.waiting)
        m_left->setText(tr("by another Graft"));
    else if (!queued && !speed.isEmpty())
        m_left->setText(m_left->text().isEmpty() ? speed : tr("%1, %2").arg(speed, m_left->text()));
    m_bar->setRange(0, progress.total > 0 ? BarSteps : 0);
    m_bar->setValue(progress.total > 0 ? static_cast<int>(progress.done * BarSteps / progress.total) : 0);
}

void WeightsFoot::showState()
{
    const engine::WeightsStatus& status = m_item.status;
    const QString size = megabytes(status.bytes);
    const char* mark = "";
    Ink ink = Ink::Text2;
    QString state;
    QString button;
    if (m_item.work != Work::None) {
        // the bar says it
    } else if (status.state == WeightsState::Ready) {
        mark = "done";
        ink = Ink::Accent;
        state = tr("Ready");
    } else if (!m_item.failure.isEmpty()) {
        mark = "error";
        ink = Ink::Error;
        state = m_item.failure;
        button = tr("Try again");
    } else if (status.state == WeightsState::Unofficial) {
        mark = "warning";
        ink = Ink::Warning;
        state = tr("Imported by hand (unofficial)");
        button = tr("Get the official, %1").arg(size);
    } else if (status.state == WeightsState::Damaged) {
        mark = "error";
        ink = Ink::Error;
        state = tr("Damaged: the file is not what it should be.");
        button = tr("Download again, %1").arg(size);
    } else if (!m_item.refusal.isEmpty()) {
        button = tr("Download %1").arg(size);
    } else if (status.partial > 0) {
        mark = "clock";
        state = tr("Partly here: %1").arg(megabytesOf(status.partial, status.bytes));
        button = tr("Continue");
    } else {
        button = tr("Download %1").arg(size);
    }
    if (!m_item.refusal.isEmpty() && m_item.work == Work::None) {
        mark = "error";
        ink = Ink::Error;
        state = m_item.refusal;
    }
    m_mark->setVisible(*mark != '\0');
    if (*mark != '\0')
        m_mark->setIcon(icon(mark, ink));
    m_state->setVisible(!state.isEmpty());
    m_state->setText(state);
    const bool failed = ink == Ink::Error;
    m_state->setProperty("role", failed ? QStringLiteral("error") : QString());
    m_state->style()->unpolish(m_state); // takes the new role in
    m_state->style()->polish(m_state);
    m_download->setVisible(!button.isEmpty());
    m_download->setText(button);
    m_download->setIcon(failed && m_item.refusal.isEmpty() ? icon("again") : QIcon());
    m_download->setAccessibleName(QStringLiteral("%1: %2").arg(m_item.title(), button));
    m_import->setVisible(!button.isEmpty());
    turnButtons();
}

QString WeightsFoot::stateText() const
{
    return m_item.work == Work::None ? m_state->text() : m_amount->text();
}

} // namespace graft::ui
