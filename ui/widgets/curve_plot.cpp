// qcustomplot.h uses foreach, which our own sources may not.
#undef QT_NO_FOREACH

#include "ui/widgets/curve_plot.h"

#include "ui/models/words.h"
#include "ui/theme.h"
#include "ui/widgets/parts.h"

#include <QButtonGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace graft::ui {

namespace {

constexpr int MaxDots = 40; // more points than this get a dot now and then
constexpr double Smoothing = 0.9; // of the batch curve: exponential mean over about ten batches
constexpr double LabelDistance = 10.0; // pixels from the end of a line to its name
constexpr int LeastMargin = 32; // pixels at the right: half of "20 epochs"
constexpr double Beyond = 0.015; // of an axis past its last value, so that the last dot is whole
constexpr double AboveAll = 0.035; // of the height, above 100 %: the dots there are whole
constexpr int LeastLines = 6; // of text, in the height of a plot

/// 0 ... 20 with "epochs" written at the last one.
class EpochTicker : public QCPAxisTicker
{
public:
    int last = 1;

protected:
    double getTickStep(const QCPRange& range) override
    {
        return std::max(1.0, QCPAxisTicker::getTickStep(range));
    }

    QVector<double> createTickVector(double step, const QCPRange& /*range*/) override
    {
        QVector<double> ticks;
        for (double tick = 0.0; tick < last - step / 2.0; tick += step)
            ticks.append(tick);
        ticks.append(last);
        return ticks;
    }

    QString getTickLabel(double tick, const QLocale& locale, QChar /*format*/, int /*precision*/) override
    {
        const QString number = locale.toString(static_cast<int>(tick));
        return static_cast<int>(tick) == last ? CurvePlot::tr("%1 epochs").arg(number) : number;
    }
};

class PercentTicker : public QCPAxisTicker
{
protected:
    double getTickStep(const QCPRange& range) override
    {
        return range.size() > 0.7 ? 0.25 : range.size() > 0.45 ? 0.2 : range.size() > 0.25 ? 0.1 : 0.05;
    }

    QString getTickLabel(double tick, const QLocale& /*locale*/, QChar /*format*/, int /*precision*/) override
    {
        return percent(tick);
    }
};

/// Three to five steps between 0 and what roundUp() gives, all with the same decimals.
class LossTicker : public QCPAxisTicker
{
protected:
    double getTickStep(const QCPRange& range) override
    {
        const double power = std::pow(10.0, std::floor(std::log10(range.upper)));
        const double first = range.upper / power;
        const double step = first < 1.2 ? 0.25 : first < 2.5 ? 0.5 : first < 5.5 ? 1.0 : 2.0;
        m_decimals = std::max(
            0, static_cast<int>(std::ceil(-std::log10(step * power) - 1e-9)) + (first < 1.2 ? 1 : 0));
        return step * power;
    }

    QString getTickLabel(double tick, const QLocale& locale, QChar /*format*/, int /*precision*/) override
    {
        return locale.toString(tick, 'f', m_decimals);
    }

private:
    int m_decimals = 1;
};

/// A round number that is at least `value`: 0.5, 1, 1.5, 2, 3, 5 ... times a power of ten.
double roundUp(double value)
{
    if (!(value > 0.0))
        return 1.0;
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0}) {
        if (step * power >= value)
            return step * power;
    }
    return 10.0 * power;
}

} // namespace

struct CurvePlot::Curves {
    std::vector<EpochDone> epochs;
    std::vector<TrainingState::BatchPoint> batches;
    int planned = 1;
    int best = 0;
    bool ended = false;
    bool validated = false; // there are validation pictures
    QCPGraph* training = nullptr;
    QCPGraph* validation = nullptr;
    QCPGraph* raw = nullptr; // batches as they are, under the smoothed line
    QCPItemStraightLine* bestLine = nullptr;
    QCPItemText* bestText = nullptr;
    QCPItemText* trainingText = nullptr;
    QCPItemText* validationText = nullptr;
    QSharedPointer<EpochTicker> ticker {new EpochTicker};
};

