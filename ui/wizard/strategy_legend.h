#pragma once
class QWidget;

namespace graft::ui {

/// What filled, open, hatched and dashed layers mean.
QWidget* makeStrategyLegend();

} // namespace graft::ui
