#pragma once
#include <QFrame>
#include <QStringList>

class QPainter;

namespace graft::ui {

/// The steps of a wizard below one another: done ones with a tick, the present one filled. Only shows.
class StepList : public QFrame
{
    Q_OBJECT
public:
    StepList(const QString& title, const QStringList& steps, QWidget* parent = nullptr);

    void setCurrent(int step); ///< from 0

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    int rowHeight() const;
    void paintStep(QPainter& painter, int step, const QRectF& row) const;

    QString m_title;
    QStringList m_steps;
    int m_current = 0;
};

} // namespace graft::ui
