// qcustomplot.h uses foreach, which our own sources may not.
#undef QT_NO_FOREACH

#include "ui/widgets/race_plot.h"

#include "ui/models/race_model.h"
#include "ui/models/words.h"
#include "ui/theme.h"
#include "ui/widgets/label_places.h"
#include "ui/widgets/parts.h"
#include "ui/wizard/strategy_words.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace graft::ui {

namespace {

constexpr int FewMinutes = 2; // up to this, time is written in seconds
constexpr double MarkSize = 8.0; // pixels, as are the next
constexpr double MarksApart = 44.0;
constexpr int LeastMargin = 32; // at the right: half of "5 min"
constexpr int LeastLines = 9; // of text, in the height of the plot
constexpr double AboveAll = 0.035; // of the height, above 100 %: the marks there are whole
constexpr double Beyond = 0.006; // of an axis past its last value, so that the last mark is whole

/// 0 ... 5 with "min" written at the last one.
class TimeTicker : public QCPAxisTicker
{
public:
    int last = 1;
    bool seconds = false;

protected:
    double getTickStep(const QCPRange& range) override
    {
        if (!seconds)
            return std::max(1.0, QCPAxisTicker::getTickStep(range));
        return last > 60 ? 30.0 : 15.0;
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
        const QString number = locale.toString(std::lround(tick));
        if (std::lround(tick) != last)
            return number;
        return seconds ? RacePlot::tr("%1 s").arg(number) : RacePlot::tr("%1 min").arg(number);
    }
};

class ShareTicker : public QCPAxisTicker
{
protected:
    double getTickStep(const QCPRange& range) override { return range.size() > 0.45 ? 0.2 : 0.1; }

    QString getTickLabel(double tick, const QLocale& /*locale*/, QChar /*format*/, int /*precision*/) override
    {
        return percent(tick);
    }
};

QVector<qreal> dashes(int number)
{
    static const std::array<QVector<qreal>, 4> patterns {QVector<qreal>(), QVector<qreal> {4.0, 2.0},
                                                         QVector<qreal> {1.0, 1.6},
                                                         QVector<qreal> {5.0, 2.0, 1.0, 2.0}};
    return patterns[static_cast<std::size_t>(std::max(0, number - 1)) % patterns.size()];
}

QCPScatterStyle mark(int number)
{
    static constexpr std::array shapes {QCPScatterStyle::ssDisc, QCPScatterStyle::ssSquare,
                                        QCPScatterStyle::ssTriangle, QCPScatterStyle::ssDiamond};
    const auto shape = shapes[static_cast<std::size_t>(std::max(0, number - 1)) % shapes.size()];
    const QColor colour = classColour(std::max(0, number - 1));
    return {shape, QPen(colour, 1.0), QBrush(colour), MarkSize};
}

} // namespace

struct RacePlot::Parts {
    struct Line {
        QCPGraph* line = nullptr;
        QCPGraph* marks = nullptr; // on some of its points
        QCPItemText* text = nullptr;
        int number = 0; // of the strategy, from 1
    };

    RaceState race;
    std::vector<Line> lines;
    QCPGraph* guess = nullptr;
    QCPItemText* guessText = nullptr;
    QSharedPointer<TimeTicker> ticker {new TimeTicker};

    double unit() const { return ticker->seconds ? 1.0 : 60.0; } // seconds
};

RacePlot::RacePlot(QWidget* parent)
    : QFrame(parent)
    , m_plot(new QCustomPlot)
    , m_parts(std::make_unique<Parts>())
{
    setProperty("card", true);
    const QString title = tr("Validation accuracy over training time");
    auto* head = new QHBoxLayout;
    head->addWidget(makeLabel("strong", title));
    head->addStretch();
    head->addWidget(makeLabel("caption", tr("Same pictures, same backbone, same time")));
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(16, 14, 16, 14);
    rows->setSpacing(12);
    rows->addLayout(head);
    rows->addWidget(m_plot, 1);

    Parts& parts = *m_parts;
    parts.guess = m_plot->addGraph();
    parts.guessText = new QCPItemText(m_plot);
    parts.guessText->setText(tr("guessing"));
    parts.guessText->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
    parts.guessText->position->setType(QCPItemPosition::ptAbsolute);
    parts.guessText->setClipToAxisRect(false);
    m_plot->axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    m_plot->plotLayout()->setAutoMargins({});
    m_plot->xAxis->setTicker(parts.ticker);
    m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ShareTicker));
    m_plot->setMinimumSize(320, std::max(160, LeastLines * fontMetrics().height()));
    m_plot->setAccessibleName(title);
    m_plot->setFocusPolicy(Qt::NoFocus);
    connect(m_plot, &QCustomPlot::beforeReplot, this, &RacePlot::makeRoom);
    connect(m_plot, &QCustomPlot::afterLayout, this, &RacePlot::placeLabels);
    recolour();
}

