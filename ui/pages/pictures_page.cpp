#include "ui/pages/pictures_page.h"

#include "ui/models/class_model.h"
#include "ui/models/picture_model.h"
#include "ui/models/problem_model.h"
#include "ui/models/words.h"
#include "ui/paths.h"
#include "ui/session.h"
#include "ui/theme.h"
#include "ui/widgets/bending_row.h"
#include "ui/widgets/class_delegate.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/picture_delegate.h"
#include "ui/widgets/problems_panel.h"
#include "ui/widgets/split_bar.h"
#include "ui/widgets/thumbnail_loader.h"

#include <QApplication>
#include <QComboBox>
#include <QDesktopServices>
#include <QEvent>
#include <QFileDialog>
#include <QLineEdit>
#include <QListView>
#include <QPointer>
#include <QShortcut>
#include <QSlider>
#include <QSplitter>
#include <QThreadPool>
#include <QUrl>
#include <QVBoxLayout>

#include <optional>

namespace graft::ui {

namespace {

constexpr int Margin = 24;
constexpr int SideWidth = 248;
constexpr int ThumbnailSide = 256; // pixels
constexpr qsizetype ThumbnailMemory = 128LL << 20U; // bytes: about 700 pictures
constexpr int SmallestTile = 88;
constexpr int LargestTile = 232;
constexpr int FirstTile = 116;
constexpr int LayoutBatch = 20'000; // rows laid out at once: a few milliseconds

QWidget* beside(const QList<QWidget*>& widgets)
{
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    for (QWidget* widget : widgets)
        layout->addWidget(widget, 1);
    return row;
}

} // namespace

PicturesPage::PicturesPage(Session& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_loader(new ThumbnailLoader(ThumbnailSide, 2, ThumbnailMemory, this))
    , m_pictures(new PictureModel(this))
    , m_filter(new PictureFilter(this))
    , m_delegate(new PictureDelegate(m_pictures, m_filter, m_loader, this))
    , m_classes(new ClassModel(this))
    , m_problems(new ProblemsPanel)
{
    m_filter->setPictures(m_pictures);
    makeHeader();

    auto* columns = new QSplitter(Qt::Horizontal);
    columns->setChildrenCollapsible(false);
    columns->setHandleWidth(24);
    columns->addWidget(makeSide());
    columns->addWidget(makeGrid());
    columns->setStretchFactor(1, 1);
    columns->setSizes({SideWidth, 3 * SideWidth});
    columns->setContentsMargins(Margin, 0, Margin, 16);

    auto* body = new QSplitter(Qt::Vertical);
    body->setChildrenCollapsible(false);
    body->setHandleWidth(4);
    body->addWidget(columns);
    body->addWidget(m_problems);
    body->setStretchFactor(0, 1);
    body->setStretchFactor(1, 0);
    setBody(body);

    connectFilters();
    connect(m_loader, &ThumbnailLoader::loaded, m_grid->viewport(), qOverload<>(&QWidget::update));
    connect(m_problems, &ProblemsPanel::failed, this,
            [this](const QString& sentence) { messages()->display(MessageBar::Kind::Error, {}, sentence); });
    connect(this, &Page::emptyAction, this, &PicturesPage::addPictures);
    connect(this, &Page::stopRequested, &m_session, &Session::stopImport);
    connect(this, &Page::errorAction, this, &PicturesPage::findFolder);
    for (const auto changed : {&Session::opened, &Session::closed, &Session::datasetChanged})
        connect(&m_session, changed, this, &PicturesPage::refresh);
    connect(&m_session, &Session::importEnded, this, [this](bool /*stopped*/) { refresh(); });
    connect(&m_session, &Session::importProgress, this,
            [this](const QString& what, qint64 done, qint64 total) {
                setLoading(what, static_cast<int>(done), static_cast<int>(total));
                setState(State::Loading);
            });
    connect(&m_session, &Session::failed, this, [this] {
        if (state() == State::Loading && !m_session.isImporting())
            refresh();
    });
    refresh();
}

PicturesPage::~PicturesPage() = default;

void PicturesPage::makeHeader()
{
    setTitle(tr("Pictures"));
    setEmpty("pictures",
             tr("There are no pictures yet. Add a folder: each of its sub-folders becomes a class."),
             tr("Add pictures…"));
    QPushButton* add = makeButton("plus", tr("Add pictures…"));
    QPushButton* train = makeButton("", tr("New training…"));
    makePrimary(train, "plus");
    connect(add, &QPushButton::clicked, this, &PicturesPage::addPictures);
    connect(train, &QPushButton::clicked, this, &PicturesPage::newTraining);
    addAction(add);
    addAction(train);
}

QWidget* PicturesPage::makeSide()
{
    m_classList = new QListView;
    m_classList->setObjectName(QStringLiteral("classes"));
    m_classList->setModel(m_classes);
    m_classList->setItemDelegate(new ClassDelegate(m_classList));
    m_classList->setAccessibleName(tr("Classes"));
    m_classList->setUniformItemSizes(true);
    m_classList->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_classList->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_classList->setMouseTracking(true);
    QFrame* card = makeCard();
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(1, 4, 1, 4);
    inside->addWidget(m_classList);

    m_split = new SplitCard;
    auto* side = new QWidget;
    auto* rows = new QVBoxLayout(side);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(8);
    QLabel* title = makeLabel("h2", tr("Classes"));
    title->setMinimumHeight(32);
    rows->addWidget(title);
    rows->addWidget(card, 1);
    rows->addSpacing(4);
    rows->addWidget(makeLabel("h2", tr("Split")));
    rows->addWidget(m_split);
    side->setMinimumWidth(208);
    return side;
}

QWidget* PicturesPage::makeGrid()
{
    m_find = new QLineEdit;
    m_find->setPlaceholderText(tr("Find by file name"));
    m_find->setAccessibleName(tr("Find by file name"));
    m_find->setClearButtonEnabled(true);
    m_find->addAction(icon("try-it", Ink::Text2), QLineEdit::LeadingPosition);
    m_classChoice = new QComboBox;
    m_classChoice->setObjectName(QStringLiteral("classChoice"));
    m_classChoice->setAccessibleName(tr("Show one class"));
    m_classChoice->setMinimumContentsLength(10);
    m_classChoice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_sideChoice = new QComboBox;
    m_sideChoice->setAccessibleName(tr("Show one part of the split"));
    m_sideChoice->addItem(tr("All splits"), -1);
    for (const auto side : {dataset::Side::Training, dataset::Side::Validation, dataset::Side::Test})
        m_sideChoice->addItem(sideTitle(side), static_cast<int>(side));
    m_stateChoice = new QComboBox;
    m_stateChoice->setAccessibleName(tr("Show pictures in one state"));
    m_stateChoice->addItem(tr("All states"));
    m_stateChoice->addItem(tr("With a near twin"));
    m_stateChoice->addItem(tr("Smaller than %1 pixels").arg(PictureFilter::SmallSide));
    m_stateChoice->setMinimumContentsLength(9);
    m_stateChoice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_size = new QSlider(Qt::Horizontal);
    m_size->setRange(SmallestTile, LargestTile);
    m_size->setValue(FirstTile);
    m_size->setMinimumWidth(56);
    m_size->setMaximumWidth(88);
    m_size->setToolTip(tr("Size of the pictures"));
    m_size->setAccessibleName(tr("Size of the pictures"));

    auto* filters = new BendingRow(8);
    filters->add(beside({m_find, m_classChoice}), 5);
    filters->add(beside({m_sideChoice, m_stateChoice, m_size}), 5);

    m_grid = new QListView;
    m_grid->setObjectName(QStringLiteral("grid"));
    m_grid->setProperty("bare", true);
    m_grid->setViewMode(QListView::IconMode);
    m_grid->setMovement(QListView::Static);
    m_grid->setResizeMode(QListView::Adjust);
    m_grid->setLayoutMode(QListView::Batched);
    m_grid->setBatchSize(LayoutBatch);
    m_grid->setUniformItemSizes(true);
    m_grid->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_grid->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_grid->setVerticalScrollBarPolicy(
        Qt::ScrollBarAlwaysOn); // else tiles change their size when it comes and goes
    m_grid->setSelectionMode(QAbstractItemView::SingleSelection);
    m_grid->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_grid->setFrameShape(QFrame::NoFrame);
    m_grid->setItemDelegate(m_delegate);
    m_grid->setModel(m_filter);
    m_grid->setAccessibleName(tr("Pictures"));
    m_grid->setMinimumHeight(FirstTile);

    m_nothing = makeLabel("muted", tr("No picture passes these filters."));
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->hide();

    auto* all = new QWidget;
    auto* rows = new QVBoxLayout(all);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(12);
    rows->addWidget(filters);
    rows->addWidget(m_nothing, 1);
    rows->addWidget(m_grid, 1);
    return all;
}

void PicturesPage::connectFilters()
{
    connect(m_find, &QLineEdit::textChanged, m_filter, &PictureFilter::setName);
    connect(m_classList->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& now) {
                if (now.isValid())
                    showLabel(now.data(ClassModel::LabelRole).toInt());
            });
    connect(m_classChoice, &QComboBox::activated, this,
            [this](int chosen) { showLabel(m_classChoice->itemData(chosen).toInt()); });
    connect(m_sideChoice, &QComboBox::activated, this, [this](int chosen) {
        const int side = m_sideChoice->itemData(chosen).toInt();
        m_filter->setSide(side < 0 ? std::nullopt : std::optional(static_cast<dataset::Side>(side)));
    });
    connect(m_stateChoice, &QComboBox::activated, this,
            [this](int chosen) { m_filter->setState(static_cast<PictureFilter::State>(chosen)); });
    connect(m_size, &QSlider::valueChanged, this, &PicturesPage::fitTiles);
    connect(m_grid, &QListView::activated, this, &PicturesPage::openPicture);
    for (const auto changed : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_filter, changed, this, &PicturesPage::showCount);
    connect(m_filter, &QAbstractItemModel::modelReset, this, &PicturesPage::showCount);
    auto* find = new QShortcut(QKeySequence::Find, this);
    connect(find, &QShortcut::activated, m_find, qOverload<>(&QWidget::setFocus));
    m_grid->viewport()->installEventFilter(this);
}

void PicturesPage::refresh()
{
    const dataset::Dataset& dataset = m_session.dataset();
    m_loader->forget();
    m_pictures->setDataset(dataset);
    m_problems->setProblems(dataset.problems);
    refreshAdvice();

    m_classChoice->clear();
    m_classChoice->addItem(tr("All classes"), -1);
    dataset::ClassCount all;
    const std::vector<dataset::ClassCount> counts = dataset::countClasses(dataset);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        all.training += counts[i].training;
        all.validation += counts[i].validation;
        all.test += counts[i].test;
        const int label = static_cast<int>(i);
        m_classChoice->addItem(classMark(label), QString::fromStdString(dataset.classes[i]), label);
    }
    m_split->setCounts(all);
    showLabel(-1);

