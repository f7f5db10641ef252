#pragma once
#include "core/engine/machine.h"

#include <QAbstractButton>

namespace graft::ui {

class ThumbnailLoader;

/// A set of sample pictures: two or three of them, its name, and how much there is. Clicking opens it.
class SampleCard : public QAbstractButton
{
    Q_OBJECT
public:
    SampleCard(const engine::Sample& sample, ThumbnailLoader* covers, QWidget* parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintCovers(QPainter& painter, const QRect& box) const;

    engine::Sample m_sample;
    ThumbnailLoader* m_covers;
};

} // namespace graft::ui