CurvePlot::CurvePlot(Measure measure, QWidget* parent)
    : QFrame(parent)
    , m_measure(measure)
    , m_plot(new QCustomPlot)
    , m_curves(std::make_unique<Curves>())
{
    setProperty("card", true);
    const QString title = measure == Measure::Accuracy ? tr("Accuracy") : tr("Loss");
    auto* head = new QHBoxLayout;
    head->addWidget(makeLabel("strong", title));
    head->addStretch();
    m_segments = makeSegments(head, {tr("Epochs"), tr("Batches")}, this);
    for (QAbstractButton* button : m_segments->buttons())
        button->setAccessibleName(tr("%1 over %2").arg(title, button->text()));
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(16, 12, 16, 12);
    rows->setSpacing(8);
    rows->addLayout(head);
    rows->addWidget(m_plot, 1);

    Curves& curves = *m_curves;
    curves.raw = m_plot->addGraph();
    curves.training = m_plot->addGraph();
    curves.validation = m_plot->addGraph();
    curves.bestLine = new QCPItemStraightLine(m_plot);
    curves.bestText = new QCPItemText(m_plot);
    curves.trainingText = new QCPItemText(m_plot);
    curves.validationText = new QCPItemText(m_plot);
    for (QCPItemText* text : {curves.bestText, curves.trainingText, curves.validationText}) {
        text->setClipToAxisRect(false);
        text->setPositionAlignment(Qt::AlignLeft | Qt::AlignVCenter);
        text->position->setType(QCPItemPosition::ptAbsolute);
    }
    m_plot->axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    m_plot->plotLayout()->setAutoMargins({});
    m_plot->xAxis->setTicker(curves.ticker);
    if (measure == Measure::Accuracy)
        m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new PercentTicker));
    else
        m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new LossTicker));
    m_plot->setMinimumSize(220, std::max(120, LeastLines * fontMetrics().height()));
    m_plot->setAccessibleName(title);
    m_plot->setFocusPolicy(Qt::NoFocus);
    recolour();

    connect(m_segments, &QButtonGroup::idClicked, this, [this](int id) { setOver(static_cast<Over>(id)); });
    connect(m_plot, &QCustomPlot::beforeReplot, this, &CurvePlot::makeRoom);
    connect(m_plot, &QCustomPlot::afterLayout, this, &CurvePlot::placeLabels);
    showOver();
}

CurvePlot::~CurvePlot() = default;

void CurvePlot::setTraining(const TrainingState& state)
{
    m_curves->epochs = state.history;
    m_curves->batches = state.batchHistory;
    m_curves->ended = state.phase == TrainingState::Phase::Ended;
    m_curves->planned = m_curves->ended && !state.history.empty() ? state.history.back().epoch : state.epochs;
    m_curves->best = state.bestEpoch;
    m_curves->validated = !state.started || state.started->validationPictures > 0;
    showOver();
}

void CurvePlot::setOver(Over over)
{
    m_over = over;
    m_segments->button(static_cast<int>(over))->setChecked(true);
    showOver();
}

void CurvePlot::showOver()
{
    Curves& curves = *m_curves;
    const bool accuracy = m_measure == Measure::Accuracy;
    QVector<double> at;
    QVector<double> training;
    QVector<double> validation;
    QVector<double> rawAt;
    QVector<double> raw;
    for (const EpochDone& epoch : curves.epochs) {
        at.append(epoch.epoch);
        training.append(accuracy ? epoch.trainAccuracy : epoch.trainLoss);
        if (curves.validated)
            validation.append(accuracy ? epoch.validationAccuracy : epoch.validationLoss);
    }
    const QVector<double> validationAt = curves.validated ? at : QVector<double>();
    if (m_over == Over::Batches) {
        QVector<double> smooth;
        for (const TrainingState::BatchPoint& point : curves.batches) {
            rawAt.append(point.epochs);
            raw.append(accuracy ? point.accuracy : point.loss);
            smooth.append(smooth.isEmpty() ? raw.last()
                                           : Smoothing * smooth.last() + (1.0 - Smoothing) * raw.last());
        }
        at = rawAt;
        training = smooth;
    }
    curves.raw->setData(rawAt, raw, true);
    curves.training->setData(at, training, true);
    curves.validation->setData(validationAt, validation, true);

    const QVector<double> all = training + validation;
    const double high = all.isEmpty() ? 1.0 : *std::ranges::max_element(all);
    const double low = all.isEmpty() ? 0.0 : *std::ranges::min_element(all);
    curves.ticker->last = std::max(1, curves.planned);
    m_plot->xAxis->setRange(0.0, curves.ticker->last * (1.0 + Beyond));
    if (accuracy) {
        const double bottom = low > 0.82 ? 0.8 : std::floor(low * 5.0) / 5.0;
        m_plot->yAxis->setRange(bottom, 1.0 + AboveAll * (1.0 - bottom));
    } else {
        m_plot->yAxis->setRange(0.0, roundUp(high) * (1.0 + Beyond));
    }
    recolour();
    m_plot->setAccessibleDescription(summary());
}

