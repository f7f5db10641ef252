#pragma once
#include "ui/models/training_state.h"

#include <QFrame>

#include <memory>

class QButtonGroup;
class QCustomPlot;

namespace graft::ui {

/// One measure of a training over its epochs or batches: training solid with dots, validation dashed with
/// open squares, names at the ends of the lines, the best epoch as a dotted line.
class CurvePlot : public QFrame
{
    Q_OBJECT
public:
    enum class Measure { Accuracy, Loss };
    enum class Over { Epochs, Batches };

    explicit CurvePlot(Measure measure, QWidget* parent = nullptr);
    ~CurvePlot() override;

    void setTraining(
        const TrainingState& state); ///< the points are copied; drawn at the next turn of the event loop
    void setOver(Over over);

    QRectF names() const; ///< where the names at the ends of the lines are; empty while there are none

    QString summary() const; ///< the last values in words, for screen readers

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Curves;

    void showOver();
    void recolour();
    void makeRoom();
    void placeLabels();

    Measure m_measure;
    Over m_over = Over::Epochs;
    QCustomPlot* m_plot;
    QButtonGroup* m_segments;
    std::unique_ptr<Curves> m_curves;
};

} // namespace graft::ui
