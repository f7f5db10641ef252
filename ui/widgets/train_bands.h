#pragma once
#include "core/engine/advise.h"
#include "core/store/project.h"
#include "ui/models/training_state.h"
#include "ui/models/words.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;

namespace graft::ui {

class IconLabel;
class IntervalBar;

/// How far a running training is: epoch and batch, time left, speed, device, memory.
class ProgressBand : public QFrame
{
    Q_OBJECT
public:
    explicit ProgressBand(QWidget* parent = nullptr);

    void setTraining(const TrainingState& state);
    void setMemory(std::int64_t used, std::int64_t total); ///< bytes

private:
    enum Fact { TimeLeft, Speed, Device, Memory, FactCount };

    QLabel* m_title;
    QLabel* m_detail;
    QProgressBar* m_bar;
    QLabel* m_facts[FactCount];
};

/// What a training that is over came to: a sentence, the verdict, its interval.
class VerdictBand : public QFrame
{
    Q_OBJECT
public:
    explicit VerdictBand(QWidget* parent = nullptr);

    /// `advice` is what had been predicted of it; null: nothing.
    void setRun(const store::RunRecord& run, const engine::AdviceVerdict* advice);

    QString sentence() const; ///< "Finished: 20 epochs in 42 s. Epoch 17 is the best and is the model."
    QString verdictText() const;
    QString warning() const;
    QString adviceText() const; ///< whether what was predicted came true; empty: nothing was

private:
    QLabel* m_sentence;
    QLabel* m_verdict;
    QLabel* m_advice;
    QLabel* m_warning;
    IntervalBar* m_bar;
};

/// A training that failed: what happened, what is safe, what to do.
class FailureCard : public QFrame
{
    Q_OBJECT
public:
    explicit FailureCard(QWidget* parent = nullptr);

    void setFailure(const QString& problem, int bestEpoch, bool hasModel);

    QString text() const; ///< what happened and what is safe

signals:
    void trainAgain();
    void useModel();

private:
    QLabel* m_happened;
    QLabel* m_safe;
    QWidget* m_useModel;
    QLabel* m_useModelText;
};

} // namespace graft::ui