    const auto pictures = static_cast<int>(dataset.pictures.size());
    const QString inClasses = tr("in %n class(es)", nullptr, static_cast<int>(dataset.classes.size()));
    setSubtitle(pictures == 0 ? QString()
                              : tr("%1 %2, imported from %3")
                                    .arg(tr("%Ln picture(s)", nullptr, pictures), inClasses,
                                         toQString(dataset.root.filename())));
    if (m_session.isImporting())
        return; // the progress says which state it is
    setState(pictures == 0 && dataset.problems.empty() ? State::Empty : State::Normal);
    checkFolder();
}

void PicturesPage::refreshAdvice()
{
    const dataset::Dataset& dataset = m_session.dataset();
    const std::vector<engine::ClassAdvice> advice = engine::adviseOnClasses(dataset);
    m_classes->setDataset(dataset, advice);
    if (advice.empty()) {
        messages()->hide();
        return;
    }
    const QString sentence = QString::fromStdString(advice.front().sentence);
    const auto first = sentence.indexOf(QLatin1String(". "));
    messages()->display(MessageBar::Kind::Warning, first < 0 ? sentence : sentence.left(first + 1),
                        first < 0 ? QString() : sentence.mid(first + 2));
    connect(messages()->addButton(tr("Add pictures…")), &QPushButton::clicked, this,
            &PicturesPage::addPictures);
}

