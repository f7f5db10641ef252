#pragma once
#include <QRectF>

#include <string_view>

class QPainter;
class QPalette;

namespace graft::ui {

/// What becomes of a layer.
enum class LayerLook { Learns, Frozen, FromZero, CutOff };

/// One layer, as a legend shows it.
void drawLayer(QPainter& painter, const QRectF& where, LayerLook look, const QPalette& palette);

/// A network as a strategy treats it, five layers that get smaller and a classifier: filled learns, open
/// stays frozen, hatched learns from zero, dashed is cut off. As high as `where`, begins at its left.
/// `fromZero` matters for scratch only: its layers are hatched, else filled.
void drawLayers(QPainter& painter, const QRectF& where, std::string_view strategy, bool fromZero,
                const QPalette& palette);

} // namespace graft::ui
