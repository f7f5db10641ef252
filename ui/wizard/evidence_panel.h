#pragma once
#include "core/learn/advice.h"

#include <QWidget>

#include <string>

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;

namespace graft {
struct Progress;
}

namespace graft::ui {

class CutChart;

/// Why the pictures lie where they do on the map: their number, how well each cut of the network tells them
/// apart, and how familiar they look. Fills in as it is measured. GUI thread.
class EvidencePanel : public QWidget
{
    Q_OBJECT
public:
    explicit EvidencePanel(QWidget* parent = nullptr);

    void setAdvice(const learn::Advice& advice); ///< what is known so far
    void showStrategy(const std::string& strategy); ///< svm: its bars, of which one can be chosen
    void setCut(const std::string& stage); ///< of svm; one that is not known: none
    void setMeasuring(bool measuring, const Progress& progress);

    CutChart* chart() const { return m_chart; }

    QComboBox* cuts() const { return m_cuts; }

signals:
    void cutChosen(const std::string& stage); ///< by hand
    void stopRequested();

private:
    QWidget* makeProgress();
    QWidget* makeCounts();
    QWidget* makeCuts();
    QWidget* makeFamiliarity();

    bool isSvm() const { return m_strategy == "svm"; }

    int row(const std::string& stage) const; ///< -1 where it is not known
    void showCounts();
    void showCuts();
    void showCutNames();
    void showFamiliarity();
    QString cutSentence() const;

    learn::Advice m_advice;
    std::string m_strategy;
    std::string m_cut;
    QWidget* m_progress;
    QLabel* m_what;
    QProgressBar* m_bar;
    QPushButton* m_stop;
    QLabel* m_perClass;
    QLabel* m_perClassText;
    QLabel* m_right;
    CutChart* m_chart;
    QLabel* m_rightText;
    QWidget* m_cutRow;
    QComboBox* m_cuts;
    QLabel* m_sure;
    QLabel* m_sureText;
};

/// "after layer 5 of 8 (block4)", with the top layer by its own name; empty where the stage is not known.
QString cutName(const learn::Advice& advice, const std::string& stage);

} // namespace graft::ui
