#include "ui/wizard/stop_fields.h"

#include "core/learn/plan_choices.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QRadioButton>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>
#include <cmath>

namespace graft::ui {

namespace {

constexpr int MostEpochs = 1000; // as plans allow
constexpr int MostMinutes = 7 * 24 * 60;
constexpr int UsualMinutes = 15;

QSpinBox* makeSpin(int most)
{
    auto* spin = new QSpinBox;
    spin->setRange(1, most);
    spin->setAlignment(Qt::AlignRight);
    spin->setKeyboardTracking(false);
    return spin;
}

/// A strategy that has no epochs shows none.
void showEpochs(QSpinBox* spin, int epochs, bool has)
{
    spin->setSpecialValueText(has ? QString() : QStringLiteral("–"));
    spin->setSuffix(epochs == 1 ? LengthField::tr(" epoch") : LengthField::tr(" epochs"));
    spin->setValue(has ? epochs : spin->minimum());
}

} // namespace

LengthField::LengthField(QWidget* parent)
    : QWidget(parent)
    , m_byEpochs(new QRadioButton)
    , m_byMinutes(new QRadioButton)
    , m_epochs(makeSpin(MostEpochs))
    , m_minutes(makeSpin(MostMinutes))
{
    m_byEpochs->setAccessibleName(tr("Train for a number of epochs"));
    m_byMinutes->setAccessibleName(tr("Train for a time"));
    m_epochs->setAccessibleName(tr("Epochs"));
    m_minutes->setAccessibleName(tr("Minutes"));
    m_minutes->setSuffix(tr(" min"));
    m_minutes->setValue(UsualMinutes);
    setFocusProxy(m_byEpochs);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_byEpochs);
    row->addWidget(m_epochs, 1);
    row->addSpacing(4);
    row->addWidget(m_byMinutes);
    row->addWidget(m_minutes, 1);
    connect(m_byMinutes, &QRadioButton::toggled, this, &LengthField::edited);
    connect(m_epochs, &QSpinBox::valueChanged, this, &LengthField::edited);
    connect(m_minutes, &QSpinBox::valueChanged, this, &LengthField::edited);
}

void LengthField::show(const learn::Plan& complete)
{
    const QSignalBlocker silent(this);
    const bool timed = complete.minutes > 0.0;
    const bool mayBeTimed = learn::canBeTimed(complete);
    (timed ? m_byMinutes : m_byEpochs)->setChecked(true);
    showEpochs(m_epochs, complete.epochs, learn::learnsInEpochs(complete));
    if (timed)
        m_minutes->setValue(std::max(1, static_cast<int>(std::lround(complete.minutes))));
    m_epochs->setEnabled(!timed);
    m_minutes->setEnabled(timed);
    m_byMinutes->setEnabled(mayBeTimed);
    const QString why =
        mayBeTimed ? QString() : tr("What learns on features of the frozen network learns in epochs.");
    m_byMinutes->setToolTip(why);
    m_minutes->setToolTip(why);
}

void LengthField::writeTo(learn::Plan& plan) const
{
    const bool timed = m_byMinutes->isChecked();
    plan.minutes = timed ? m_minutes->value() : 0.0;
    if (!timed)
        plan.epochs = m_epochs->value();
}

PatienceField::PatienceField(QWidget* parent)
    : QWidget(parent)
    , m_early(new QCheckBox(tr("if not better for")))
    , m_epochs(makeSpin(MostEpochs))
{
    m_early->setAccessibleName(tr("Stop early if the validation loss does not become better"));
    m_epochs->setAccessibleName(tr("Epochs without a better validation loss"));
    setFocusProxy(m_early);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_early);
    row->addWidget(m_epochs, 1);
    connect(m_early, &QCheckBox::toggled, this, &PatienceField::edited);
    connect(m_epochs, &QSpinBox::valueChanged, this, &PatienceField::edited);
}

void PatienceField::show(const learn::Plan& complete)
{
    const QSignalBlocker silent(this);
    const bool early = complete.patience > 0;
    m_early->setChecked(early);
    m_epochs->setEnabled(early);
    if (early || !learn::learnsInEpochs(complete))
        showEpochs(m_epochs, complete.patience, learn::learnsInEpochs(complete));
}

void PatienceField::writeTo(learn::Plan& plan) const
{
    plan.patience = m_early->isChecked() ? m_epochs->value() : 0;
}

} // namespace graft::ui
