#include "ui/wizard/evidence_panel.h"

#include "core/base/progress.h"
#include "core/learn/advisor.h"
#include "ui/models/words.h"
#include "ui/widgets/parts.h"
#include "ui/wizard/cut_chart.h"

#include <QComboBox>
#include <QLocale>
#include <QProgressBar>
#include <QVBoxLayout>

#include <algorithm>

namespace graft::ui {

namespace {

/// "95 ± 2 %"
QString withError(const learn::Answers& answers)
{
    const Interval interval = answers.interval();
    const QLocale locale;
    return EvidencePanel::tr("%1 \u00B1 %2\u00A0%")
        .arg(locale.toString(100.0 * answers.accuracy(), 'f', 0),
             locale.toString(std::max(1.0, 50.0 * (interval.high - interval.low)), 'f', 0));
}

/// A card: a line of words with a value at its end, and what is added below.
QVBoxLayout* cardRows(QFrame* card, const QString& name, QLabel* value)
{
    auto* head = new QHBoxLayout;
    QLabel* text = makeLabel("", name);
    text->setWordWrap(true);
    head->addWidget(text, 1);
    head->addWidget(value);
    auto* rows = new QVBoxLayout(card);
    rows->setContentsMargins(16, 12, 16, 12);
    rows->setSpacing(2);
    rows->addLayout(head);
    return rows;
}

QLabel* caption()
{
    QLabel* label = makeLabel("caption");
    label->setWordWrap(true);
    return label;
}

} // namespace

QString cutName(const learn::Advice& advice, const std::string& stage)
{
    const auto found = std::ranges::find(advice.cuts, stage, &learn::CutEvidence::stage);
    if (found == advice.cuts.end())
        return {};
    if (found + 1 == advice.cuts.end())
        return EvidencePanel::tr("after the top layer");
    return EvidencePanel::tr("after layer %1 of %2 (%3)")
        .arg(found - advice.cuts.begin() + 1)
        .arg(advice.cuts.size())
        .arg(QString::fromStdString(stage));
}

EvidencePanel::EvidencePanel(QWidget* parent)
    : QWidget(parent)
    , m_perClass(makeLabel("strong"))
    , m_perClassText(caption())
    , m_right(makeLabel("strong"))
    , m_chart(new CutChart)
    , m_rightText(caption())
    , m_sure(makeLabel("strong"))
    , m_sureText(caption())
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(12);
    QLabel* title = makeLabel("h2", tr("Why this place on the map"));
    title->setWordWrap(true);
    rows->addWidget(title);
    rows->addWidget(makeProgress());
    rows->addWidget(makeCounts());
    rows->addWidget(makeCuts());
    rows->addWidget(makeFamiliarity());
    rows->addStretch(1);
    setAdvice({});
}

QWidget* EvidencePanel::makeProgress()
{
    m_progress = new QWidget;
    m_what = makeLabel("caption");
    m_what->setWordWrap(true);
    m_bar = new QProgressBar;
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Measured"));
    m_stop = makeButton("stop", tr("Stop"));
    m_stop->setProperty("small", true);
    auto* row = new QHBoxLayout;
    row->addWidget(m_bar, 1);
    row->addWidget(m_stop);
    auto* rows = new QVBoxLayout(m_progress);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(4);
    rows->addWidget(m_what);
    rows->addLayout(row);
    m_progress->hide();
    connect(m_stop, &QPushButton::clicked, this, &EvidencePanel::stopRequested);
    return m_progress;
}

QWidget* EvidencePanel::makeCounts()
{
    QFrame* card = makeCard();
    cardRows(card, tr("Training pictures per class"), m_perClass)->addWidget(m_perClassText);
    return card;
}

QWidget* EvidencePanel::makeCuts()
{
    QFrame* card = makeCard();
    QVBoxLayout* rows = cardRows(card, tr("Right answers, per layer cut"), m_right);
    m_cuts = new QComboBox;
    m_cuts->setAccessibleName(tr("Where strategy 3 cuts the network"));
    m_cutRow = new QWidget;
    auto* row = new QHBoxLayout(m_cutRow);
    row->setContentsMargins(0, 4, 0, 4);
    row->addWidget(makeLabel("", tr("Cut")));
    row->addWidget(m_cuts, 1);
    rows->addWidget(m_chart);
    rows->addWidget(m_cutRow);
    rows->addWidget(m_rightText);
    const auto choose = [this](int cut) {
        emit cutChosen(m_advice.cuts[static_cast<std::size_t>(cut)].stage);
    };
    connect(m_cuts, &QComboBox::activated, this, choose);
    connect(m_chart, &CutChart::clicked, this, choose);
    return card;
}

QWidget* EvidencePanel::makeFamiliarity()
{
    QFrame* card = makeCard();
    cardRows(card, tr("ImageNet recognises them"), m_sure)->addWidget(m_sureText);
    return card;
}

void EvidencePanel::setAdvice(const learn::Advice& advice)
{
    m_advice = advice;
    showCounts();
    showCuts();
    showFamiliarity();
}

void EvidencePanel::showStrategy(const std::string& strategy)
{
    m_strategy = strategy;
    showCuts();
}

void EvidencePanel::setCut(const std::string& stage)
{
    m_cut = stage;
    showCuts();
}

