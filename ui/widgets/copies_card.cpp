#include "ui/widgets/copies_card.h"

#include "core/augment/recipe.h"
#include "core/base/error.h"
#include "ui/jobs/job_queue.h"
#include "ui/models/words.h"
#include "ui/session.h"
#include "ui/theme.h"
#include "ui/widgets/bending_row.h"
#include "ui/widgets/copies_curve.h"
#include "ui/widgets/parts.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace graft::ui {

namespace {

constexpr int usualMost = 20; // at the slider's right end, until more is known to be possible
constexpr int spacing = 8; // pixels, as is the next
constexpr int betweenFigures = 16;
constexpr int usualSeconds = 3; // of a measurement

/// A caption over a value.
QWidget* makeFigure(const QString& caption, QLabel* value)
{
    auto* figure = new QWidget;
    auto* column = new QVBoxLayout(figure);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addStretch();
    column->addWidget(makeLabel("caption", caption));
    column->addWidget(value);
    column->addStretch();
    return figure;
}

BendingRow* makePair(QWidget* first, QWidget* second)
{
    auto* pair = new BendingRow(betweenFigures);
    pair->add(first);
    pair->add(second);
    return pair;
}

bool changesPictures(const std::string& recipe)
{
    try {
        return augment::changesPictures(augment::readRecipe(recipe));
    } catch (const Error&) { // of a newer Graft; the page says so
        return false;
    }
}

} // namespace

/// With a mark at what this computer can handle.
class CopiesCard::LimitSlider : public QSlider
{
public:
    LimitSlider()
        : QSlider(Qt::Horizontal)
    {
    }

    void setLimit(int limit) ///< 0: not known
    {
        m_limit = limit;
        update();
    }

protected:
    void paintEvent(QPaintEvent* event) override
    {
        QSlider::paintEvent(event);
        if (m_limit <= 0 || m_limit > maximum())
            return;
        QStyleOptionSlider option;
        initStyleOption(&option);
        const QRect groove =
            style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderGroove, this);
        const int handle = style()->pixelMetric(QStyle::PM_SliderLength, &option, this);
        const int x = groove.left() + handle / 2
            + QStyle::sliderPositionFromValue(minimum(), maximum(), m_limit, groove.width() - handle);
        QPainter(this).fillRect(x - 1, (height() - 14) / 2, 2, 14, colours().warningText);
    }

private:
    int m_limit = 0;
};

