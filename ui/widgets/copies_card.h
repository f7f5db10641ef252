#pragma once
#include "core/engine/copy_costs.h"

#include <QElapsedTimer>
#include <QFrame>

#include <memory>
#include <optional>
#include <stop_token>

class QLabel;
class QPushButton;
class QSlider;
class QSpinBox;
class QTimer;

namespace graft::ui {

class JobQueue;
class Session;

/// How many augmented copies of each picture a training learns from, and what they cost on this computer and
/// bring: nothing is shown that was not measured here.
class CopiesCard : public QFrame
{
    Q_OBJECT
public:
    explicit CopiesCard(Session& session, QWidget* parent = nullptr);
    ~CopiesCard() override;

    /// Of the open project; what was measured for another recipe or other pictures is forgotten.
    void refresh();

    /// About three seconds, beside the window, with seconds and a Stop to see; then, where asked for, sets
    /// the largest number that fits.
    void measure(bool thenMost);

    bool isMeasuring() const { return m_measuring; }

    const std::optional<engine::CopyCosts>& costs() const { return m_costs; }

signals:
    void failed(const QString& sentence);

private:
    class LimitSlider;

    void setCopies(int copies);
    void showCopies();
    void showLimit();
    void setMeasuring(bool measuring);
    void take(const engine::CopyCosts& costs, const engine::CopyBudget& budget, bool thenMost);
    void showCurve();

    Session& m_session;
    std::optional<engine::CopyCosts> m_costs;
    int m_most = 0; ///< where costs are known
    std::string m_measuredFor; ///< recipe
    LimitSlider* m_slider;
    QSpinBox* m_number;
    QLabel* m_limit;
    QPushButton* m_asMany;
    QPushButton* m_measure;
    QPushButton* m_curve;
    QLabel* m_pictures;
    QLabel* m_time;
    QLabel* m_memory;
    QLabel* m_disk;
    JobQueue* m_jobs;
    std::stop_source m_stop;
    bool m_measuring = false;
    QTimer* m_seconds; ///< ticks while it measures
    QElapsedTimer m_began; ///< measuring
};

} // namespace graft::ui
