#pragma once
#include "ui/jobs/training_jobs.h"

#include <QFrame>

class QVBoxLayout;

namespace graft::ui {

/// The trainings that wait for the one that runs, each with Remove. Hidden while there are none.
class WaitingBand : public QFrame
{
    Q_OBJECT
public:
    explicit WaitingBand(QWidget* parent = nullptr);

    void setWaiting(const QList<WaitingTraining>& waiting); ///< in the order of their turns

signals:
    void removed(int id);

private:
    QVBoxLayout* m_rows;
};

} // namespace graft::ui
