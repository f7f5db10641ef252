#pragma once
#include "ui/models/race_state.h"
#include "ui/page.h"

#include <QDateTime>

class QTableView;
class QVBoxLayout;

namespace graft::ui {

class RaceModel;
class RacePlot;
class Session;
class WaitingBand;

/// The race that runs, or the one that is just over: its curves over time, who leads, and at the end who won.
class RacePage : public Page
{
    Q_OBJECT
public:
    explicit RacePage(Session& session, QWidget* parent = nullptr);

    const RaceState& race() const { return m_race; }

public slots:
    void begin(const graft::learn::Plan& plan, int minutes); ///< a race has begun
    void takeNews(const QList<graft::ui::RaceNews>& news); ///< in order
    void end(const QString& problem); ///< why there was no race; empty when it is over

signals:
    void newTraining();
    void tryIt(const QString& run); ///< with this run's model

private:
    void makeHeader();
    QWidget* makeVerdict();
    QWidget* makeRanking();
    void showRace();
    void showActions();
    void showPaused(); ///< whether it was asked to
    void showWaiting();
    void showNotes();
    void showVerdict();
    void fitTable();
    QString recommendedRun() const; ///< empty where there is no model to recommend
    void addNote(const char* iconName, const QString& text);

    Session& m_session;
    RaceState m_race;
    QDateTime m_begun;
    int m_skipped = -1; ///< the racer that was told to end
    RaceModel* m_model;
    RacePlot* m_plot;
    QTableView* m_table;
    WaitingBand* m_waiting;
    QWidget* m_verdict;
    IconLabel* m_verdictMark;
    QLabel* m_verdictText;
    QLabel* m_verdictModel;
    QVBoxLayout* m_notes; ///< under the table
    QStringList m_noted;
    QPushButton* m_pause;
    QPushButton* m_skip;
    QPushButton* m_end;
    QPushButton* m_new;
    QPushButton* m_try;
};

} // namespace graft::ui
