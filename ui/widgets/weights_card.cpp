#include "ui/widgets/weights_card.h"

#include "ui/models/words.h"
#include "ui/paths.h"
#include "ui/theme.h"
#include "ui/widgets/parts.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QMessageBox>
#include <QProgressBar>
#include <QStyle>
#include <QVBoxLayout>

namespace graft::ui {

using engine::WeightsState;
using Work = WeightsItem::Work;

namespace {

constexpr int BarSteps = 1000;
constexpr int AccuracyHeight = 6; // pixels

int steps(double share)
{
    return static_cast<int>(share * BarSteps);
}

QLabel* wrapped(const char* role)
{
    QLabel* label = makeLabel(role);
    label->setWordWrap(true);
    return label;
}

} // namespace

WeightsCard::WeightsCard(QWidget* parent)
    : QFrame(parent)
    , m_title(wrapped("h2"))
    , m_recipe(wrapped("muted"))
{
    setProperty("card", true);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(16, 16, 16, 16);
    rows->setSpacing(8);
    rows->addWidget(m_title);
    rows->addLayout(makeFacts());
    rows->addLayout(makeAccuracy());
    rows->addWidget(m_recipe);
    rows->addStretch();
    rows->addLayout(makeProgress());
    rows->addLayout(makeFoot());
}

QLayout* WeightsCard::makeAccuracy()
{
    m_accuracy = new QProgressBar;
    m_accuracy->setRange(0, BarSteps);
    m_accuracy->setTextVisible(false);
    m_accuracy->setProperty("quiet", true);
    m_accuracy->setFixedHeight(AccuracyHeight);
    m_share = makeLabel("");
    m_share->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    QLabel* name = makeLabel("caption", tr("ImageNet accuracy"));
    const QString meaning = tr("As published: the share of ImageNet’s 50,000 validation pictures that it "
                               "names right with its first answer.");
    for (QWidget* widget : std::initializer_list<QWidget*> {name, m_accuracy, m_share})
        widget->setToolTip(meaning);
    m_accuracy->setAccessibleName(name->text());
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(name);
    row->addWidget(m_accuracy, 1);
    row->addWidget(m_share);
    return row;
}

QLayout* WeightsCard::makeFacts()
{
    m_facts = wrapped("caption");
    m_details = makeFlatButton(tr("Details…"));
    connect(m_details, &QPushButton::clicked, this, &WeightsCard::showDetails);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_facts, 1);
    row->addWidget(m_details);
    return row;
}

QLayout* WeightsCard::makeProgress()
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
    connect(m_cancel, &QToolButton::clicked, this, &WeightsCard::cancel);
    auto* texts = new QHBoxLayout;
    texts->addWidget(m_amount, 1);
    texts->addWidget(m_left);
    auto* bar = new QHBoxLayout;
    bar->setSpacing(8);
    bar->addWidget(m_bar, 1, Qt::AlignVCenter);
    bar->addWidget(m_cancel);
    m_progressRow = new QWidget;
    auto* rows = new QVBoxLayout(m_progressRow);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addLayout(texts);
    rows->addLayout(bar);
    auto* all = new QVBoxLayout;
    all->addWidget(m_progressRow);
    return all;
}

QLayout* WeightsCard::makeFoot()
{
    m_mark = new IconLabel(16);
    m_state = wrapped("");
    m_download = makeButton("", {});
    m_import = makeButton("", tr("Import…"));
    m_import->setProperty("flat", true);
    m_import->setToolTip(tr("From a file that is on this computer or a USB stick"));
    connect(m_download, &QPushButton::clicked, this, &WeightsCard::download);
    connect(m_import, &QPushButton::clicked, this, &WeightsCard::import);
    auto* state = new QHBoxLayout;
    state->setSpacing(8);
    state->addWidget(m_mark, 0, Qt::AlignTop);
    state->addWidget(m_state, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_download);
    buttons->addStretch();
    buttons->addWidget(m_import);
    auto* rows = new QVBoxLayout;
    rows->setSpacing(8);
    rows->addLayout(state);
    rows->addLayout(buttons);
    return rows;
}

void WeightsCard::setItem(const WeightsItem& item)
{
    const bool turns =
        (m_item.work == Work::None) != (item.work == Work::None) || m_item.status.state != item.status.state;
    const QWidget* focus = window()->focusWidget();
    const bool acted = turns && (focus == m_download || focus == m_cancel);
    if (acted)
        m_details->setFocus(); // a button that goes would hand the focus to another card
    m_item = item;
    const engine::WeightsStatus& status = item.status;
    m_title->setText(item.title());
    m_accuracy->setValue(steps(status.top1));
    m_accuracy->setVisible(status.top1 > 0.0);
    m_share->setText(status.top1 > 0.0 ? tr("%1\u00A0%").arg(QLocale().toString(status.top1 * 100.0, 'f', 1))
                                       : tr("not known"));
    m_recipe->setText(QString::fromStdString(status.recipe));
    m_recipe->setVisible(status.state != WeightsState::Unofficial); // its state says it already
    m_facts->setText(
        tr("%1, licence %2").arg(megabytes(status.bytes), QString::fromStdString(status.licence)));
    m_facts->setToolTip(QString::fromStdString(status.terms));
    setAccessibleName(item.title());
    m_details->setAccessibleName(tr("Details of %1").arg(item.title()));
    m_cancel->setAccessibleName(tr("Stop the download of %1").arg(item.title()));
    m_bar->setAccessibleName(tr("Download of %1").arg(item.title()));
    m_import->setAccessibleName(tr("Import %1").arg(item.title()));
    showProgress();
    showState();
    if (acted && m_item.work != Work::None)
        m_cancel->setFocus();
    else if (acted && m_download->isVisibleTo(this))
        m_download->setFocus();
}

void WeightsCard::showProgress()
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

void WeightsCard::showState()
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
    } else if (status.partial > 0) {
        mark = "clock";
        state = tr("Partly here: %1").arg(megabytesOf(status.partial, status.bytes));
        button = tr("Continue");
    } else {
        button = tr("Download %1").arg(size);
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
    m_download->setIcon(failed ? icon("again") : QIcon());
    m_download->setAccessibleName(QStringLiteral("%1: %2").arg(m_item.title(), button));
    m_import->setVisible(!button.isEmpty());
}

QString WeightsCard::stateText() const
{
    return m_item.work == Work::None ? m_state->text() : m_amount->text();
}

void WeightsCard::showDetails()
{
    const engine::WeightsStatus& status = m_item.status;
    const bool official = status.state != WeightsState::Unofficial;
    const auto text = [](const std::string& value) { return QString::fromStdString(value).toHtmlEscaped(); };
    const QString rows[][2] = {
        {tr("Licence"), text(status.licence)},
        {tr("Terms"), text(status.terms)},
        {official ? tr("Source") : tr("Source of the official file"), text(status.source)},
        {tr("SHA-256"), text(status.sha256)},
        {tr("File"), toQString(status.file).toHtmlEscaped()}};
    QString table;
    for (const auto& row : rows)
        table += QStringLiteral("<p><b>%1</b><br>%2</p>").arg(row[0], row[1]);
    auto* box = new QMessageBox(QMessageBox::NoIcon, m_item.title(),
                                QStringLiteral("<b>%1</b>").arg(m_item.title().toHtmlEscaped()),
                                QMessageBox::Close, this);
    box->setInformativeText(table);
    box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace graft::ui
