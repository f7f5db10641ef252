#pragma once
#include "ui/wizard/option_words.h"

#include <QFrame>

class QLabel;

namespace graft::ui {

class RateSketch;

/// Explains one option in sentences, and why it cannot be chosen where that is so.
class OptionExplainer : public QFrame
{
    Q_OBJECT
public:
    explicit OptionExplainer(QWidget* parent = nullptr);

    void explain(Option option, const learn::Plan& plan);

    Option option() const { return m_option; }

private:
    Option m_option = Option::Effort;
    QLabel* m_title;
    QLabel* m_text;
    QLabel* m_reason;
    RateSketch* m_sketch;
};

} // namespace graft::ui
