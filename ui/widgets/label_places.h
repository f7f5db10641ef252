#pragma once
#include <QLineF>
#include <QRectF>

#include <vector>

namespace graft::ui {

/// The name at the end of a line.
struct EndLabel {
    QPointF end; ///< of the line, pixels
    QSizeF size; ///< of the text
    QRectF place {}; ///< found by placeEndLabels()
};

/// Puts each label beside the end of its line, or below or above it where it would lie on another label or on
/// one of `lines`; what fits nowhere is moved down as far as it must, and stays inside `room`.
void placeEndLabels(std::vector<EndLabel>& labels, const std::vector<QLineF>& lines, const QRectF& room);

} // namespace graft::ui
