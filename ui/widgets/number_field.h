#pragma once
#include <QLineEdit>

#include <optional>

class QSlider;

namespace graft::ui {

/// A number in the person's own way of writing. It may be left empty where somebody else chooses then: the
/// placeholder says who.
class NumberField : public QLineEdit
{
    Q_OBJECT
public:
    explicit NumberField(QWidget* parent = nullptr);

    /// Shown at once, except while a person writes here. Empty: the field is.
    void setNumber(std::optional<double> value);

    /// What stands here; empty where nothing does, or no number.
    std::optional<double> number() const;

    bool isReadable() const; ///< a number, or empty

signals:
    void edited(); ///< by a person: number() and isReadable() tell

protected:
    void focusOutEvent(QFocusEvent* event) override;

private:
    std::optional<double> m_value;
};

/// A number with a slider; the two follow each other. The field takes numbers beyond the slider's ends.
class SliderField : public QWidget
{
    Q_OBJECT
public:
    struct Scale {
        double low = 0.0;
        double high = 1.0;
        double step = 0.05; ///< of the slider; a logarithmic one multiplies by 10^step
        bool logarithmic = false; ///< needs low > 0
    };

    explicit SliderField(const Scale& scale, QWidget* parent = nullptr);

    void setNumber(std::optional<double> value);

    NumberField* field() const { return m_field; }

    QSlider* slider() const { return m_slider; }

signals:
    void edited(); ///< by a person: the field tells the number

private:
    double valueAt(int position) const;
    int positionOf(double value) const;

    Scale m_scale;
    QSlider* m_slider;
    NumberField* m_field;
};

} // namespace graft::ui
