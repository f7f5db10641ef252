#include "ui/wizard/backbone_step.h"

#include "core/base/error.h"
#include "core/network/backbone.h"
#include "core/network/cut.h"
#include "core/network/weights/catalogue.h"
#include "ui/page.h"
#include "ui/session.h"
#include "ui/widgets/card_grid.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/weights_foot.h"
#include "ui/widgets/weights_import.h"
#include "ui/wizard/backbone_card.h"
#include "ui/wizard/backbone_words.h"
#include "ui/wizard/step_frame.h"
#include "ui/wizard/training_draft.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QRadioButton>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

namespace graft::ui {

namespace {

/// The plan's cut where the other network has such a stage, else the strategy's own.
std::string cutFor(const learn::Plan& plan, std::string_view backbone)
{
    if (plan.cut.empty() || plan.cut == "auto")
        return plan.cut;
    try {
        network::stageOf(network::backbone(backbone), plan.cut);
        return plan.cut;
    } catch (const Error&) {
        return {};
    }
}

std::int64_t learnedWeights(const std::string& backbone)
{
    return network::learnedParameters(network::backbone(backbone).build({}));
}

} // namespace

BackboneStep::BackboneStep(Session& session, WeightsJobs& weights, TrainingDraft& draft, QWidget* parent)
    : QWizardPage(parent)
    , m_session(session)
    , m_weights(weights)
    , m_draft(draft)
    , m_messages(new MessageBar)
    , m_grid(new CardGrid)
    , m_radios(new QButtonGroup(this))
    , m_importer(new WeightsImport(weights, *m_messages, this))
{
    const StepFrame frame = frameStep(this, tr("Choose a backbone"));
    m_subtitle = frame.subtitle;
    frame.body->addWidget(m_messages);
    frame.body->addWidget(m_grid);
    frame.body->addSpacing(8);
    frame.body->addWidget(makeInfo());
    frame.body->addStretch(1);
    static_cast<QVBoxLayout*>(layout())->addLayout(makeSort()); // stays while the cards are scrolled
    connect(m_importer, &WeightsImport::refused, this, &BackboneStep::refuse);
    connect(m_importer, &WeightsImport::begun, this, [this] {
        m_refused.clear();
        showAll();
    });
    connect(&m_weights, &WeightsJobs::listed, this, &BackboneStep::refresh);
    connect(&m_weights, &WeightsJobs::changed, this, [this](int row) {
        keepSpeeds();
        show(row);
        showChoice();
    });
    connect(&m_draft, &TrainingDraft::changed, this, &BackboneStep::showChoice);
    connect(&m_session, &Session::trainingStarted, this, &BackboneStep::measure);
    connect(&m_session, &Session::trainingEnded, this, &BackboneStep::measure);
    connect(&m_session, &Session::raceStarted, this, &BackboneStep::measure);
    connect(&m_session, &Session::raceEnded, this, &BackboneStep::measure);
    connect(&m_draft, &TrainingDraft::adviceChanged, this, [this] {
        showAll();
        arrange();
        measure();
    });
    refresh();
}

QWidget* BackboneStep::makeInfo()
{
    auto* bar = new QFrame;
    bar->setProperty("bar", QStringLiteral("info"));
    auto* mark = new IconLabel(16);
    mark->setIcon(icon("info", Ink::Info));
    m_info = makeLabel("");
    m_info->setWordWrap(true);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(16, 12, 16, 12);
    row->setSpacing(8);
    row->addWidget(mark, 0, Qt::AlignVCenter);
    row->addWidget(m_info, 1);
    return bar;
}

QLayout* BackboneStep::makeSort()
{
    m_sort = new QComboBox;
    m_sort->setAccessibleName(tr("Order of the networks"));
    m_sort->addItem(tr("Sort by: recommended"));
    m_sort->addItem(tr("Sort by: speed here"));
    m_sort->addItem(tr("Sort by: accuracy"));
    m_sort->addItem(tr("Sort by: size"));
    connect(m_sort, &QComboBox::currentIndexChanged, this, &BackboneStep::arrange);
    constexpr int margin = 24; // pixels
    auto* row = new QHBoxLayout;
    row->setContentsMargins(margin, 8, margin, 8);
    row->addWidget(m_sort);
    row->addStretch();
    return row;
}

bool BackboneStep::isComplete() const
{
    const int row = rowOf(m_draft.plan().backbone);
    if (row < 0)
        return false;
    return m_weights.items()[row].isUsable();
}

int BackboneStep::rowOfBackbone(std::string_view backbone) const
{
    int first = -1;
    for (int row = 0; row < m_weights.items().size(); ++row) {
        const WeightsItem& item = m_weights.items()[row];
        if (item.status.backbone != backbone)
            continue;
        if (item.isUsable())
            return row;
        first = first < 0 ? row : first;
    }
    return first;
}

int BackboneStep::rowOf(const std::string& weights) const
{
    for (int row = 0; row < m_weights.items().size(); ++row) {
        if (m_weights.items()[row].status.id == weights)
            return row;
    }
    return rowOfBackbone(weights);
}

BackboneCard* BackboneStep::card(const QString& id) const
{
    const auto found = std::ranges::find(m_cards, id.toStdString(),
                                         [](const auto* card) { return card->facts().item.status.id; });
    return found == m_cards.end() ? nullptr : *found;
}

QList<BackboneCard*> BackboneStep::cards() const
{
    QList<BackboneCard*> shown;
    for (const int row : m_order)
        shown += m_cards[row];
    return shown;
}

double BackboneStep::speedOf(const WeightsItem& item) const
{
    if (item.picturesPerSecond > 0.0 || item.timing)
        return item.picturesPerSecond;
    const learn::BackboneEvidence* evidence = evidenceOf(m_draft.advice(), item.status.id);
    return evidence ? evidence->picturesPerSecond : 0.0;
}

void BackboneStep::refresh()
{
    while (m_cards.size() < m_weights.items().size()) {
        auto* card = new BackboneCard(m_grid);
        const auto row = static_cast<int>(m_cards.size());
        const auto id = [this, row] { return m_weights.items()[row].status.id; };
        const auto text = [id] { return QString::fromStdString(id()); };
        connect(card->foot(), &WeightsFoot::download, this, [this, text] {
            m_refused.remove(text());
            m_weights.download(text());
        });
        connect(card->foot(), &WeightsFoot::cancel, this, [this, text] { m_weights.cancel(text()); });
        connect(card->foot(), &WeightsFoot::import, this, [this, text] { m_importer->chooseFile(text()); });
        connect(card->radio(), &QRadioButton::toggled, this, [this, id](bool chosen) {
            if (chosen)
                choose(id());
        });
        m_radios->addButton(card->radio());
        m_cards += card;
    }
    keepSpeeds();
    showAll();
    arrange();
    showChoice();
    measure();
    m_completeness.tell(*this);
}

void BackboneStep::show(int row)
{
    if (row >= m_cards.size())
        return;
    BackboneFacts facts;
    facts.item = m_weights.items()[row];
    const std::string& id = facts.item.status.id;
    facts.item.refusal = m_refused.value(QString::fromStdString(id));
    const std::int64_t known = m_cards[row]->facts().weights;
    facts.weights = known > 0 ? known : learnedWeights(facts.item.status.backbone);
    facts.picturesPerSecond = speedOf(facts.item);
    for (const WeightsItem& item : m_weights.items())
        facts.fastest = std::max(facts.fastest, speedOf(item));
    const learn::BackboneEvidence* evidence = evidenceOf(m_draft.advice(), id);
    if (evidence && facts.item.isUsable() && rowOfBackbone(facts.item.status.backbone) == row) {
        facts.suits = evidence->probe;
        facts.best = evidence == outstanding(m_draft.advice());
    }
    m_cards[row]->setFacts(facts);
}

void BackboneStep::showAll()
{
    for (int row = 0; row < m_cards.size(); ++row)
        show(row);
}

void BackboneStep::arrange()
{
    const QList<WeightsItem>& items = m_weights.items();
    m_order.resize(m_cards.size());
    std::iota(m_order.begin(), m_order.end(), 0);
    const auto by = [&](const auto& value) { // the greatest first; equal ones as they were
        std::ranges::stable_sort(m_order, [&](int a, int b) { return value(a) > value(b); });
    };
    switch (static_cast<Order>(m_sort->currentIndex())) {
    case Order::Recommended: // what was tried on the pictures, then what is here
        by([&](int row) {
            const learn::BackboneEvidence* evidence = evidenceOf(m_draft.advice(), items[row].status.id);
            const std::ptrdiff_t place = evidence && items[row].isUsable()
                ? m_draft.advice().backbones.data() + m_draft.advice().backbones.size() - evidence
                : 0;
            return std::pair(place, items[row].isUsable());
        });
        break;
    case Order::Speed:
        by([&](int row) { return speedOf(items[row]); });
        break;
    case Order::Accuracy:
        by([&](int row) { return items[row].status.top1; });
        break;
    case Order::Size:
        by([&](int row) { return -items[row].status.bytes; });
        break;
    }
    QList<QWidget*> widgets;
    for (const int row : m_order)
        widgets += m_cards[row];
    m_grid->setCards(widgets);
}

/// Not while a training or an advice has the computer: then it would seem slow.
void BackboneStep::measure()
{
    const learn::Advice& advice = m_draft.advice();
    const bool advising = !advice.backbone.empty() && advice.created == 0;
    if (isVisible() && !m_session.isTraining() && !advising)
        m_weights.measureSpeeds();
    const QString what = tr("A backbone is a network that has already seen 1.2 million ImageNet pictures.");
    m_subtitle->setText(m_session.isTraining()
                            ? tr("%1 Speed is measured on this computer when no training runs.").arg(what)
                            : tr("%1 Speed is measured on this computer.").arg(what));
}

void BackboneStep::keepSpeeds()
{
    std::map<std::string, double> speeds;
    for (const WeightsItem& item : m_weights.items()) {
        if (item.picturesPerSecond > 0.0)
            speeds.emplace(item.status.backbone, item.picturesPerSecond);
    }
    const bool more = speeds != m_draft.speeds();
    m_draft.setSpeeds(speeds);
    if (more && static_cast<Order>(m_sort->currentIndex()) == Order::Speed)
        arrange();
    if (more)
        showAll(); // the fastest may be another one now
}

void BackboneStep::choose(const std::string& weights)
{
    learn::Plan plan = m_draft.plan();
    if (rowOf(plan.backbone) == rowOf(weights))
        return;
    plan.backbone = weights;
    plan.cut = cutFor(plan, network::backboneOfWeights(weights));
    m_draft.setPlan(plan);
}

void BackboneStep::showChoice()
{
    const int chosen = rowOf(m_draft.plan().backbone);
    if (chosen >= 0 && chosen < m_cards.size())
        m_cards[chosen]->radio()->setChecked(true);
    const QString online =
        tr("Downloading weights is the only time Graft goes online. Your pictures are never sent.");
    m_info->setText(chosen < 0 || isComplete()
                        ? online
                        : tr("Download or import %1 to go on, or choose a network that is ready. %2")
                              .arg(m_weights.items()[chosen].title(), online));
    m_completeness.tell(*this);
}

void BackboneStep::refuse(const QString& id, const QString& sentence)
{
    m_refused.insert(id, sentence);
    showAll();
}

void BackboneStep::showEvent(QShowEvent* event)
{
    QWizardPage::showEvent(event);
    const int chosen = rowOf(m_draft.plan().backbone);
    if (chosen >= 0 && chosen < m_cards.size())
        m_cards[chosen]->radio()->setFocus();
    arrange();
    measure();
}

void BackboneStep::hideEvent(QHideEvent* event)
{
    QWizardPage::hideEvent(event);
    m_weights.stopMeasuring();
}

} // namespace graft::ui
