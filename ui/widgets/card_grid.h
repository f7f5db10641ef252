#pragma once
#include <QList>
#include <QWidget>

class QGridLayout;

namespace graft::ui {

/// Cards in equal columns: as many beside one another as fit, three at most. The cards are its children.
class CardGrid : public QWidget
{
    Q_OBJECT
public:
    explicit CardGrid(QWidget* parent = nullptr);

    void setCards(const QList<QWidget*>& cards); ///< in reading order; also the same ones in another order

    int columns() const { return m_columns; }

    QSize minimumSizeHint() const override; ///< one column

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    int leastWidth() const; ///< of a column, pixels
    void arrange(bool anew);

    QList<QWidget*> m_cards;
    QGridLayout* m_grid;
    int m_columns = 0;
};

} // namespace graft::ui
