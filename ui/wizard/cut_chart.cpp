// qcustomplot.h uses foreach, which our own sources may not.
#undef QT_NO_FOREACH

#include "ui/wizard/cut_chart.h"

#include "ui/models/words.h"
#include "ui/theme.h"

#include <QEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <cmath>

namespace graft::ui {

namespace {

constexpr double BarWidth = 0.56; // of the distance between two
constexpr int Height = 124; // pixels, at least
constexpr double RoomForText = 24.0; // pixels from bar to bar, for a number above each

QSharedPointer<QCPAxisTickerText> stageTicker(int count, bool all)
{
    QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    for (int i = 0; i < count; ++i)
        ticker->addTick(i, all && i + 1 == count ? CutChart::tr("top") : QLocale().toString(i + 1));
    return ticker;
}

QSharedPointer<QCPAxisTickerFixed> halvesTicker()
{
    constexpr double step = 50.0; // per cent
    QSharedPointer<QCPAxisTickerFixed> ticker(new QCPAxisTickerFixed);
    ticker->setTickStep(step);
    ticker->setScaleStrategy(QCPAxisTickerFixed::ssNone);
    return ticker;
}

} // namespace

CutChart::CutChart(QWidget* parent)
    : QWidget(parent)
    , m_plot(new QCustomPlot)
    , m_bars(new QCPBars(m_plot->xAxis, m_plot->yAxis))
    , m_filled(new QCPBars(m_plot->xAxis, m_plot->yAxis))
    , m_tops(m_plot->addGraph())
    , m_errors(new QCPErrorBars(m_plot->xAxis, m_plot->yAxis))
{
    for (QCPBars* bars : {m_bars, m_filled})
        bars->setWidth(BarWidth);
    m_tops->setLineStyle(QCPGraph::lsNone);
    m_errors->setDataPlottable(m_tops);
    m_errors->setWhiskerWidth(8);
    m_errors->setSymbolGap(0);
    m_plot->xAxis->setTickLength(0);
    m_plot->yAxis->setTickLength(0);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setSubTicks(false);
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    m_plot->xAxis->grid()->setVisible(false);
    m_plot->yAxis->setTicker(halvesTicker());
    m_plot->yAxis->setRange(0.0, 116.0); // room for the numbers above the bars
    m_plot->axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    m_plot->axisRect()->setMargins(QMargins(0, 2, 2, 0));
    m_plot->setFocusPolicy(Qt::NoFocus);
    m_plot->setMinimumHeight(Height);
    m_plot->setMinimumWidth(120);
    m_plot->installEventFilter(this);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_plot);
    connect(m_plot, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) {
        const int bar = barAt(m_plot->mapTo(this, event->pos()));
        if (m_clickable && bar >= 0 && event->button() == Qt::LeftButton)
            emit clicked(bar);
    });
    setAnswers({}, false);
    recolour();
}

void CutChart::setAnswers(const std::vector<learn::Answers>& cuts, bool all)
{
    m_cuts = cuts;
    m_all = all;
    fill();
}

void CutChart::setChosen(int cut)
{
    m_chosen = cut;
    fill();
}

void CutChart::setClickable(bool clickable)
{
    m_clickable = clickable;
    m_plot->setCursor(clickable ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

int CutChart::barAt(const QPoint& position) const
{
    const QPoint inPlot = m_plot->mapFrom(this, position);
    const int bar = static_cast<int>(std::lround(m_plot->xAxis->pixelToCoord(inPlot.x())));
    return m_plot->axisRect()->rect().contains(inPlot) && bar >= 0 && bar < count() ? bar : -1;
}

QPoint CutChart::middleOf(int bar) const
{
    const QPointF inPlot(m_plot->xAxis->coordToPixel(bar), m_plot->axisRect()->rect().center().y());
    return m_plot->mapTo(this, inPlot.toPoint());
}

void CutChart::fill()
{
    m_bars->data()->clear();
    m_filled->data()->clear();
    m_tops->data()->clear();
    m_errors->data()->clear();
    for (int i = 0; i < count(); ++i) {
        const learn::Answers& answers = m_cuts[static_cast<std::size_t>(i)];
        const double top = 100.0 * answers.accuracy();
        (i == m_chosen ? m_filled : m_bars)->addData(i, top);
        m_tops->addData(i, top);
        const Interval interval = answers.interval();
        m_errors->addData(top - 100.0 * interval.low, 100.0 * interval.high - top);
    }
    m_plot->xAxis->setTicker(stageTicker(count(), m_all));
    m_plot->xAxis->setRange(-0.6, std::max(1, count()) - 0.4);
    fillTexts();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CutChart::fillTexts()
{
    for (QCPItemText* text : m_texts)
        m_plot->removeItem(text);
    m_texts.clear();
    const double room = m_plot->width() / std::max(1.0, static_cast<double>(count()) + 1.0);
    QFont small = font();
    small.setPointSizeF(font().pointSizeF() * 0.9);
    for (int i = 0; i < count(); ++i) {
        if (room < RoomForText && i != m_chosen)
            continue;
        const learn::Answers& answers = m_cuts[static_cast<std::size_t>(i)];
        auto* text = new QCPItemText(m_plot);
        text->setPositionAlignment(Qt::AlignHCenter | Qt::AlignBottom);
        text->position->setCoords(i, 100.0 * answers.interval().high + 1.0);
        text->setText(QLocale().toString(100.0 * answers.accuracy(), 'f', 0));
        text->setFont(small);
        text->setColor(colours().text);
        text->setClipToAxisRect(false);
        m_texts += text;
    }
}

void CutChart::recolour()
{
    const Colours& c = colours();
    QColor quiet = c.control;
    quiet.setAlphaF(0.55F);
    QFont small = font();
    small.setPointSizeF(font().pointSizeF() * 0.9);
    m_bars->setPen(Qt::NoPen);
    m_bars->setBrush(quiet);
    m_filled->setPen(Qt::NoPen);
    m_filled->setBrush(c.accent);
    m_errors->setPen(QPen(c.text, 1.5));
    m_plot->setBackground(QBrush(c.surface));
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setBasePen(axis == m_plot->xAxis ? QPen(c.grid, 1.0) : QPen(Qt::NoPen));
        axis->setTickPen(Qt::NoPen);
        axis->setTickLabelColor(c.text2);
        axis->setTickLabelFont(small);
        axis->grid()->setPen(QPen(c.grid, 1.0));
    }
    fillTexts();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

bool CutChart::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_plot && event->type() == QEvent::Resize) {
        fillTexts();
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    }
    return QWidget::eventFilter(watched, event);
}

void CutChart::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        recolour();
}

} // namespace graft::ui
