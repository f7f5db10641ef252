#include "ui/widgets/tile_view.h"

#include "ui/models/tile_model.h"
#include "ui/widgets/image_view.h"
#include "ui/widgets/parts.h"

#include <QHBoxLayout>
#include <QShortcut>
#include <QVBoxLayout>

namespace graft::ui {

TileView::TileView(QWidget* parent)
    : QWidget(parent)
    , m_image(new ImageView)
    , m_title(makeLabel("h2"))
    , m_draws(makeLabel(""))
    , m_back(makeButton("grid", tr("All tiles")))
{
    m_back->setObjectName(QStringLiteral("back"));
    m_back->setToolTip(tr("Back to all tiles (Esc)"));
    QToolButton* before = makeIconButton("left", tr("The draw before (Left)"));
    QToolButton* after = makeIconButton("right", tr("The next draw (Right)"));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_back);
    row->addWidget(m_title, 1);
    row->addWidget(before);
    row->addWidget(after);
    m_draws->setWordWrap(true);
    m_draws->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(row);
    column->addWidget(m_image, 1);
    column->addWidget(m_draws);
    setFocusProxy(m_back);

    const auto onKey = [this](Qt::Key key, auto then) {
        auto* shortcut =
            new QShortcut(QKeySequence(key), this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, then);
    };
    onKey(Qt::Key_Left, [this] { emit stepped(-1); });
    onKey(Qt::Key_Right, [this] { emit stepped(1); });
    onKey(Qt::Key_Escape, [this] { emit back(); });
    connect(m_back, &QPushButton::clicked, this, &TileView::back);
    connect(before, &QToolButton::clicked, this, [this] { emit stepped(-1); });
    connect(after, &QToolButton::clicked, this, [this] { emit stepped(1); });
}

void TileView::setTile(const PreviewTile& tile)
{
    const QString title = tileTitle(tile);
    m_title->setText(title);
    m_draws->setText(tile.number == 0 ? QString() : tileDraws(tile));
    m_image->setPicture(QPixmap::fromImage(tile.image), title);
}

} // namespace graft::ui
