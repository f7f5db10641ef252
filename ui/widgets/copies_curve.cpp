// qcustomplot.h uses foreach, which our own sources may not.
#undef QT_NO_FOREACH

#include "ui/widgets/copies_curve.h"

#include "ui/jobs/job_queue.h"
#include "ui/models/words.h"
#include "ui/theme.h"
#include "ui/widgets/parts.h"

#include <QDialogButtonBox>
#include <QLocale>
#include <QProgressBar>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <algorithm>
#include <array>

namespace graft::ui {

namespace {

constexpr std::array counts {0, 1, 2, 4, 8, 16}; // copies
constexpr int perClass = 20; // pictures to learn from: few, since that is where copies help

/// Numbers of copies at even distances, each labelled.
QSharedPointer<QCPAxisTickerText> countTicker()
{
    QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    for (std::size_t i = 0; i < counts.size(); ++i)
        ticker->addTick(static_cast<double>(i), QLocale().toString(counts[i]));
    return ticker;
}

} // namespace

CopiesCurve::CopiesCurve(std::shared_ptr<const store::Project> project, const learn::Plan& plan,
                         QWidget* parent)
    : QDialog(parent)
    , m_plot(new QCustomPlot)
    , m_line(m_plot->addGraph())
    , m_bars(new QCPErrorBars(m_plot->xAxis, m_plot->yAxis))
    , m_sentence(makeLabel(""))
    , m_progress(new QProgressBar)
    , m_jobs(new JobQueue(this))
{
    setWindowTitle(tr("What copies bring"));
    resize(560, 440);
    m_sentence->setWordWrap(true);
    m_sentence->setText(tr("A linear classifier learns from at most %1 pictures of each class and from their "
                           "copies, and answers your validation pictures.")
                            .arg(QLocale().toString(perClass)));
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Measured"));
    makePlot();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(16);
    column->addWidget(m_sentence);
    column->addWidget(m_plot, 1);
    column->addWidget(m_progress);
    column->addWidget(buttons);
    start(std::move(project), plan);
}

CopiesCurve::~CopiesCurve()
{
    m_stop.request_stop();
}

void CopiesCurve::makePlot()
{
    const Colours& c = colours();
    m_bars->setDataPlottable(m_line);
    m_bars->setPen(QPen(c.validation, 1.2));
    m_bars->setWhiskerWidth(8);
    QPen dashed(c.validation, 2.0);
    dashed.setDashPattern({4.0, 3.0});
    m_line->setPen(dashed);
    m_line->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssSquare, QPen(c.validation, 1.6), QBrush(c.surface), 7.0));
    m_plot->setBackground(QBrush(c.surface));
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setBasePen(QPen(c.control, 1.0));
        axis->setTickPen(QPen(c.control, 1.0));
        axis->setSubTicks(false);
        axis->setTickLabelColor(c.text2);
        axis->setLabelColor(c.text2);
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    m_plot->xAxis->grid()->setVisible(false);
    m_plot->yAxis->grid()->setPen(QPen(c.grid, 1.0));
    m_plot->xAxis->setTicker(countTicker());
    m_plot->xAxis->setLabel(tr("copies per picture"));
    m_plot->yAxis->setLabel(tr("validation accuracy, %"));
    m_plot->xAxis->setRange(-0.3, static_cast<double>(counts.size()) - 0.7);
    m_plot->yAxis->setRange(0.0, 101.0);
    m_plot->setMinimumHeight(200);
    m_plot->setFocusPolicy(Qt::NoFocus);
    m_plot->setAccessibleName(windowTitle());
}

void CopiesCurve::start(std::shared_ptr<const store::Project> project, const learn::Plan& plan)
{
    const auto progress = [this](const Progress& step) {
        QMetaObject::invokeMethod(
            this,
            [this, step] {
                m_progress->setRange(0, static_cast<int>(step.total));
                m_progress->setValue(static_cast<int>(step.done));
            },
            Qt::QueuedConnection);
    };
    const auto each = [this](const engine::CopyPoint& point) {
        QMetaObject::invokeMethod(
            this, [this, point] { add(point); }, Qt::QueuedConnection);
    };
    m_jobs->add(
        [this, project = std::move(project), plan, progress,
         each](const std::stop_token& stop) -> JobQueue::Finish {
            engine::measureCopies(*project, plan, counts, perClass, each, progress, stop);
            return [this] { conclude(); };
        },
        [this](const JobProblem& problem) {
            m_progress->hide();
            if (!problem.stopped)
                m_sentence->setText(problem.sentence);
        },
        m_stop);
}

void CopiesCurve::add(const engine::CopyPoint& point)
{
    m_points.push_back(point);
    const double accuracy = 100.0 * point.validation.accuracy();
    const Interval interval = wilson(point.validation.correct(), point.validation.total());
    m_line->addData(static_cast<double>(m_points.size() - 1), accuracy);
    m_bars->addData(accuracy - 100.0 * interval.low, 100.0 * interval.high - accuracy);
    double lowest = 100.0;
    for (const engine::CopyPoint& known : m_points)
        lowest = std::min(lowest, 100.0 * wilson(known.validation.correct(), known.validation.total()).low);
    m_plot->yAxis->setRange(std::max(0.0, lowest - 5.0), 101.0);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CopiesCurve::conclude()
{
    m_progress->hide();
    const engine::CopyPoint& without = m_points.front();
    const auto best = std::ranges::max_element(
        m_points, {}, [](const engine::CopyPoint& p) { return p.validation.correct(); });
    const auto share = [](const engine::CopyPoint& point) {
        return tr("%1 (%2 of %3)")
            .arg(percentExact(point.validation.accuracy()),
                 QLocale().toString(static_cast<qlonglong>(point.validation.correct())),
                 QLocale().toString(static_cast<qlonglong>(point.validation.total())));
    };
    const auto interval = [](const engine::CopyPoint& point) {
        return wilson(point.validation.correct(), point.validation.total());
    };
    QString text = tr("Without copies %1 right; best with %2: %3.")
                       .arg(share(without), QLocale().toString(best->copies), share(*best));
    text += QLatin1Char(' ');
    text += interval(*best).low > interval(without).high
        ? tr("That is more than chance explains.")
        : tr("The bars, 95 % intervals, overlap: on so few pictures the difference may be chance.");
    m_sentence->setText(text);
    m_plot->setAccessibleDescription(text);
    emit measured();
}

} // namespace graft::ui