QRectF CurvePlot::names() const
{
    QRectF all;
    for (const QCPItemText* text : {m_curves->trainingText, m_curves->validationText}) {
        if (text->visible())
            all |= QRectF(text->topLeft->pixelPosition(), text->bottomRight->pixelPosition());
    }
    return all.translated(m_plot->pos());
}

QString CurvePlot::summary() const
{
    if (m_curves->epochs.empty())
        return tr("No epoch has ended yet.");
    const EpochDone& last = m_curves->epochs.back();
    const QLocale locale;
    const bool accuracy = m_measure == Measure::Accuracy;
    const QString training = accuracy ? percent(last.trainAccuracy) : locale.toString(last.trainLoss, 'f', 2);
    if (!m_curves->validated)
        return tr("After epoch %1: training %2.").arg(locale.toString(last.epoch), training);
    const QString validation =
        accuracy ? percent(last.validationAccuracy) : locale.toString(last.validationLoss, 'f', 2);
    return tr("After epoch %1: training %2, validation %3.")
        .arg(locale.toString(last.epoch), training, validation);
}

void CurvePlot::recolour()
{
    const Colours& c = colours();
    Curves& curves = *m_curves;
    const bool batches = m_over == Over::Batches;
    m_plot->setBackground(QBrush(c.surface));
    m_plot->axisRect()->setBackground(QBrush(c.surface));
    QFont small = font();
    small.setPointSizeF(font().pointSizeF() * 0.9);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setBasePen(QPen(c.control, 1.0));
        axis->setTickPen(QPen(c.control, 1.0));
        axis->setSubTickPen(Qt::NoPen);
        axis->setSubTicks(false);
        axis->setTickLabelFont(small);
        axis->setTickLabelColor(c.text2);
        axis->setTickLength(0, 4);
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    m_plot->yAxis->setTickLength(0, 0);
    m_plot->yAxis->setTickLabelPadding(8);
    m_plot->xAxis->grid()->setVisible(false);
    m_plot->yAxis->grid()->setPen(QPen(c.grid, 1.0));

    const auto skip = [](int points) { return points > MaxDots ? points / MaxDots : 0; };
    curves.raw->setPen(QPen(QColor(c.training.red(), c.training.green(), c.training.blue(), 77), 1.0));
    curves.raw->setVisible(batches);
    curves.training->setPen(QPen(c.training, batches ? 1.0 : 2.0));
    curves.training->setScatterStyle(
        batches ? QCPScatterStyle() : QCPScatterStyle(QCPScatterStyle::ssDisc, c.training, c.training, 6.0));
    curves.training->setScatterSkip(skip(static_cast<int>(curves.epochs.size())));
    QPen dashed(c.validation, 2.0);
    dashed.setDashPattern({4.0, 3.0});
    curves.validation->setPen(dashed);
    QPen square(c.validation, 1.6);
    curves.validation->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssSquare, square, QBrush(c.surface), 7.0));
    curves.validation->setScatterSkip(skip(static_cast<int>(curves.epochs.size())));

    QPen dotted(c.text2, 1.2);
    dotted.setDashPattern({1.0, 3.0});
    curves.bestLine->setPen(dotted);
    curves.bestLine->setVisible(curves.best > 0);
    curves.bestLine->point1->setCoords(curves.best, 0.0);
    curves.bestLine->point2->setCoords(curves.best, 1.0);
    curves.bestText->setVisible(curves.best > 0);
    curves.bestText->setText(curves.ended ? tr("best") : tr("best so far"));
    curves.bestText->setFont(small);
    curves.bestText->setColor(c.text2);

    QFont bold = small;
    bold.setBold(true);
    for (QCPItemText* text : {curves.trainingText, curves.validationText})
        text->setFont(bold);
    curves.trainingText->setColor(c.training);
    curves.validationText->setColor(c.validation);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::makeRoom()
{
    // While a line ends early its name fits inside; the further it gets, the more room is kept at the right.
    const Curves& curves = *m_curves;
    double end = 0.0;
    for (const QCPGraph* graph : {curves.training, curves.validation}) {
        if (!graph->data()->isEmpty())
            end = std::max(end, (graph->data()->constEnd() - 1)->key / m_plot->xAxis->range().upper);
    }
    const QFontMetricsF metrics(curves.validationText->font());
    const QString value = m_measure == Measure::Accuracy ? percent(1.0) : QLocale().toString(0.0, 'f', 2);
    double widest = 0.0;
    for (const QString& name : {tr("Training"), tr("Validation")})
        widest = std::max(widest, metrics.horizontalAdvance(QStringLiteral("%1 %2").arg(name, value)));
    const double room = widest + LabelDistance + 4.0;
    const double width = m_plot->width() - m_plot->axisRect()->margins().left();
    const double needed = end > 0.0 ? (room - (1.0 - end) * width) / end : 0.0;
    const int above = QFontMetrics(m_plot->yAxis->tickLabelFont()).height() / 2 + 1; // half of "100 %"
    m_plot->axisRect()->setMargins(QMargins(0, above, std::max(LeastMargin, static_cast<int>(needed)), 0));
}

