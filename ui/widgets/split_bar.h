#pragma once
#include "core/dataset/dataset.h"

#include <QFrame>
#include <QWidget>

class QLabel;

namespace graft::ui {

/// Shares as a bar: training filled, validation hatched, test open, so they differ without colour as well.
class SplitBar : public QWidget
{
    Q_OBJECT
public:
    explicit SplitBar(QWidget* parent = nullptr);

    void setCounts(const dataset::ClassCount& counts);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    dataset::ClassCount m_counts;
};

/// The bar with its numbers below.
class SplitCard : public QFrame
{
    Q_OBJECT
public:
    explicit SplitCard(QWidget* parent = nullptr);

    void setCounts(const dataset::ClassCount& counts);

private:
    SplitBar* m_bar;
    QLabel* m_numbers[3];
    QLabel* m_shares[3];
};

} // namespace graft::ui
