#pragma once
#include "ui/jobs/weights_jobs.h"

#include <QScrollArea>

class QGridLayout;
class QVBoxLayout;

namespace graft::ui {

class WeightsCard;

/// One card for each weight file that Graft knows, as many beside one another as fit.
class WeightsPanel : public QScrollArea
{
    Q_OBJECT
public:
    explicit WeightsPanel(WeightsJobs& weights, QWidget* parent = nullptr);

    WeightsCard* card(int row) const { return m_cards[row]; }

    int count() const { return static_cast<int>(m_cards.size()); }

signals:
    void importAsked(const QString& id); ///< by the card of these weights

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();
    void show(int row);
    void arrange();

    WeightsJobs& m_weights;
    QList<WeightsCard*> m_cards;
    QVBoxLayout* m_rows;
    QGridLayout* m_grid;
    int m_columns = 0;
};

} // namespace graft::ui
