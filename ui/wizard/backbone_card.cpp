#include "ui/wizard/backbone_card.h"

#include "ui/models/words.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/weights_foot.h"
#include "ui/wizard/backbone_words.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLocale>
#include <QMouseEvent>
#include <QProgressBar>
#include <QRadioButton>
#include <QStyle>
#include <QVBoxLayout>

namespace graft::ui {

namespace {

constexpr int BarSteps = 1000;
constexpr int BarHeight = 6; // pixels
constexpr int Padding = 16;
constexpr int UnderName = 24; // where the name begins, behind the radio button

QProgressBar* makeBar(const QString& name)
{
    auto* bar = new QProgressBar;
    bar->setRange(0, BarSteps);
    bar->setTextVisible(false);
    bar->setProperty("quiet", true);
    bar->setFixedHeight(BarHeight);
    bar->setMinimumWidth(48);
    bar->setAccessibleName(name);
    return bar;
}

QLabel* makeValue()
{
    QLabel* label = makeLabel("caption");
    label->setProperty("role", QStringLiteral("number"));
    label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return label;
}

} // namespace

BackboneCard::BackboneCard(QWidget* parent)
    : QFrame(parent)
    , m_foot(new WeightsFoot)
{
    setProperty("choice", QStringLiteral("open"));
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(Padding, Padding, Padding, Padding);
    rows->setSpacing(8);
    rows->addLayout(makeHead());
    rows->addLayout(makeBars());
    m_suits = makeLabel("caption");
    m_suits->setWordWrap(true);
    m_suits->setToolTip(tr("A linear classifier on the features of this network, cross-validated on your "
                           "training pictures, with the 95 % interval."));
    m_best = makeLabel("");
    m_best->setProperty("chip", QStringLiteral("filled"));
    m_best->setText(tr("Best for your pictures"));
    m_best->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    rows->addWidget(m_suits);
    rows->addWidget(m_best);
    rows->addStretch();
    rows->addWidget(m_foot);
    m_foot->setFallbackFocus(m_radio);
    connect(m_radio, &QRadioButton::toggled, this, &BackboneCard::showChosen);
    showChosen(false);
}

QLayout* BackboneCard::makeHead()
{
    m_radio = new QRadioButton;
    m_radio->setProperty("heading", true);
    m_size = makeLabel("caption");
    m_size->setWordWrap(true);
    m_size->setIndent(UnderName);
    auto* rows = new QVBoxLayout;
    rows->setSpacing(4);
    rows->addWidget(m_radio);
    rows->addWidget(m_size);
    return rows;
}

QLayout* BackboneCard::makeBars()
{
    m_accuracy = makeBar(tr("ImageNet accuracy"));
    m_top1 = makeValue();
    m_speed = makeBar(tr("Speed on this computer"));
    m_perSecond = makeValue();
    QLabel* accuracy = makeLabel("caption", tr("Accuracy"));
    QLabel* speed = makeLabel("caption", tr("Speed"));
    const QString published = tr("As published: the share of ImageNet’s 50,000 validation pictures that it "
                                 "names right with its first answer.");
    const QString timed = tr("Measured on this computer with the network alone, once its weights are here. "
                             "Reading your pictures comes on top.");
    for (QWidget* widget : std::initializer_list<QWidget*> {accuracy, m_accuracy, m_top1})
        widget->setToolTip(published);
    for (QWidget* widget : std::initializer_list<QWidget*> {speed, m_speed, m_perSecond})
        widget->setToolTip(timed);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(8);
    grid->addWidget(accuracy, 0, 0);
    grid->addWidget(m_accuracy, 0, 1, Qt::AlignVCenter);
    grid->addWidget(m_top1, 0, 2);
    grid->addWidget(speed, 1, 0);
    grid->addWidget(m_speed, 1, 1, Qt::AlignVCenter);
    grid->addWidget(m_perSecond, 1, 2);
    // The same widths on all cards, so that the bars can be compared.
    grid->setColumnMinimumWidth(0, fontMetrics().horizontalAdvance(accuracy->text()));
    grid->setColumnMinimumWidth(2, fontMetrics().horizontalAdvance(speedText(1000.0)));
    grid->setColumnStretch(1, 1);
    return grid;
}

void BackboneCard::setFacts(const BackboneFacts& facts)
{
    m_facts = facts;
    const QString title = facts.item.title();
    m_radio->setText(title);
    m_size->setText(sizeText(facts.item.status.bytes, facts.weights));
    m_size->setToolTip(QString::fromStdString(facts.item.status.recipe));
    setAccessibleName(title);
    m_radio->setAccessibleDescription(m_size->text());
    showBars();
    showSuits();
    m_foot->setItem(facts.item);
}

void BackboneCard::showBars()
{
    const double top1 = m_facts.item.status.top1;
    m_accuracy->setValue(static_cast<int>(top1 * BarSteps));
    m_accuracy->setVisible(top1 > 0.0);
    m_top1->setText(top1 > 0.0 ? tr("%1\u00A0%").arg(QLocale().toString(top1 * 100.0, 'f', 1))
                               : tr("not known"));
    const double speed = m_facts.picturesPerSecond;
    m_speed->setVisible(speed > 0.0);
    m_speed->setValue(
        m_facts.fastest > 0.0 ? std::max(1, static_cast<int>(speed / m_facts.fastest * BarSteps)) : 0);
    m_perSecond->setText(speed > 0.0               ? speedText(speed)
                             : m_facts.item.timing ? tr("measuring…")
                                                   : tr("not measured"));
}

void BackboneCard::showSuits()
{
    const bool known = m_facts.suits && m_facts.suits->total > 0;
    m_suits->setVisible(known);
    m_best->setVisible(known && m_facts.best);
    if (known)
        m_suits->setText(
            tr("Suits your pictures: %1 (%2)")
                .arg(percent(m_facts.suits->accuracy()), percentRange(m_facts.suits->interval())));
}

void BackboneCard::showChosen(bool chosen)
{
    setProperty("choice", chosen ? QStringLiteral("chosen") : QStringLiteral("open"));
    style()->unpolish(this);
    style()->polish(this);
    // The chosen card's border is a pixel wider, and its text stays where it was.
    const int padding = chosen ? Padding - 1 : Padding;
    layout()->setContentsMargins(padding, padding, padding, padding);
}

void BackboneCard::mousePressEvent(QMouseEvent* event)
{
    QFrame::mousePressEvent(event);
    if (event->button() != Qt::LeftButton)
        return;
    event->accept();
    m_radio->setChecked(true);
    m_radio->setFocus();
}

} // namespace graft::ui
