#pragma once
#include "core/learn/plan_choices.h"
#include "ui/wizard/option_words.h"

#include <QFrame>

#include <array>
#include <functional>

class QCheckBox;
class QLabel;
class QRadioButton;

namespace graft::ui {

class TrainingDraft;

/// The two options that need no field term: how long, and whether pictures are few. They set the numbers that
/// the expert view shows.
class SimpleOptions : public QFrame
{
    Q_OBJECT
public:
    explicit SimpleOptions(TrainingDraft& draft, QWidget* parent = nullptr);

    void show(const learn::Plan& plan);

    /// Says what a plan takes: "about 2 min"; asked in show().
    void setTime(std::function<QString(const learn::Plan& plan)> time) { m_time = std::move(time); }

signals:
    void entered(graft::ui::Option option);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Length {
        learn::Effort effort = learn::Effort::Normal;
        QRadioButton* button = nullptr;
        QLabel* sentence = nullptr;
    };

    void showLengths(const learn::Plan& plan);
    void setEffort(learn::Effort effort);
    void setCareful(bool careful);

    TrainingDraft& m_draft;
    std::array<Length, 3> m_lengths;
    QLabel* m_other;
    QCheckBox* m_careful;
    QLabel* m_carefully;
    std::function<QString(const learn::Plan&)> m_time;
    bool m_showing = false;
};

} // namespace graft::ui
