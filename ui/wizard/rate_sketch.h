#pragma once
#include <QWidget>

namespace graft::ui {

/// What the loss does at three learning rates, as a drawing: no measurement.
class RateSketch : public QWidget
{
    Q_OBJECT
public:
    explicit RateSketch(QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    int legendRow() const; ///< pixels
};

} // namespace graft::ui
