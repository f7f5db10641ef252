#include "ui/widgets/weights_card.h"

#include "ui/models/words.h"
#include "ui/paths.h"
#include "ui/theme.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/weights_foot.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QMessageBox>
#include <QProgressBar>
#include <QVBoxLayout>

namespace graft::ui {

using engine::WeightsState;

namespace {

constexpr int BarSteps = 1000;
constexpr int AccuracyHeight = 6; // pixels

int steps(double share)
{
    return static_cast<int>(share * BarSteps);
}

QLabel* wrapped(const char* role)
{
    QLabel* label = makeLabel(role);
    label->setWordWrap(true);
    return label;
}

} // namespace

WeightsCard::WeightsCard(QWidget* parent)
    : QFrame(parent)
    , m_title(wrapped("h2"))
    , m_recipe(wrapped("muted"))
    , m_foot(new WeightsFoot)
{
    setProperty("card", true);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(16, 16, 16, 16);
    rows->setSpacing(8);
    rows->addWidget(m_title);
    rows->addLayout(makeFacts());
    rows->addLayout(makeAccuracy());
    rows->addWidget(m_recipe);
    rows->addStretch();
    rows->addWidget(m_foot);
    m_foot->setFallbackFocus(m_details);
    connect(m_foot, &WeightsFoot::download, this, &WeightsCard::download);
    connect(m_foot, &WeightsFoot::cancel, this, &WeightsCard::cancel);
    connect(m_foot, &WeightsFoot::import, this, &WeightsCard::import);
}

QLayout* WeightsCard::makeAccuracy()
{
    m_accuracy = new QProgressBar;
    m_accuracy->setRange(0, BarSteps);
    m_accuracy->setTextVisible(false);
    m_accuracy->setProperty("quiet", true);
    m_accuracy->setFixedHeight(AccuracyHeight);
    m_share = makeLabel("");
    m_share->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    QLabel* name = makeLabel("caption", tr("ImageNet accuracy"));
    const QString meaning = tr("As published: the share of ImageNet’s 50,000 validation pictures that it "
                               "names right with its first answer.");
    for (QWidget* widget : std::initializer_list<QWidget*> {name, m_accuracy, m_share})
        widget->setToolTip(meaning);
    m_accuracy->setAccessibleName(name->text());
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(name);
    row->addWidget(m_accuracy, 1);
    row->addWidget(m_share);
    return row;
}

QLayout* WeightsCard::makeFacts()
{
    m_facts = wrapped("caption");
    m_details = makeFlatButton(tr("Details…"));
    connect(m_details, &QPushButton::clicked, this, &WeightsCard::showDetails);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_facts, 1);
    row->addWidget(m_details);
    return row;
}

void WeightsCard::setItem(const WeightsItem& item)
{
    m_item = item;
    const engine::WeightsStatus& status = item.status;
    m_title->setText(item.title());
    m_accuracy->setValue(steps(status.top1));
    m_accuracy->setVisible(status.top1 > 0.0);
    m_share->setText(status.top1 > 0.0 ? tr("%1\u00A0%").arg(QLocale().toString(status.top1 * 100.0, 'f', 1))
                                       : tr("not known"));
    m_recipe->setText(QString::fromStdString(status.recipe));
    m_recipe->setVisible(status.state != WeightsState::Unofficial); // its state says it already
    m_facts->setText(
        tr("%1, licence %2").arg(megabytes(status.bytes), QString::fromStdString(status.licence)));
    m_facts->setToolTip(QString::fromStdString(status.terms));
    setAccessibleName(item.title());
    m_details->setAccessibleName(tr("Details of %1").arg(item.title()));
    m_foot->setItem(item);
}

QString WeightsCard::stateText() const
{
    return m_foot->stateText();
}

void WeightsCard::showDetails()
{
    const engine::WeightsStatus& status = m_item.status;
    const bool official = status.state != WeightsState::Unofficial;
    const auto text = [](const std::string& value) { return QString::fromStdString(value).toHtmlEscaped(); };
    const QString rows[][2] = {
        {tr("Licence"), text(status.licence)},
        {tr("Terms"), text(status.terms)},
        {official ? tr("Source") : tr("Source of the official file"), text(status.source)},
        {tr("SHA-256"), text(status.sha256)},
        {tr("File"), toQString(status.file).toHtmlEscaped()}};
    QString table;
    for (const auto& row : rows)
        table += QStringLiteral("<p><b>%1</b><br>%2</p>").arg(row[0], row[1]);
    auto* box = new QMessageBox(QMessageBox::NoIcon, m_item.title(),
                                QStringLiteral("<b>%1</b>").arg(m_item.title().toHtmlEscaped()),
                                QMessageBox::Close, this);
    box->setInformativeText(table);
    box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace graft::ui