RacePlot::~RacePlot() = default;

void RacePlot::setRace(const RaceState& race)
{
    Parts& parts = *m_parts;
    parts.race = race;
    while (parts.lines.size() < race.lanes.size()) {
        Parts::Line line {m_plot->addGraph(), m_plot->addGraph(), new QCPItemText(m_plot)};
        line.marks->setLineStyle(QCPGraph::lsNone);
        line.text->setClipToAxisRect(false);
        line.text->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
        line.text->position->setType(QCPItemPosition::ptAbsolute);
        line.text->setPadding({});
        parts.lines.push_back(line);
    }
    parts.ticker->seconds = race.minutes <= FewMinutes;
    parts.ticker->last = std::max(1, parts.ticker->seconds ? 60 * race.minutes : race.minutes);
    double low = race.classes > 0 ? race.guess() : 1.0;
    double longest = parts.ticker->last;
    for (std::size_t i = 0; i < parts.lines.size(); ++i) {
        QVector<double> at;
        QVector<double> accuracy;
        if (i < race.lanes.size()) {
            parts.lines[i].number = strategyNumber(race.race.racers[i].strategy);
            for (const RaceState::Point& point : race.lanes[i].curve) {
                at.append(point.seconds / parts.unit());
                accuracy.append(point.accuracy);
                low = std::min(low, point.accuracy);
            }
        }
        longest = std::max(longest, at.isEmpty() ? 0.0 : at.last());
        parts.lines[i].line->setData(at, accuracy, true);
    }
    const double bottom = low >= 1.0 ? 0.0 : std::clamp(std::floor((low - 0.02) * 5.0) / 5.0, 0.0, 0.8);
    m_plot->xAxis->setRange(0.0, longest * (1.0 + Beyond));
    m_plot->yAxis->setRange(bottom, 1.0 + AboveAll * (1.0 - bottom));
    const QVector<double> ends {0.0, longest};
    parts.guess->setData(race.classes > 0 ? ends : QVector<double>(),
                         race.classes > 0 ? QVector<double>(2, race.guess()) : QVector<double>(), true);
    parts.guessText->setVisible(race.classes > 0);
    recolour();
    m_plot->setAccessibleDescription(summary());
}

QStringList RacePlot::labels() const
{
    QStringList all;
    for (const Parts::Line& line : m_parts->lines)
        all += line.text->visible() ? line.text->text() : QString();
    return all;
}

QString RacePlot::summary() const
{
    const RaceState& race = m_parts->race;
    QStringList sentences;
    for (std::size_t i = 0; i < race.lanes.size(); ++i) {
        if (race.lanes[i].curve.empty())
            continue;
        const RaceState::Point& last = race.lanes[i].curve.back();
        sentences +=
            tr("%1: %2 after %3.")
                .arg(racerTitle(race, static_cast<int>(i)), percent(last.accuracy), clockTime(last.seconds));
    }
    return sentences.isEmpty() ? tr("No strategy has a result yet.") : sentences.join(QLatin1Char(' '));
}

