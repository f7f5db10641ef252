#include "ui/wizard/strategy_legend.h"

#include "ui/widgets/layer_drawing.h"
#include "ui/widgets/parts.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QPainter>

namespace graft::ui {

namespace {

struct Legend {
    Q_DECLARE_TR_FUNCTIONS(graft::ui::Legend)
};

class Mark : public QWidget
{
public:
    explicit Mark(LayerLook look)
        : m_look(look)
    {
        setFixedSize(12, 12);
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        drawLayer(painter, QRectF(rect()).adjusted(1.0, 1.0, -1.0, -1.0), m_look, palette());
    }

private:
    LayerLook m_look;
};

} // namespace

QWidget* makeStrategyLegend()
{
    const std::pair<LayerLook, QString> entries[] = {{LayerLook::Learns, Legend::tr("learns")},
                                                     {LayerLook::Frozen, Legend::tr("stays frozen")},
                                                     {LayerLook::FromZero, Legend::tr("learns from zero")},
                                                     {LayerLook::CutOff, Legend::tr("cut off")}};
    auto* legend = new QWidget;
    auto* row = new QHBoxLayout(legend);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    for (const auto& [look, text] : entries) {
        row->addWidget(new Mark(look));
        row->addWidget(makeLabel("caption", text));
        row->addSpacing(10);
    }
    row->addStretch(1);
    return legend;
}

} // namespace graft::ui