void PicturesPage::checkFolder()
{
    const std::filesystem::path root = m_session.dataset().root;
    if (root.empty())
        return;
    QThreadPool::globalInstance()->start([root, page = QPointer<PicturesPage>(this)] {
        std::error_code problem;
        if (std::filesystem::exists(root, problem))
            return;
        QMetaObject::invokeMethod(qApp, [root, page] {
            if (page == nullptr || page->m_session.dataset().root != root || page->m_session.isImporting())
                return;
            page->setError(
                tr("The folder %1 is no longer there. Your project keeps what it knows of its pictures. "
                   "If the folder was moved or its disk is not connected, show Graft where it is.")
                    .arg(toQString(root)),
                tr("Find it…"), {});
            page->setState(State::Error);
        });
    });
}

void PicturesPage::findFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Where is the folder now?"));
    if (!folder.isEmpty())
        m_session.importFolder(folder, {}, true); // known pictures are known by their content
}

void PicturesPage::showLabel(int label)
{
    m_filter->setLabel(label);
    m_classChoice->setCurrentIndex(m_classChoice->findData(label));
    m_classList->setCurrentIndex(m_classes->index(label + 1));
}

void PicturesPage::showCount()
{
    const bool none = m_filter->rowCount() == 0 && m_pictures->rowCount() > 0;
    m_nothing->setVisible(none);
    m_grid->setVisible(!none);
}

void PicturesPage::fitTiles()
{
    m_delegate->setTileWidth(m_size->value(), m_grid->viewport()->width() - 1);
    QStyleOptionViewItem option;
    option.font = m_grid->font();
    m_grid->setGridSize(m_delegate->sizeHint(option, {}));
}

void PicturesPage::openPicture(const QModelIndex& index)
{
    const int row = m_filter->mapToSource(index).row();
    QDesktopServices::openUrl(QUrl::fromLocalFile(toQString(m_pictures->picture(row).path)));
}

bool PicturesPage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && watched == m_grid->viewport())
        fitTiles();
    return Page::eventFilter(watched, event);
}

void PicturesPage::changeEvent(QEvent* event)
{
    Page::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitTiles();
    if (event->type() == QEvent::PaletteChange) {
        for (int row = 1; row < m_classChoice->count(); ++row)
            m_classChoice->setItemIcon(row, classMark(row - 1));
    }
}

} // namespace graft::ui
