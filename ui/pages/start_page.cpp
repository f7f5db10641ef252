#include "ui/pages/start_page.h"

#include "core/engine/machine.h"
#include "ui/jobs/job_queue.h"
#include "ui/models/recent_projects.h"
#include "ui/page.h"
#include "ui/paths.h"
#include "ui/session.h"
#include "ui/theme.h"
#include "ui/widgets/drop_area.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/sample_card.h"
#include "ui/widgets/thumbnail_loader.h"
#include "ui/widgets/two_line.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace graft::ui {

namespace {

constexpr int wideMargin = 80; // pixels, as are all below
constexpr int narrowMargin = 40;
constexpr int narrowBelow = 1180; // width of the page
constexpr int contentWidth = 1200;
constexpr int shownRecent = 5; // rows
constexpr int thumbnailSide = 160;
constexpr qsizetype thumbnailBytes = 8 << 20;

} // namespace

StartPage::StartPage(Session& session, RecentProjects& recent, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_recent(recent)
    , m_thumbnails(new ThumbnailLoader(thumbnailSide, 1, thumbnailBytes, this))
    , m_jobs(new JobQueue(this))
    , m_content(new QWidget)
    , m_messages(new MessageBar(this))
{
    m_columns = new QGridLayout;
    m_columns->setHorizontalSpacing(40);
    m_columns->setColumnStretch(0, 584);
    m_columns->setColumnStretch(1, 496);
    m_columns->addWidget(makeLeft(), 0, 0);
    m_columns->addWidget(makeRight(), 0, 1);

    m_column = new QVBoxLayout(m_content);
    m_column->setSpacing(0);
    m_column->addWidget(makeHeader());
    m_column->addSpacing(24);
    m_column->addWidget(m_messages);
    m_column->addSpacing(8);
    m_column->addLayout(m_columns);
    m_column->addStretch();
    m_content->setMaximumWidth(contentWidth + 2 * wideMargin);

    auto* centre = new QWidget;
    auto* centreRow = new QHBoxLayout(centre);
    centreRow->setContentsMargins(0, 0, 0, 0);
    centreRow->addStretch();
    centreRow->addWidget(m_content, 1000); // all the width that its maximum allows
    centreRow->addStretch();

    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(centre);
    scroll->viewport()->setAutoFillBackground(false);
    centre->setAutoFillBackground(false);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(scroll);

    connect(&m_session, &Session::importProgress, m_drop, &DropArea::setBusy);
    connect(&m_session, &Session::importEnded, m_drop, &DropArea::setIdle);
    connect(&m_session, &Session::failed, m_drop, &DropArea::setIdle);
    connect(m_drop, &DropArea::stopRequested, &m_session, &Session::stopImport);
    connect(&m_recent, &QAbstractItemModel::rowsInserted, this, &StartPage::refreshRecent);
    connect(&m_recent, &QAbstractItemModel::rowsRemoved, this, &StartPage::refreshRecent);
    connect(m_thumbnails, &ThumbnailLoader::loaded, this, &StartPage::refreshRecent);
    refreshRecent();
    findSamples();
}

StartPage::~StartPage() = default;

QWidget* StartPage::makeHeader()
{
    auto* header = new QWidget;
    auto* logo = new IconLabel(48);
    logo->setIcon(icon("logo"));
    auto* texts = new QVBoxLayout;
    texts->setSpacing(0);
    texts->addWidget(makeLabel("h1", tr("Graft")));
    texts->addWidget(makeLabel("muted", tr("Teach this computer to sort your own pictures.")));
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    row->addWidget(logo);
    row->addLayout(texts, 1);
    return header;
}

QWidget* StartPage::makeLeft()
{
    m_drop =
        new DropArea("drop", tr("New project from a folder"),
                     tr("Drop a folder here. Each folder inside it becomes one class: pictures in “Daisy” "
                        "teach the word Daisy."));
    m_drop->setMinimumHeight(312);
    auto* choose = new QPushButton(tr("Choose folder…"));
    makePrimary(choose, "folder");
    m_drop->addButton(choose);
    connect(choose, &QPushButton::clicked, this, &StartPage::chooseFolder);
    connect(m_drop, &DropArea::dropped, this, &StartPage::dropped);

    m_samples = new QWidget;
    m_sampleRow = new QHBoxLayout;
    m_sampleRow->setSpacing(16);
    auto* samples = new QVBoxLayout(m_samples);
    samples->setContentsMargins(0, 24, 0, 0);
    samples->setSpacing(8);
    samples->addWidget(makeLabel("h2", tr("Try a sample")));
    samples->addLayout(m_sampleRow);
    m_samples->hide();

    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_drop);
    column->addWidget(m_samples);
    column->addStretch();
    return left;
}

