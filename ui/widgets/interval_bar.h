#pragma once
#include "core/base/metrics.h"

#include <QWidget>

namespace graft::ui {

/// A share between nothing and all with its interval, and a mark for what guessing would give.
class IntervalBar : public QWidget
{
    Q_OBJECT
public:
    explicit IntervalBar(QWidget* parent = nullptr);

    void setShare(double share, Interval interval, int classes);

    QSize sizeHint() const override;

    QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_share = 0.0;
    Interval m_interval;
    int m_classes = 2;
};

} // namespace graft::ui
