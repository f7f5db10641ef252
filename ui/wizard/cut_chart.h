#pragma once
#include "core/learn/advice.h"

#include <QList>
#include <QWidget>

#include <vector>

class QCPBars;
class QCPErrorBars;
class QCPGraph;
class QCPItemText;
class QCustomPlot;

namespace graft::ui {

/// How many answers are right where the network is cut after each of its stages: a bar with its 95 % interval
/// for each, of which one is filled. A stage that is not measured has no bar yet.
class CutChart : public QWidget
{
    Q_OBJECT
public:
    explicit CutChart(QWidget* parent = nullptr);

    /// In the order of the network; `all`: the last one is the top layer.
    void setAnswers(const std::vector<learn::Answers>& cuts, bool all);
    void setChosen(int cut); ///< -1: none
    void setClickable(bool clickable);

    int barAt(const QPoint& position) const; ///< of this widget; -1 beside the bars

    QPoint middleOf(int bar) const; ///< in this widget

    int count() const { return static_cast<int>(m_cuts.size()); }

    int chosen() const { return m_chosen; }

signals:
    void clicked(int cut); ///< while it is clickable

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fill();
    void fillTexts();
    void recolour();

    std::vector<learn::Answers> m_cuts;
    bool m_all = false;
    int m_chosen = -1;
    bool m_clickable = false;
    QCustomPlot* m_plot;
    QCPBars* m_bars;
    QCPBars* m_filled;
    QCPGraph* m_tops; ///< without a line: what the error bars stand on
    QCPErrorBars* m_errors;
    QList<QCPItemText*> m_texts;
};

} // namespace graft::ui
