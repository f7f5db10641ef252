// A race takes the place of a training on its page, until another training begins.
#include "ui/main_window.h"
#include "ui/pages/race_page.h"

#include <QStackedWidget>

namespace graft::ui {

void MainWindow::startRace(const learn::Plan& plan, int minutes)
{
    showPage(Train); // first, so that the page of trainings sees the one that begins after the race
    m_session.race(plan, minutes);
}

void MainWindow::beginRace(const learn::Plan& plan, int minutes)
{
    if (!m_race) {
        m_race = new RacePage(m_session);
        connect(m_race, &RacePage::newTraining, this, &MainWindow::newTraining);
        connect(m_race, &RacePage::tryIt, this, &MainWindow::tryRun);
        m_stack->addWidget(m_race);
    }
    m_race->begin(plan, minutes);
    placeRace(true);
    refreshActions();
}

void MainWindow::placeRace(bool shown)
{
    const QWidget* now = m_stack->currentWidget();
    const bool trainIsShown = now != nullptr && (now == m_race || now == m_pages[Train]);
    m_showsRace = shown;
    if (trainIsShown)
        showPage(Train);
}

} // namespace graft::ui