void RacePlot::recolour()
{
    const Colours& c = colours();
    Parts& parts = *m_parts;
    QFont small = font();
    small.setPointSizeF(font().pointSizeF() * 0.9);
    QFont bold = small;
    bold.setBold(true);
    m_plot->setBackground(QBrush(c.surface));
    m_plot->axisRect()->setBackground(QBrush(c.surface));
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

    QPen dotted(c.text2, 1.2);
    dotted.setDashPattern({1.0, 3.0});
    parts.guess->setPen(dotted);
    parts.guessText->setFont(small);
    parts.guessText->setColor(c.text2);
    for (const Parts::Line& line : parts.lines) {
        QPen pen(classColour(std::max(0, line.number - 1)), 2.0);
        pen.setCapStyle(Qt::FlatCap);
        if (const QVector<qreal> pattern = dashes(line.number); !pattern.isEmpty())
            pen.setDashPattern(pattern);
        line.line->setPen(pen);
        line.marks->setScatterStyle(mark(line.number));
        const auto points = line.line->data();
        line.text->setVisible(!points->isEmpty());
        line.text->setFont(bold);
        line.text->setColor(c.text);
        if (!points->isEmpty())
            line.text->setText(
                tr("%1: %2").arg(QLocale().toString(line.number), percent((points->constEnd() - 1)->value)));
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void RacePlot::makeRoom()
{
    // Names at the ends of lines that end at the right.
    const Parts& parts = *m_parts;
    double widest = 0.0;
    for (const Parts::Line& line : parts.lines) {
        if (line.text->visible())
            widest = std::max(widest, QFontMetricsF(line.text->font()).horizontalAdvance(line.text->text()));
    }
    constexpr int distance = 20; // pixels, at both sides of the name
    const int above = QFontMetrics(m_plot->yAxis->tickLabelFont()).height() / 2 + 1; // half of "100 %"
    m_plot->axisRect()->setMargins(
        QMargins(0, above, std::max(LeastMargin, static_cast<int>(widest) + distance), 0));
}

void RacePlot::placeMarks()
{
    for (const Parts::Line& line : m_parts->lines) {
        QVector<double> at;
        QVector<double> value;
        double before = -MarksApart;
        const auto points = line.line->data();
        for (auto point = points->constBegin(); point != points->constEnd(); ++point) {
            const bool last = point + 1 == points->constEnd();
            const double x = m_plot->xAxis->coordToPixel(point->key);
            if (last && !at.isEmpty() && x - before < MarkSize) { // one on the other
                at.removeLast();
                value.removeLast();
            }
            if (!last && x - before < MarksApart)
                continue;
            before = x;
            at.append(point->key);
            value.append(point->value);
        }
        line.marks->setData(at, value, true);
    }
}

void RacePlot::placeLabels()
{
    placeMarks();
    Parts& parts = *m_parts;
    const auto pixel = [this](const QCPGraphData& point) {
        return QPointF(m_plot->xAxis->coordToPixel(point.key), m_plot->yAxis->coordToPixel(point.value));
    };
    std::vector<QLineF> segments;
    std::vector<EndLabel> labels;
    std::vector<QCPItemText*> texts;
    for (const Parts::Line& line : parts.lines) {
        const auto points = line.line->data();
        for (auto point = points->constBegin(); point != points->constEnd(); ++point)
            segments.emplace_back(pixel(*point),
                                  pixel(point == points->constBegin() ? *point : *(point - 1)));
        if (points->isEmpty())
            continue;
        const QPointF mark = pixel(*(points->constEnd() - 1));
        segments.emplace_back(mark - QPointF(MarkSize, 0.0), mark + QPointF(MarkSize, 0.0));
        const QFontMetricsF metrics(line.text->font());
        labels.push_back({pixel(*(points->constEnd() - 1)),
                          {metrics.horizontalAdvance(line.text->text()), metrics.height()}});
        texts.push_back(line.text);
    }
    const QRect axes = m_plot->axisRect()->rect();
    placeEndLabels(labels, segments,
                   QRectF(QPointF(axes.left(), 0.0), QPointF(m_plot->width(), axes.bottom())));
    for (std::size_t i = 0; i < texts.size(); ++i)
        texts[i]->position->setCoords(labels[i].place.topLeft());
    if (parts.guessText->visible())
        parts.guessText->position->setCoords(axes.right() - 4.0,
                                             m_plot->yAxis->coordToPixel(parts.race.guess()) - 2.0);
}

void RacePlot::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        recolour();
}

} // namespace graft::ui
