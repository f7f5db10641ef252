#include "ui/widgets/tile_grid.h"

#include "ui/theme.h"
#include "ui/widgets/parts.h"

#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace graft::ui {

namespace {

constexpr int gap = 8; // pixels, right of and below each tile
constexpr double radius = 4.0;

class TileDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QRectF box = QRectF(option.rect).adjusted(0, 0, -gap, -gap);
        const auto image = index.data(Qt::DecorationRole).value<QImage>();
        painter->save();
        painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
        // A brush fills the rounded box in one pass; a clip would cost several times as much.
        QBrush brush(image);
        const double scale = box.width() / std::max(1, image.width());
        brush.setTransform(QTransform(scale, 0, 0, scale, box.left(), box.top()));
        painter->setBrush(brush);
        painter->setPen(Qt::NoPen);
        painter->drawRoundedRect(box, radius, radius);
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setBrush(Qt::NoBrush);
            painter->setPen(QPen(colours().surface, 4.0));
            painter->drawRoundedRect(box.adjusted(2, 2, -2, -2), radius, radius);
            painter->setPen(QPen(colours().accent, 2.0));
            painter->drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius);
        }
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const override
    {
        return static_cast<const QListView*>(option.widget)->gridSize();
    }
};

} // namespace

TileGrid::TileGrid(TileModel* model, QWidget* parent)
    : QWidget(parent)
    , m_view(new QListView(this))
    , m_broken(makeCard())
    , m_reason(makeLabel(""))
{
    m_view->setModel(model);
    m_view->setItemDelegate(new TileDelegate(m_view));
    m_view->setObjectName(QStringLiteral("tiles"));
    m_view->setAccessibleName(tr("Versions of the picture"));
    m_view->setViewMode(QListView::IconMode);
    m_view->setMovement(QListView::Static);
    m_view->setResizeMode(QListView::Adjust);
    m_view->setUniformItemSizes(true);
    m_view->setSelectionMode(QAbstractItemView::NoSelection);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setProperty("bare", true);
    m_view->setMouseTracking(true);
    m_view->installEventFilter(this);
    connect(m_view, &QListView::clicked, this,
            [this](const QModelIndex& index) { emit chosen(index.row()); });
    connect(m_view, &QListView::entered, this,
            [this](const QModelIndex& index) { emit pointed(index.row()); });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) { emit pointed(index.row()); });

    m_broken->setParent(this);
    m_broken->hide();
    auto* picture = new IconLabel(24);
    picture->setIcon(icon("error", Ink::Error));
    m_reason->setWordWrap(true);
    m_reason->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_reason->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* column = new QVBoxLayout(m_broken);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(16);
    column->addStretch();
    column->addWidget(picture, 0, Qt::AlignHCenter);
    column->addWidget(m_reason);
    column->addStretch();
}

void TileGrid::setProblem(const QString& sentence)
{
    m_reason->setText(sentence);
    m_broken->setAccessibleName(sentence);
    m_broken->setVisible(!sentence.isEmpty());
    m_view->setVisible(sentence.isEmpty());
}

QString TileGrid::problem() const
{
    return m_reason->text();
}

int TileGrid::current() const
{
    return m_view->currentIndex().row();
}

void TileGrid::setCurrent(int row)
{
    m_view->setCurrentIndex(m_view->model()->index(row, 0));
    m_view->setFocus();
}

void TileGrid::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const int cell = std::min((width() + gap) / columns, (height() + gap) / rows);
    constexpr int slack = 2; // pixels: a row that fits exactly is wrapped
    m_view->setGridSize(QSize(cell, cell));
    m_view->setGeometry(0, 0, cell * columns + slack, cell * rows + slack);
    m_broken->setGeometry(0, 0, cell * columns - gap, cell * rows - gap);
}

void TileGrid::leaveEvent(QEvent* event)
{
    emit pointed(-1);
    QWidget::leaveEvent(event);
}

bool TileGrid::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress && current() >= 0) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space) {
            emit chosen(current());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace graft::ui
