#pragma once
#include "ui/jobs/weights_jobs.h"

#include <QWidget>

class QBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace graft::ui {

class IconLabel;

/// The foot of a card for weights: their state, with what can be done about it; while they are downloaded,
/// how far that is.
class WeightsFoot : public QWidget
{
    Q_OBJECT
public:
    explicit WeightsFoot(QWidget* parent = nullptr);

    /// Takes the focus where the button that has it goes; of the same card.
    void setFallbackFocus(QWidget* widget) { m_fallback = widget; }

    void setItem(const WeightsItem& item);

    QString stateText() const; ///< the sentence; empty where the buttons say it

    QSize minimumSizeHint() const override; ///< with one button below the other

signals:
    void download();
    void cancel();
    void import();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeProgress();
    QLayout* makeState();
    QLayout* makeButtons();
    void name();
    void turnButtons();
    void showProgress();
    void showState();

    WeightsItem m_item;
    QWidget* m_fallback = nullptr;
    QWidget* m_progressRow;
    QLabel* m_amount;
    QLabel* m_left;
    QProgressBar* m_bar;
    QToolButton* m_cancel;
    IconLabel* m_mark;
    QLabel* m_state;
    QBoxLayout* m_buttons;
    QPushButton* m_download;
    QPushButton* m_import;
};

} // namespace graft::ui
