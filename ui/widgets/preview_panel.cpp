#include "ui/widgets/preview_panel.h"

#include "ui/models/picture_model.h"
#include "ui/models/tile_model.h"
#include "ui/widgets/bending_row.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/picture_chooser.h"
#include "ui/widgets/tile_grid.h"
#include "ui/widgets/tile_view.h"

#include <QAction>
#include <QHBoxLayout>
#include <QSpinBox>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <utility>

namespace graft::ui {

namespace {

constexpr int tileCount = TileGrid::columns * TileGrid::rows;
constexpr int lastDraw = 1'000'000;

} // namespace

PreviewPanel::PreviewPanel(PictureModel* pictures, const PreprocessSpec& preprocess, std::uint64_t seed,
                           QWidget* parent)
    : QWidget(parent)
    , m_pictures(pictures)
    , m_worker(new PreviewWorker(preprocess, seed, this))
    , m_tiles(new TileModel(this))
{
    QWidget* top = makeTop();
    m_grid = new TileGrid(m_tiles);
    m_view = new TileView;
    m_stack = new QStackedLayout;
    m_stack->addWidget(m_grid);
    m_stack->addWidget(m_view);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(top);
    column->addWidget(makeCaption());
    column->addLayout(m_stack, 1);
    connectAll();
    point(-1);
}

QWidget* PreviewPanel::makeTop()
{
    m_chooser = new PictureChooser(m_pictures);
    m_compare = makeButton("compare", tr("Compare"));
    m_compare->setToolTip(tr("Hold to see the picture as it is"));
    m_reroll = makeButton("again", tr("Re-roll"));
    m_reroll->setToolTip(tr("The next 12 draws (Ctrl+R)"));
    auto* buttons = new QWidget;
    auto* beside = new QHBoxLayout(buttons);
    beside->setContentsMargins(0, 0, 0, 0);
    beside->setSpacing(8);
    beside->addWidget(m_compare);
    beside->addWidget(m_reroll);
    beside->addStretch();
    auto* top = new BendingRow(8);
    top->add(m_chooser, 1);
    top->add(buttons);
    return top;
}

QWidget* PreviewPanel::makeCaption()
{
    m_first = new QSpinBox;
    m_first->setRange(1, lastDraw);
    m_first->setProperty("small", true);
    m_first->setAccessibleName(tr("Number of the first draw"));
    m_first->setToolTip(tr("Copy 1 of a picture is draw 1, and so on: the same each time"));
    QLabel* draws = makeLabel("muted", tr("Draws"));
    draws->setBuddy(m_first);
    m_last = makeLabel("muted");
    m_words = new ElidedLabel;
    m_words->setProperty("role", QStringLiteral("muted"));
    m_words->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_words->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_showAll = makeFlatButton(tr("Show all"));
    auto* caption = new QWidget;
    auto* row = new QHBoxLayout(caption);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(draws);
    row->addWidget(m_first);
    row->addWidget(m_last);
    row->addWidget(m_words, 1);
    row->addWidget(m_showAll);
    return caption;
}

void PreviewPanel::connectAll()
{
    auto* again = new QAction(tr("Next 12 draws"), this);
    again->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_R));
    addAction(again);
    connect(again, &QAction::triggered, this, &PreviewPanel::reroll);
    connect(m_reroll, &QPushButton::clicked, this, &PreviewPanel::reroll);
    connect(m_chooser, &PictureChooser::chosen, this, &PreviewPanel::request);
    connect(m_compare, &QPushButton::pressed, this, &PreviewPanel::request);
    connect(m_compare, &QPushButton::released, this, &PreviewPanel::request);
    connect(m_first, &QSpinBox::valueChanged, this, &PreviewPanel::request);
    connect(m_worker, &PreviewWorker::ready, this, &PreviewPanel::display);
    connect(m_grid, &TileGrid::chosen, this, &PreviewPanel::enlarge);
    connect(m_grid, &TileGrid::pointed, this, &PreviewPanel::point);
    connect(m_view, &TileView::back, this, &PreviewPanel::showTiles);
    connect(m_view, &TileView::stepped, this, &PreviewPanel::stepEnlarged);
    connect(m_showAll, &QPushButton::clicked, this, &PreviewPanel::showAll);
}

bool PreviewPanel::isUpToDate() const
{
    return m_upToDate;
}

int PreviewPanel::picture() const
{
    return m_chooser->current();
}

void PreviewPanel::setPicture(int row)
{
    m_chooser->setCurrent(row);
    request();
}

void PreviewPanel::forget()
{
    m_worker->forget();
    m_chooser->forget();
}

void PreviewPanel::setRecipe(const augment::Recipe& recipe, const QString& alone)
{
    m_recipe = recipe;
    m_alone = alone;
    m_showAll->setVisible(!alone.isEmpty());
    request();
}

void PreviewPanel::reroll()
{
    const int next = m_first->value() + tileCount;
    m_first->setValue(next > lastDraw ? 1 : next);
}

void PreviewPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    request();
}

void PreviewPanel::request()
{
    m_last->setText(tr("to %L1").arg(m_first->value() + tileCount - 1));
    if (!isVisible() || picture() < 0)
        return;
    m_asked = {m_pictures->picture(picture()).path, m_recipe, static_cast<std::uint32_t>(m_first->value()),
               tileCount, m_compare->isDown()};
    m_upToDate = false;
    m_worker->request(m_asked);
}

void PreviewPanel::display(const Preview& preview)
{
    m_grid->setProblem(preview.problem);
    if (preview.problem.isEmpty())
        m_tiles->setTiles(preview.tiles);
    else
        showTiles();
    if (m_enlarged >= 0)
        m_view->setTile(m_tiles->tile(m_enlarged));
    point(m_pointed);
    m_upToDate = preview.request == m_asked;
    emit previewed();
}

void PreviewPanel::enlarge(int row)
{
    m_enlarged = row;
    m_view->setTile(m_tiles->tile(row));
    m_stack->setCurrentWidget(m_view);
    m_view->setFocus();
}

void PreviewPanel::stepEnlarged(int by)
{
    const int next = m_enlarged + by;
    if (next >= 0 && next < tileCount)
        enlarge(next);
    else // past the last tile come the draws after it
        m_first->setValue(m_first->value() + by);
}

void PreviewPanel::showTiles()
{
    m_stack->setCurrentWidget(m_grid);
    if (m_enlarged >= 0)
        m_grid->setCurrent(std::exchange(m_enlarged, -1));
}

void PreviewPanel::point(int row)
{
    m_pointed = row;
    if (!m_grid->problem().isEmpty())
        m_words->setFullText({});
    else if (m_compare->isDown())
        m_words->setFullText(tr("The picture as it is"));
    else if (row >= 0 && row < m_tiles->rowCount())
        m_words->setFullText(m_tiles->data(m_tiles->index(row), Qt::AccessibleTextRole).toString());
    else if (!m_alone.isEmpty())
        m_words->setFullText(tr("Only “%1” is shown; training uses all that are on.").arg(m_alone));
    else
        m_words->setFullText(tr("Exactly what training will see"));
}

} // namespace graft::ui