void CurvePlot::placeLabels()
{
    Curves& curves = *m_curves;
    const QRect inside = m_plot->axisRect()->rect();
    const auto label = [this](QCPItemText* text, QCPGraph* graph, const QString& name) {
        text->setVisible(!graph->data()->isEmpty());
        if (graph->data()->isEmpty())
            return QPointF();
        const QCPGraphData& last = *(graph->data()->constEnd() - 1);
        const QString value =
            m_measure == Measure::Accuracy ? percent(last.value) : QLocale().toString(last.value, 'f', 2);
        text->setText(QStringLiteral("%1 %2").arg(name, value));
        return QPointF(m_plot->xAxis->coordToPixel(last.key) + LabelDistance,
                       m_plot->yAxis->coordToPixel(last.value));
    };
    QPointF training = label(curves.trainingText, curves.training, tr("Training"));
    QPointF validation = label(curves.validationText, curves.validation, tr("Validation"));
    const double overlap =
        QFontMetricsF(curves.trainingText->font()).height() - std::abs(training.y() - validation.y());
    if (!training.isNull() && !validation.isNull() && overlap > 0.0) {
        const double up = training.y() <= validation.y() ? -overlap / 2.0 : overlap / 2.0;
        training.ry() += up;
        validation.ry() -= up;
        // Both stay inside, with the distance between them.
        const double outside = std::min(0.0, std::min(training.y(), validation.y()) - inside.top())
            + std::max(0.0, std::max(training.y(), validation.y()) - inside.bottom());
        training.ry() -= outside;
        validation.ry() -= outside;
    }
    curves.trainingText->position->setCoords(training);
    curves.validationText->position->setCoords(validation);

    // The curves are at the other end: accuracy ends at the top, loss at the bottom.
    const double best = m_plot->xAxis->coordToPixel(curves.best);
    const QFontMetricsF metrics(curves.bestText->font());
    const bool right = best + metrics.horizontalAdvance(curves.bestText->text()) + 12.0 < m_plot->width();
    const double half = metrics.height() / 2.0;
    const double y =
        m_measure == Measure::Accuracy ? inside.bottom() - half - 3.0 : inside.top() + half - 3.0;
    curves.bestText->setPositionAlignment((right ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    curves.bestText->position->setCoords(best + (right ? 6.0 : -6.0), y);
}

void CurvePlot::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        recolour();
}

} // namespace graft::ui
