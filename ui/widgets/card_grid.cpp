#include "ui/widgets/card_grid.h"

#include <QEvent>
#include <QGridLayout>

#include <algorithm>

namespace graft::ui {

namespace {

constexpr int Narrowest = 232; // pixels: a column is never less
constexpr int Spacing = 16;
constexpr int MostColumns = 3;

} // namespace

CardGrid::CardGrid(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(Spacing);
    m_grid->setSizeConstraint(QLayout::SetNoConstraint); // the columns follow the width, not the other way
}

void CardGrid::setCards(const QList<QWidget*>& cards)
{
    m_cards = cards;
    arrange(true);
}

int CardGrid::leastWidth() const
{
    int least = Narrowest; // large type and long words need more
    for (const QWidget* card : m_cards)
        least = std::max(least, card->minimumSizeHint().width());
    return least;
}

QSize CardGrid::minimumSizeHint() const
{
    return {leastWidth(), m_grid->minimumSize().height()};
}

void CardGrid::arrange(bool anew)
{
    const int columns = std::clamp((width() + Spacing) / (leastWidth() + Spacing), 1, MostColumns);
    if (columns == m_columns && !anew)
        return;
    m_columns = columns;
    QWidget* before = nullptr;
    for (int i = 0; i < m_cards.size(); ++i) {
        m_grid->removeWidget(m_cards[i]);
        m_grid->addWidget(m_cards[i], i / columns, i % columns);
        if (before)
            setTabOrder(before, m_cards[i]);
        before = m_cards[i];
    }
    for (int column = 0; column < MostColumns; ++column)
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
    for (int column = 0; column < MostColumns; ++column)
        m_grid->setColumnMinimumWidth(column, 0);
    updateGeometry();
}

void CardGrid::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange(false);
}

bool CardGrid::event(QEvent* event)
{
    const bool handled = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest) // a card's words have changed, or their size
        arrange(false);
    return handled;
}

} // namespace graft::ui
