#pragma once
#include "ui/models/race_state.h"

#include <QFrame>

#include <memory>

class QCustomPlot;

namespace graft::ui {

/// Validation accuracy of the strategies of a race over their training time: a colour, a mark and a dash for
/// each, its number and last value at the end of its line, guessing as a dotted line.
class RacePlot : public QFrame
{
    Q_OBJECT
public:
    explicit RacePlot(QWidget* parent = nullptr);
    ~RacePlot() override;

    void setRace(const RaceState& race); ///< the points are copied; drawn at the next turn of the event loop

    QString summary() const; ///< the last values in words, for screen readers
    QStringList labels() const; ///< at the ends of the lines: "1: 95 %"

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Parts;

    void recolour();
    void makeRoom();
    void placeLabels();
    void placeMarks();

    QCustomPlot* m_plot;
    std::unique_ptr<Parts> m_parts;
};

} // namespace graft::ui
