#include "ui/widgets/weights_panel.h"

#include "ui/widgets/parts.h"
#include "ui/widgets/weights_card.h"

#include <QGridLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace graft::ui {

namespace {

constexpr int CardWidth = 272; // pixels: the least for each column
constexpr int Margin = 24;
constexpr int Spacing = 16;
constexpr int MostColumns = 3;

} // namespace

WeightsPanel::WeightsPanel(WeightsJobs& weights, QWidget* parent)
    : QScrollArea(parent)
    , m_weights(weights)
    , m_grid(new QGridLayout)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget;
    m_rows = new QVBoxLayout(content);
    m_grid->setSpacing(Spacing);
    m_rows->addLayout(m_grid);
    m_rows->addStretch();
    setWidget(content);
    viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    connect(&m_weights, &WeightsJobs::listed, this, &WeightsPanel::refresh);
    connect(&m_weights, &WeightsJobs::changed, this, &WeightsPanel::show);
    refresh();
}

void WeightsPanel::refresh()
{
    while (m_cards.size() < m_weights.items().size()) {
        auto* card = new WeightsCard;
        const auto row = m_cards.size();
        const auto id = [this, row] { return QString::fromStdString(m_weights.items()[row].status.id); };
        connect(card, &WeightsCard::download, this, [this, id] { m_weights.download(id()); });
        connect(card, &WeightsCard::cancel, this, [this, id] { m_weights.cancel(id()); });
        connect(card, &WeightsCard::import, this, [this, id] { emit importAsked(id()); });
        m_cards += card;
        m_columns = 0; // there is more to arrange
    }
    for (int row = 0; row < m_weights.items().size(); ++row)
        show(row);
    arrange();
}

void WeightsPanel::show(int row)
{
    if (row < m_cards.size())
        m_cards[row]->setItem(m_weights.items()[row]);
}

void WeightsPanel::arrange()
{
    const int scrollBar = width() - viewport()->width();
    m_rows->setContentsMargins(Margin, 0, Margin - scrollBar, 0); // cards end where all else does
    int least = CardWidth; // large type and long words need more
    for (const WeightsCard* card : m_cards)
        least = std::max(least, card->minimumSizeHint().width());
    const int columns = std::clamp((width() - 2 * Margin + Spacing) / (least + Spacing), 1, MostColumns);
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (int i = 0; i < m_cards.size(); ++i)
        m_grid->addWidget(m_cards[i], i / columns, i % columns);
    for (int column = 0; column < MostColumns; ++column)
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
}

void WeightsPanel::resizeEvent(QResizeEvent* event)
{
    QScrollArea::resizeEvent(event);
    arrange();
}

} // namespace graft::ui
