#pragma once
#include "core/base/param_spec.h"

#include <QWidget>

#include <span>
#include <vector>

class QDoubleSpinBox;
class QGridLayout;
class QSlider;

namespace graft::ui {

/// Numbers to choose, one row each, made from their specs: title, slider, and a field with the unit. The two
/// follow each other. Used for augmentations and for the options of a training alike.
class ParamForm : public QWidget
{
    Q_OBJECT
public:
    explicit ParamForm(std::vector<ParamSpec> specs, QWidget* parent = nullptr);

    /// One for each spec; changed() is silent. A value between two positions of a slider is shown rounded and
    /// kept until a person moves it.
    void setValues(std::span<const double> values);

signals:
    void changed(int parameter, double value); ///< by a person; a value that the spec allows

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Row {
        ParamSpec spec;
        double grain = 1.0; ///< of the slider and the field
        QSlider* slider = nullptr;
        QDoubleSpinBox* field = nullptr;
    };

    Row makeRow(const ParamSpec& spec, int row, QGridLayout* grid);
    void show(const Row& row, double value);

    std::vector<Row> m_rows;
};

} // namespace graft::ui
