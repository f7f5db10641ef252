#include "ui/widgets/weights_dialog.h"

#include "ui/page.h"
#include "ui/picture_input.h"
#include "ui/theme.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/weights_import.h"
#include "ui/widgets/weights_panel.h"

#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QMimeData>
#include <QVBoxLayout>

namespace graft::ui {

namespace {

constexpr QSize largest(1088, 736); // pixels

} // namespace

WeightsDialog::WeightsDialog(WeightsJobs& weights, QWidget* parent)
    : QDialog(parent)
    , m_weights(weights)
    , m_messages(new MessageBar)
    , m_panel(new WeightsPanel(weights))
    , m_importer(new WeightsImport(weights, *m_messages, this))
{
    setWindowTitle(tr("Network weights"));
    setAcceptDrops(true);
    auto* message = new QHBoxLayout;
    message->setContentsMargins(24, 0, 24, 0);
    message->addWidget(m_messages);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 24, 0, 16);
    rows->setSpacing(16);
    rows->addLayout(makeHead());
    rows->addLayout(message);
    rows->addWidget(m_panel, 1);
    rows->addWidget(makeTerms());
    rows->addWidget(makeRule());
    rows->addLayout(makeFoot());
    resize(parent ? sizeFor(parent) : largest);

    connect(m_panel, &WeightsPanel::importAsked, m_importer, &WeightsImport::chooseFile);
    connect(m_importer, &WeightsImport::begun, this, [this] { showImporting(0, 0); });
    connect(&m_weights, &WeightsJobs::importProgress, this, &WeightsDialog::showImporting);
    connect(&m_weights, &WeightsJobs::imported, this, [this] { showImporting(0, 0); });
    connect(&m_weights, &WeightsJobs::failed, this, [this] { showImporting(0, 0); });
    showImporting(0, 0);
    m_close->setFocus(); // a ring around the first small button would say that it matters most
    m_weights.refresh();
}

QSize WeightsDialog::sizeFor(const QWidget* window)
{
    return largest.boundedTo(window->size() - QSize(64, 32));
}

QLayout* WeightsDialog::makeHead()
{
    auto* text = makeLabel("muted",
                           tr("Each network has learned from 1.2 million ImageNet pictures. What is here "
                              "serves all your projects."));
    text->setWordWrap(true);
    auto* rows = new QVBoxLayout;
    rows->setContentsMargins(24, 0, 24, 0);
    rows->setSpacing(4);
    rows->addWidget(makeLabel("h1", tr("Network weights")));
    rows->addWidget(text);
    return rows;
}

QWidget* WeightsDialog::makeTerms()
{
    auto* bar = new QFrame;
    bar->setProperty("bar", QStringLiteral("info"));
    auto* mark = new IconLabel(16);
    mark->setIcon(icon("info", Ink::Info));
    auto* text =
        makeLabel("",
                  tr("Downloading weights is the only time Graft goes online. Your pictures are never "
                     "sent. ImageNet’s pictures are for non-commercial research and education."));
    text->setWordWrap(true);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(16, 12, 16, 12);
    row->setSpacing(8);
    row->addWidget(mark, 0, Qt::AlignTop);
    row->addWidget(text, 1);
    auto* around = new QWidget;
    auto* margins = new QHBoxLayout(around);
    margins->setContentsMargins(24, 0, 24, 0);
    margins->addWidget(bar);
    return around;
}

QLayout* WeightsDialog::makeFoot()
{
    m_import = makeButton("folder", tr("Import from a file or USB stick"));
    auto* menu = new QMenu(m_import);
    menu->addAction(tr("A &file…"), m_importer, [this] { m_importer->chooseFile({}); });
    menu->addAction(tr("A f&older or USB stick…"), m_importer, &WeightsImport::chooseFolder);
    m_import->setMenu(menu);
    m_importing = makeLabel("muted");
    m_stop = makeButton("stop", tr("Stop"));
    connect(m_stop, &QPushButton::clicked, &m_weights, &WeightsJobs::stopImport);
    m_close = makeButton("", tr("Close"));
    m_close->setDefault(true);
    connect(m_close, &QPushButton::clicked, this, &QDialog::accept);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(24, 0, 24, 0);
    row->setSpacing(8);
    row->addWidget(m_import);
    row->addWidget(m_importing);
    row->addWidget(m_stop);
    row->addStretch();
    row->addWidget(m_close);
    return row;
}

void WeightsDialog::showImporting(qint64 done, qint64 total)
{
    const bool busy = m_weights.isImporting();
    m_import->setEnabled(!busy);
    m_stop->setVisible(busy);
    m_importing->setVisible(busy);
    m_importing->setText(total > 0 ? tr("Looking at file %L1 of %L2").arg(done).arg(total)
                                   : tr("Looking for weights"));
}

void WeightsDialog::dragEnterEvent(QDragEnterEvent* event)
{
    if (!localPaths(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void WeightsDialog::dropEvent(QDropEvent* event)
{
    const QStringList paths = localPaths(event->mimeData());
    for (const QString& path : paths)
        m_importer->importFrom(path, {});
    if (!paths.isEmpty())
        event->acceptProposedAction();
}

} // namespace graft::ui
