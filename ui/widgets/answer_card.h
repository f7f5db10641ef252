#pragma once
#include "ui/models/answer_model.h"

#include <QFrame>

class QLabel;
class QSlider;
class QSpinBox;
class QTableView;

namespace graft::ui {

class ElidedLabel;
class ShareModel;

/// The answer for one picture, the probabilities of all classes, and the threshold for "none of these".
class AnswerCard : public QFrame
{
    Q_OBJECT
public:
    explicit AnswerCard(QWidget* parent = nullptr);

    void setClasses(const AnswerClasses& classes); ///< of the answers to come
    void setAnswer(const Answer& answer);
    void clear();

    void setThreshold(double threshold); ///< 0..1
    double threshold() const;

    QString answerText() const; ///< the big words
    QString sentence() const;

signals:
    void thresholdChanged(double threshold);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeThreshold();
    bool isRejected() const;
    void showAnswer();
    void showMark();

    Answer m_answer;
    AnswerClasses m_classes;
    ElidedLabel* m_file;
    QLabel* m_mark;
    ElidedLabel* m_class;
    QLabel* m_sentence;
    ShareModel* m_shares;
    QTableView* m_bars;
    QSlider* m_slider;
    QSpinBox* m_spin;
    QWidget* m_thresholdRow; ///< only for a person's own classes
};

} // namespace graft::ui
