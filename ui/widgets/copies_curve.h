#pragma once
#include "core/engine/copy_costs.h"

#include <QDialog>

#include <memory>
#include <stop_token>
#include <vector>

class QCPErrorBars;
class QCPGraph;
class QCustomPlot;
class QLabel;
class QProgressBar;

namespace graft::ui {

class JobQueue;

/// Measures validation accuracy against copies per picture on a part of the project, and draws each point
/// with its 95 % interval as it is known. Closing it stops the measurement.
class CopiesCurve : public QDialog
{
    Q_OBJECT
public:
    CopiesCurve(std::shared_ptr<const store::Project> project, const learn::Plan& plan,
                QWidget* parent = nullptr);
    ~CopiesCurve() override;

    const std::vector<engine::CopyPoint>& points() const { return m_points; }

signals:
    void measured(); ///< all points are there

private:
    void makePlot();
    void start(std::shared_ptr<const store::Project> project, const learn::Plan& plan);
    void add(const engine::CopyPoint& point);
    void conclude();

    std::vector<engine::CopyPoint> m_points;
    QCustomPlot* m_plot;
    QCPGraph* m_line;
    QCPErrorBars* m_bars;
    QLabel* m_sentence;
    QProgressBar* m_progress;
    JobQueue* m_jobs;
    std::stop_source m_stop;
};

} // namespace graft::ui