CopiesCard::CopiesCard(Session& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_slider(new LimitSlider)
    , m_number(new QSpinBox)
    , m_limit(makeLabel("muted"))
    , m_asMany(makeButton("", tr("As many as this computer can handle")))
    , m_measure(makeFlatButton(tr("Measure")))
    , m_curve(makeFlatButton(tr("What do copies bring?")))
    , m_pictures(makeLabel("strong"))
    , m_time(makeLabel("strong"))
    , m_memory(makeLabel("strong"))
    , m_disk(makeLabel("strong"))
    , m_jobs(new JobQueue(this))
    , m_seconds(new QTimer(this))
{
    setProperty("card", true);
    QLabel* title = makeLabel("strong", tr("Copies per picture"));
    title->setToolTip(tr("Strategies that learn on frozen features learn from so many draws of each training "
                         "picture as well. Fine-tuning draws anew in each epoch and needs no number."));
    m_number->setRange(0, engine::mostCopies);
    m_slider->setMaximum(usualMost);
    m_slider->setMinimumWidth(120);
    m_limit->setWordWrap(true);
    for (QWidget* widget : {static_cast<QWidget*>(m_slider), static_cast<QWidget*>(m_number)})
        widget->setAccessibleName(title->text());
    m_asMany->setToolTip(tr("Measures for about three seconds, then takes the largest number that fits into "
                            "ten minutes, and into half of the free memory and disk."));

    auto* choiceSide = new QWidget;
    auto* choice = new QGridLayout(choiceSide);
    choice->setContentsMargins(0, 0, 0, 0);
    choice->setHorizontalSpacing(spacing);
    choice->setVerticalSpacing(4);
    choice->addWidget(title, 0, 0);
    choice->addWidget(m_number, 0, 1);
    choice->addWidget(m_slider, 1, 0, 1, 2);
    choice->addWidget(m_limit, 2, 0, 1, 2);
    choice->setColumnStretch(0, 1);
    auto* buttons = new QVBoxLayout;
    buttons->setSpacing(spacing);
    buttons->addWidget(m_asMany);
    auto* measuring = new QHBoxLayout;
    measuring->addWidget(m_measure);
    measuring->addWidget(m_curve);
    measuring->addStretch();
    buttons->addLayout(measuring);
    auto* costsSide = new QWidget;
    auto* costs = new QHBoxLayout(costsSide);
    costs->setContentsMargins(0, 0, 0, 0);
    costs->setSpacing(betweenFigures);
    costs->addLayout(buttons);
    costs->addWidget(makePair(makeFigure(tr("To learn from"), m_pictures), makeFigure(tr("Time"), m_time)));
    costs->addWidget(makePair(makeFigure(tr("Memory"), m_memory), makeFigure(tr("Disk"), m_disk)));
    auto* row = new BendingRow(betweenFigures);
    row->add(choiceSide, 1);
    row->add(costsSide);
    auto* inside = new QVBoxLayout(this);
    inside->setContentsMargins(16, 12, 16, 12);
    inside->addWidget(row);

    connect(m_slider, &QSlider::valueChanged, this, &CopiesCard::setCopies);
    connect(m_number, &QSpinBox::valueChanged, this, &CopiesCard::setCopies);
    connect(m_asMany, &QPushButton::clicked, this, [this] { measure(true); });
    connect(m_measure, &QPushButton::clicked, this, [this] {
        if (m_measuring)
            m_stop.request_stop();
        else
            measure(false);
    });
    connect(m_seconds, &QTimer::timeout, this, &CopiesCard::showLimit);
    connect(m_curve, &QPushButton::clicked, this, &CopiesCard::showCurve);
    connect(&m_session, &Session::closed, this, [this] { m_stop.request_stop(); });
    refresh();
}

CopiesCard::~CopiesCard()
{
    m_stop.request_stop();
}

void CopiesCard::refresh()
{
    const auto& pictures = m_session.dataset().pictures;
    const auto training = std::ranges::count(pictures, dataset::Side::Training, &dataset::Picture::side);
    if (m_costs && (m_measuredFor != m_session.recipe() || m_costs->trainingPictures != training))
        m_costs.reset();
    showCopies();
}

void CopiesCard::setCopies(int copies)
{
    m_session.setCopies(copies);
    showCopies();
}

void CopiesCard::showCopies()
{
    const bool changes = changesPictures(m_session.recipe());
    const int copies = m_session.copies();
    const QSignalBlocker slider(m_slider);
    const QSignalBlocker number(m_number);
    m_slider->setMaximum(std::max({usualMost, copies, m_costs ? m_most + m_most / 3 : 0}));
    m_slider->setLimit(m_costs ? m_most : 0);
    m_slider->setValue(copies);
    m_number->setValue(copies);
    for (QWidget* widget : {static_cast<QWidget*>(m_slider), static_cast<QWidget*>(m_number)})
        widget->setEnabled(changes);
    for (QPushButton* button : {m_asMany, m_measure, m_curve})
        button->setEnabled(changes || (m_measuring && button == m_measure)); // a focus stays where it is
    const auto training =
        std::ranges::count(m_session.dataset().pictures, dataset::Side::Training, &dataset::Picture::side);
    m_pictures->setText(QLocale().toString(static_cast<qlonglong>(training * (changes ? 1 + copies : 1))));
    if (!changes)
        m_limit->setText(tr("Switch an augmentation on first: copies would be all the same."));
    else
        showLimit();
    const bool known = m_costs && changes;
    const engine::CopyEstimate whole = known ? engine::estimate(*m_costs, copies) : engine::CopyEstimate();
    m_time->setText(known ? tr("about %1").arg(duration(whole.seconds)) : tr("–"));
    m_memory->setText(known ? megabytes(whole.memory) : tr("–"));
    m_disk->setText(known ? megabytes(whole.disk) : tr("–"));
    for (QLabel* figure : {m_time, m_memory, m_disk})
        figure->setToolTip(known ? QString() : tr("Not measured yet"));
}

void CopiesCard::showLimit()
{
    if (m_measuring)
        m_limit->setText(
            tr("Measuring: second %1 of about %2").arg(1 + m_began.elapsed() / 1000).arg(usualSeconds));
    else if (!m_costs)
        m_limit->setText(tr("Measure to see what they cost here."));
    else if (m_session.copies() > m_most)
        m_limit->setText(tr("More than this computer can handle well: %Ln.", nullptr, m_most));
    else
        m_limit->setText(tr("This computer can handle up to %Ln.", nullptr, m_most));
}

void CopiesCard::setMeasuring(bool measuring)
{
    m_measuring = measuring;
    m_measure->setText(measuring ? tr("Stop") : tr("Measure"));
    if (measuring) {
        m_began.start();
        m_seconds->start(std::chrono::seconds(1));
    } else {
        m_seconds->stop();
    }
    showCopies();
}

void CopiesCard::measure(bool thenMost)
{
    const auto project = m_session.project();
    if (!project || m_measuring)
        return;
    learn::Plan plan;
    plan.recipe = m_measuredFor = m_session.recipe();
    m_stop = {};
    setMeasuring(true);
    m_jobs->add(
        [this, project, plan, thenMost](const std::stop_token& stop) -> JobQueue::Finish {
            const engine::CopyCosts costs = engine::measureCopyCosts(*project, plan, stop);
            return [this, project, costs, budget = engine::copyBudget(*project), thenMost] {
                setMeasuring(false);
                if (m_session.project() == project) // else it is about pictures that are gone
                    take(costs, budget, thenMost);
            };
        },
        [this](const JobProblem& problem) {
            setMeasuring(false);
            if (!problem.stopped)
                emit failed(problem.sentence);
        },
        m_stop);
}

void CopiesCard::take(const engine::CopyCosts& costs, const engine::CopyBudget& budget, bool thenMost)
{
    m_costs = costs;
    m_most = engine::copiesWithin(costs, budget);
    if (thenMost)
        m_session.setCopies(m_most);
    refresh();
}

void CopiesCard::showCurve()
{
    learn::Plan plan;
    plan.recipe = m_session.recipe();
    auto* dialog = new CopiesCurve(m_session.project(), plan, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

} // namespace graft::ui
