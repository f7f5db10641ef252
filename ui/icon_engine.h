#pragma once
#include <QIcon>

#include <functional>

class QPainter;
class QRectF;

namespace graft::ui {

/// An icon that is drawn when it is needed, in the size and for the screen that needs it.
/// `draw` is called on the GUI thread with a painter that has antialiasing on; `enabled` is false for a
/// disabled widget.
QIcon paintedIcon(std::function<void(QPainter& painter, const QRectF& box, bool enabled)> draw);

} // namespace graft::ui
