#include "ui/widgets/copies_strip.h"

#include "ui/jobs/job_queue.h"
#include "ui/paths.h"
#include "ui/widgets/parts.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QProgressBar>

#include <algorithm>
#include <iterator>
#include <numeric>

namespace graft::ui {

CopiesStrip::CopiesStrip(QWidget* parent)
    : QFrame(parent)
    , m_jobs(new JobQueue(this))
    , m_text(makeLabel(""))
    , m_bar(new QProgressBar)
{
    setProperty("card", true);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Saved copies"));
    QPushButton* stop = makeButton("stop", tr("Stop"));
    connect(stop, &QPushButton::clicked, this, [this] { m_stop.request_stop(); });
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 8, 16, 8);
    row->setSpacing(16);
    row->addWidget(m_text);
    row->addWidget(m_bar, 1);
    row->addWidget(stop);
    hide();
}

CopiesStrip::~CopiesStrip()
{
    m_stop.request_stop();
}

bool CopiesStrip::isWriting() const
{
    return !isHidden();
}

void CopiesStrip::write(const CopiesWish& wish)
{
    if (isWriting())
        return;
    m_stop = {};
    showProgress(0, 0);
    show();
    const auto progress = [this](const Progress& step) {
        QMetaObject::invokeMethod(
            this, [this, step] { showProgress(step.done, step.total); }, Qt::QueuedConnection);
    };
    m_jobs->add(
        [this, wish, progress](const std::stop_token& stop) -> JobQueue::Finish {
            return [this, report = writeByClass(wish, progress, stop), folder = toQString(wish.folder)] {
                hide();
                emit written(report, folder);
            };
        },
        [this](const JobProblem& problem) {
            hide();
            if (!problem.stopped)
                emit failed(problem.sentence);
        },
        m_stop);
}

void CopiesStrip::showProgress(qint64 done, qint64 total)
{
    const QLocale locale;
    m_text->setText(
        total > 0 ? tr("Saving copies of picture %1 of %2").arg(locale.toString(done), locale.toString(total))
                  : tr("Saving copies"));
    m_bar->setRange(0, static_cast<int>(total));
    m_bar->setValue(static_cast<int>(done));
}

engine::CopyReport writeByClass(const CopiesWish& wish, const ProgressSink& progress,
                                const std::stop_token& stop)
{
    const engine::TrainingView view(wish.preprocess, wish.recipe, wish.seed);
    const auto total = std::accumulate(
        wish.classes.begin(), wish.classes.end(), std::int64_t {0},
        [](std::int64_t sum, const CopiesWish::Class& one) { return sum + std::ssize(one.pictures); });
    engine::CopyReport all;
    std::int64_t before = 0;
    for (const CopiesWish::Class& one : wish.classes) {
        if (stop.stop_requested())
            break;
        std::string name = one.name;
        std::ranges::replace(name, '/', '_');
        const engine::CopyWishes wishes {wish.folder / name, wish.copies, false,
                                         wish.sheets ? wish.folder / (name + " contact sheet.png")
                                                     : std::filesystem::path()};
        engine::CopyReport report = engine::writeCopies(
            one.pictures, view, wishes,
            [&](const Progress& step) {
                progress({step.what, before + step.done, total});
            },
            stop);
        std::ranges::move(report.written, std::back_inserter(all.written));
        std::ranges::move(report.problems, std::back_inserter(all.problems));
        all.there += report.there;
        all.onSheet += report.onSheet;
        before += std::ssize(one.pictures);
    }
    all.stopped = stop.stop_requested();
    return all;
}

} // namespace graft::ui
