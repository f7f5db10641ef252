#include "ui/widgets/param_form.h"

#include "ui/models/words.h"
#include "ui/widgets/parts.h"

#include <QDoubleSpinBox>
#include <QEvent>
#include <QGridLayout>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>
#include <cmath>

namespace graft::ui {

namespace {

constexpr int fieldWidth = 76; // pixels
constexpr int steps = 20; // from end to end with Page Up and Page Down

/// How finely a person chooses: the spec's own step, else whole numbers, tenths or hundredths by its range.
double grainOf(const ParamSpec& spec)
{
    if (spec.step > 0.0)
        return spec.step;
    const double range = spec.high - spec.low;
    return range >= 20.0 ? 1.0 : range >= 2.0 ? 0.1 : 0.01;
}

int decimalsOf(double grain)
{
    return grain >= 1.0 ? 0 : static_cast<int>(std::ceil(-std::log10(grain) - 1e-9));
}

/// "%" of "% of the side": the field has room for that.
QString shortUnit(const ParamSpec& spec)
{
    const QString unit = coreText(spec.unit);
    if (unit.isEmpty() || unit.startsWith(QStringLiteral("°")))
        return unit;
    if (unit.startsWith(QLatin1Char('%')))
        return QStringLiteral(" %");
    return unit.contains(QLatin1Char(' ')) ? QString() : QLatin1Char(' ') + unit;
}

/// "Side at most, % of the side"
QString fullTitle(const ParamSpec& spec)
{
    const QString title = coreText(spec.title);
    return spec.unit.empty() ? title : QStringLiteral("%1, %2").arg(title, coreText(spec.unit));
}

} // namespace

ParamForm::ParamForm(std::vector<ParamSpec> specs, QWidget* parent)
    : QWidget(parent)
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(0, 5);
    grid->setColumnStretch(1, 6);
    for (const ParamSpec& spec : specs)
        m_rows.push_back(makeRow(spec, static_cast<int>(m_rows.size()), grid));
}

ParamForm::Row ParamForm::makeRow(const ParamSpec& spec, int index, QGridLayout* grid)
{
    Row row {spec, grainOf(spec), new QSlider(Qt::Horizontal), new QDoubleSpinBox};
    const QString title = fullTitle(spec);
    QLabel* label = makeLabel("", coreText(spec.title));
    label->setWordWrap(true);
    label->setBuddy(row.field);
    label->setToolTip(title);
    const int last = static_cast<int>(std::lround((spec.high - spec.low) / row.grain));
    row.slider->setRange(0, last);
    row.slider->setPageStep(std::max(1, last / steps));
    row.slider->setMinimumWidth(72);
    row.field->setDecimals(decimalsOf(row.grain));
    row.field->setRange(spec.low, spec.high);
    row.field->setSingleStep(row.grain);
    row.field->setSuffix(shortUnit(spec));
    row.field->setAlignment(Qt::AlignRight);
    row.field->setKeyboardTracking(false);
    row.field->setProperty("small", true);
    row.field->setFixedWidth(fieldWidth);
    for (QWidget* widget : std::initializer_list<QWidget*> {row.slider, row.field}) {
        widget->setAccessibleName(title);
        widget->setToolTip(title);
        widget->setFocusPolicy(Qt::StrongFocus);
        widget->installEventFilter(this);
    }
    grid->addWidget(label, index, 0);
    grid->addWidget(row.slider, index, 1);
    grid->addWidget(row.field, index, 2);

    const auto valueAt = [spec, grain = row.grain](int position) {
        return std::min(spec.high, spec.low + position * grain);
    };
    connect(row.slider, &QSlider::valueChanged, this,
            [this, index, field = row.field, valueAt](int position) {
                const QSignalBlocker silent(field);
                field->setValue(valueAt(position));
                emit changed(index, valueAt(position));
            });
    connect(row.field, &QDoubleSpinBox::valueChanged, this,
            [this, index, spec, grain = row.grain, slider = row.slider, valueAt](double value) {
                const int position = static_cast<int>(std::lround((value - spec.low) / grain));
                const QSignalBlocker silent(slider);
                slider->setValue(position);
                emit changed(index, valueAt(position));
            });
    return row;
}

/// The wheel scrolls the page, and turns only what has the focus.
bool ParamForm::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Wheel && !static_cast<QWidget*>(watched)->hasFocus()) {
        event->ignore();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void ParamForm::setValues(std::span<const double> values)
{
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        show(m_rows[i], values[i]);
}

void ParamForm::show(const Row& row, double value)
{
    const QSignalBlocker silentSlider(row.slider);
    const QSignalBlocker silentField(row.field);
    row.slider->setValue(static_cast<int>(std::lround((value - row.spec.low) / row.grain)));
    row.field->setValue(value);
}

} // namespace graft::ui