void EvidencePanel::setMeasuring(bool measuring, const Progress& progress)
{
    m_progress->setVisible(measuring);
    if (!measuring)
        return;
    const QString what = progress.what.empty() ? tr("Measuring your pictures") : coreText(progress.what);
    const QLocale locale;
    m_what->setText(progress.total > 0 ? tr("%1, %2 of %3")
                                             .arg(what, locale.toString(qlonglong {progress.done}),
                                                  locale.toString(qlonglong {progress.total}))
                                       : what);
    m_bar->setRange(0, static_cast<int>(progress.total));
    m_bar->setValue(static_cast<int>(progress.done));
}

int EvidencePanel::row(const std::string& stage) const
{
    const auto found = std::ranges::find(m_advice.cuts, stage, &learn::CutEvidence::stage);
    return found == m_advice.cuts.end() ? -1 : static_cast<int>(found - m_advice.cuts.begin());
}

void EvidencePanel::showCounts()
{
    const QLocale locale;
    if (m_advice.classes == 0) {
        m_perClass->setText(QString());
        m_perClassText->setText(tr("Not counted yet."));
        return;
    }
    m_perClass->setText(
        m_advice.fewest == m_advice.most
            ? locale.toString(m_advice.most)
            : tr("%1 to %2").arg(locale.toString(m_advice.fewest), locale.toString(m_advice.most)));
    const bool few = m_advice.pictures < learn::borderPictures * m_advice.classes;
    m_perClassText->setText(few ? tr("Strategies 2 and 4 need about %1 or more.")
                                      .arg(locale.toString(static_cast<int>(learn::borderPictures)))
                                : tr("From about %1 on the whole network can learn.")
                                      .arg(locale.toString(static_cast<int>(learn::borderPictures))));
}

void EvidencePanel::showCuts()
{
    std::vector<learn::Answers> bars;
    for (const learn::CutEvidence& cut : m_advice.cuts)
        bars.push_back(isSvm() ? cut.svm : cut.linear);
    int chosen = -1;
    if (m_advice.complete())
        chosen = isSvm() ? row(m_cut) : static_cast<int>(bars.size()) - 1;
    if (m_advice.complete() && chosen < 0)
        chosen = row(bestSvmCut(m_advice)->stage);
    m_chart->setAnswers(bars, m_advice.complete());
    m_chart->setChosen(chosen);
    m_chart->setClickable(isSvm() && m_advice.complete());
    m_right->setText(chosen < 0 ? QString() : withError(bars[static_cast<std::size_t>(chosen)]));

    m_cutRow->setVisible(isSvm() && m_advice.complete());
    showCutNames();
    m_cuts->setCurrentIndex(chosen);
    m_rightText->setText(cutSentence());

    QStringList spoken;
    for (std::size_t i = 0; i < bars.size(); ++i)
        spoken += tr("%1: %2").arg(cutName(m_advice, m_advice.cuts[i].stage), withError(bars[i]));
    m_chart->setAccessibleName(tr("Right answers, per layer cut"));
    m_chart->setAccessibleDescription(spoken.join(QStringLiteral("; ")));
}

void EvidencePanel::showCutNames()
{
    QStringList names;
    for (const learn::CutEvidence& cut : m_advice.cuts)
        names += cutName(m_advice, cut.stage);
    QStringList shown;
    for (int i = 0; i < m_cuts->count(); ++i)
        shown += m_cuts->itemText(i);
    if (names == shown)
        return; // the list may be open
    m_cuts->clear();
    m_cuts->addItems(names);
}

QString EvidencePanel::cutSentence() const
{
    if (m_advice.cuts.empty())
        return tr("Not measured yet.");
    if (!m_advice.complete())
        return tr("A five-fold check on training pictures, layer by layer.");
    if (isSvm())
        return tr("Of an SVM, in a five-fold check on training pictures. Click a bar to cut there.");
    const auto best = std::ranges::max_element(
        m_advice.cuts, {}, [](const learn::CutEvidence& cut) { return cut.linear.correct; });
    const learn::Answers& top = m_advice.cuts.back().linear;
    const QString check = tr("Five-fold check on training pictures.");
    if (best->linear.accuracy() <= top.interval().high)
        return tr("No cut is better than the top layer by more than chance, as with pictures that are "
                  "similar to ImageNet.")
            + QLatin1Char(' ') + check;
    return tr("A cut %1 separates your classes better than the top layer, as with pictures that are unlike "
              "ImageNet.")
               .arg(cutName(m_advice, best->stage))
        + QLatin1Char(' ') + check;
}

void EvidencePanel::showFamiliarity()
{
    if (!m_advice.familiarity) {
        m_sure->setText(QString());
        m_sureText->setText(tr("Not measured yet."));
        return;
    }
    m_sure->setText(tr("%1 sure").arg(percent(*m_advice.familiarity)));
    QString text = tr("Below %1 is \u201Cdifferent\u201D.").arg(percent(learn::borderFamiliarity));
    if (!m_advice.oftenSeenAs.empty())
        text = tr("Often as \u201C%1\u201D.").arg(QString::fromStdString(m_advice.oftenSeenAs))
            + QLatin1Char(' ') + text;
    m_sureText->setText(text);
}

} // namespace graft::ui