QWidget* StartPage::makeRight()
{
    auto* open = makeButton("folder", tr("Open project…"));
    connect(open, &QPushButton::clicked, this, &StartPage::chooseProject);
    auto* titleRow = new QHBoxLayout;
    m_recentTitle = makeLabel("h2");
    titleRow->addWidget(m_recentTitle);
    titleRow->addStretch();
    titleRow->addWidget(open);

    m_recentList = new QListView;
    m_recentList->setModel(&m_recent);
    m_recentList->setItemDelegate(new TwoLineDelegate(TwoLineDelegate::Look::Card, this));
    m_recentList->setProperty("bare", true);
    m_recentList->setFrameShape(QFrame::NoFrame);
    m_recentList->setMouseTracking(true);
    m_recentList->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_recentList->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_recentList->setSelectionMode(QAbstractItemView::SingleSelection);
    m_recentList->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_recentList->setAccessibleName(tr("Recent projects"));
    m_recentList->viewport()->setCursor(Qt::PointingHandCursor);
    connect(m_recentList, &QListView::clicked, this, &StartPage::activate);
    // Where a double click activates, the clicks have opened the project already.
    auto* enter = new QAction(m_recentList);
    enter->setShortcuts({Qt::Key_Return, Qt::Key_Enter});
    enter->setShortcutContext(Qt::WidgetShortcut);
    m_recentList->addAction(enter);
    connect(enter, &QAction::triggered, this, [this] { activate(m_recentList->currentIndex()); });

    auto* card = makeCard();
    auto* cardColumn = new QVBoxLayout(card);
    cardColumn->setContentsMargins(1, 1, 1, 1);
    cardColumn->addWidget(m_recentList);
    m_recentCard = card;

    auto* right = new QWidget;
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(titleRow);
    column->addSpacing(8);
    column->addWidget(card);
    column->addSpacing(16);
    column->addWidget(makeHint());
    column->addSpacing(16);
    column->addWidget(makeImagenet());
    column->addStretch(1); // a list is as greedy as a stretch without a factor
    return right;
}

QWidget* StartPage::makeHint()
{
    auto* hint = new QFrame;
    hint->setProperty("bar", QStringLiteral("info"));
    auto* mark = new IconLabel(16);
    mark->setIcon(icon("info", Ink::Info));
    auto* text =
        new QLabel(tr("<b>New here?</b> A small project needs about 30 pictures of each kind and a few "
                      "minutes. You do not need a graphics card or the internet."));
    text->setWordWrap(true);
    auto* row = new QHBoxLayout(hint);
    row->setContentsMargins(16, 24, 16, 24);
    row->setSpacing(8);
    row->addWidget(mark);
    row->addWidget(text, 1);
    return hint;
}

QWidget* StartPage::makeImagenet()
{
    QFrame* card = makeCard();
    auto* mark = new IconLabel(24);
    mark->setIcon(icon("eye", Ink::Accent));
    auto* text = makeLabel("muted", tr("Show any picture to a network as it came. No project needed."));
    text->setWordWrap(true);
    QPushButton* ask = makeButton("", tr("Try it"));
    ask->setAccessibleName(tr("What does ImageNet see?"));
    connect(ask, &QPushButton::clicked, this, &StartPage::askImagenet);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(0);
    texts->addWidget(makeLabel("strong", tr("What does ImageNet see?")));
    texts->addWidget(text);
    auto* row = new QHBoxLayout(card);
    row->setContentsMargins(16, 16, 16, 16);
    row->setSpacing(16);
    row->addWidget(mark);
    row->addLayout(texts, 1);
    row->addWidget(ask);
    return card;
}

void StartPage::findSamples()
{
    m_jobs->add(
        [this](const std::stop_token&) {
            return [this, samples = engine::samples()] {
                for (const engine::Sample& sample : samples) {
                    auto* card = new SampleCard(sample, m_thumbnails);
                    connect(card, &SampleCard::clicked, this,
                            [this, folder = toQString(sample.folder)] { emit useSample(folder); });
                    m_sampleRow->addWidget(card, 1);
                }
                // One or two cards keep the width that they have beside a third.
                for (std::size_t i = samples.size(); i < 3; ++i)
                    m_sampleRow->addStretch(1);
                m_samples->setVisible(!samples.empty());
            };
        },
        [](const JobProblem&) {});
}

/// A disk that sleeps must not stop the window, so the worker looks.
void StartPage::checkRecent()
{
    QStringList folders;
    for (int row = 0; row < m_recent.rowCount(); ++row)
        folders += m_recent.index(row).data(RecentProjects::FolderRole).toString();
    m_jobs->add(
        [this, folders](const std::stop_token&) {
            QStringList missing;
            for (const QString& folder : folders) {
                if (!store::isProject(toPath(folder)))
                    missing += folder;
            }
            return [this, folders, missing] {
                for (const QString& folder : folders)
                    m_recent.setMissing(folder, missing.contains(folder));
            };
        },
        [](const JobProblem&) {});
}

void StartPage::refreshRecent()
{
    const int rows = m_recent.rowCount();
    for (int row = 0; row < rows; ++row) {
        const QModelIndex index = m_recent.index(row);
        const QString cover = index.data(RecentProjects::CoverPathRole).toString();
        const QPixmap picture = cover.isEmpty() ? QPixmap() : m_thumbnails->pixmap(toPath(cover));
        if (!picture.isNull())
            m_recent.setCover(index.data(RecentProjects::FolderRole).toString(), picture);
    }
    m_recentTitle->setText(rows > 0 ? tr("Recent projects") : tr("No projects yet"));
    m_recentCard->setVisible(rows > 0);
    const int rowHeight = rows > 0 ? m_recentList->sizeHintForRow(0) : 0;
    m_recentList->setFixedHeight(std::min(rows, shownRecent) * rowHeight);
}

void StartPage::activate(const QModelIndex& index)
{
    if (!index.isValid() || m_drop->isBusy())
        return;
    const QString folder = index.data(RecentProjects::FolderRole).toString();
    if (index.data(RecentProjects::MissingRole).toBool())
        emit findProject(folder);
    else
        emit openProject(folder);
}

void StartPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool narrow = width() < narrowBelow;
    const int margin = narrow ? narrowMargin : wideMargin;
    m_column->setContentsMargins(margin, narrow ? 24 : 40, margin, 24);
}

void StartPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    checkRecent();
}

} // namespace graft::ui
