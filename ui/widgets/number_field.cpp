#include "ui/widgets/number_field.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>
#include <cmath>

namespace graft::ui {

namespace {

constexpr int Digits = 4; // of numbers that are shown: 0.0001234
constexpr int Characters = 9; // that the field of a slider has room for

QString written(double value)
{
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    constexpr double whole = 1e15; // up to here a whole number is written out: seeds
    if (value == std::floor(value) && std::abs(value) < whole)
        return locale.toString(value, 'f', 0);
    constexpr double small = 1e-5; // below, zeros are hard to count
    if (std::abs(value) < small)
        return locale.toString(value, 'g', Digits);
    const int decimals = std::max(0, Digits - 1 - static_cast<int>(std::floor(std::log10(std::abs(value)))));
    QString text = locale.toString(value, 'f', decimals);
    if (decimals == 0)
        return text;
    while (text.endsWith(locale.zeroDigit()))
        text.chop(1);
    if (text.endsWith(locale.decimalPoint()))
        text.chop(static_cast<int>(locale.decimalPoint().size()));
    return text;
}

std::optional<double> read(const QString& text)
{
    bool good = false;
    double value = QLocale().toDouble(text.trimmed(), &good);
    if (!good)
        value = QLocale::c().toDouble(text.trimmed(), &good); // as it stands in papers
    if (!good || !std::isfinite(value))
        return {};
    return value;
}

} // namespace

NumberField::NumberField(QWidget* parent)
    : QLineEdit(parent)
{
    setAlignment(Qt::AlignRight);
    connect(this, &QLineEdit::textEdited, this, [this] {
        m_value = number();
        emit edited();
    });
}

void NumberField::setNumber(std::optional<double> value)
{
    m_value = value;
    if (!hasFocus())
        setText(value ? written(*value) : QString());
}

std::optional<double> NumberField::number() const
{
    return read(text());
}

bool NumberField::isReadable() const
{
    return text().trimmed().isEmpty() || number().has_value();
}

void NumberField::focusOutEvent(QFocusEvent* event)
{
    QLineEdit::focusOutEvent(event);
    if (isReadable()) // what is no number stays, so that it can be put right
        setText(m_value ? written(*m_value) : QString());
}

SliderField::SliderField(const Scale& scale, QWidget* parent)
    : QWidget(parent)
    , m_scale(scale)
    , m_slider(new QSlider(Qt::Horizontal))
    , m_field(new NumberField)
{
    constexpr int pages = 10; // from end to end with Page Up and Page Down
    m_slider->setRange(0, positionOf(scale.high));
    m_slider->setPageStep(std::max(1, m_slider->maximum() / pages));
    m_slider->setMinimumWidth(72);
    m_field->setFixedWidth(m_field->fontMetrics().averageCharWidth() * Characters + 24);
    setFocusProxy(m_slider);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(m_slider, 1);
    row->addWidget(m_field);
    connect(m_slider, &QSlider::valueChanged, this, [this](int position) {
        m_field->setNumber(valueAt(position));
        emit edited();
    });
    connect(m_field, &NumberField::edited, this, [this] {
        if (const std::optional<double> value = m_field->number()) {
            const QSignalBlocker silent(m_slider);
            m_slider->setValue(positionOf(*value));
        }
        emit edited();
    });
}

void SliderField::setNumber(std::optional<double> value)
{
    const QSignalBlocker silent(m_slider);
    if (value)
        m_slider->setValue(positionOf(*value));
    m_field->setNumber(value);
}

double SliderField::valueAt(int position) const
{
    if (!m_scale.logarithmic)
        return std::min(m_scale.high, m_scale.low + position * m_scale.step);
    const double value = m_scale.low * std::pow(10.0, position * m_scale.step);
    const double shift = std::pow(10.0, 1.0 - std::floor(std::log10(value) + 1e-9));
    return std::round(value * shift) / shift; // two digits: 0.0012
}

int SliderField::positionOf(double value) const
{
    if (!m_scale.logarithmic)
        return static_cast<int>(std::lround((value - m_scale.low) / m_scale.step));
    const double least = std::max(value, m_scale.low);
    return static_cast<int>(std::lround(std::log10(least / m_scale.low) / m_scale.step));
}

} // namespace graft::ui
