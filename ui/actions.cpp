#include "ui/actions.h"

#include <QAction>
#include <QActionGroup>
#include <QCoreApplication>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>

namespace graft::ui {

namespace {

/// Lends its name to the translations.
struct Menus {
    Q_DECLARE_TR_FUNCTIONS(graft::ui::Menus)
};

QAction* add(QMenu* menu, const QString& text, const QKeySequence& keys = {})
{
    QAction* action = menu->addAction(text);
    action->setShortcut(keys);
    return action;
}

void makeFileMenu(QMainWindow* window, Actions& actions)
{
    QMenu* menu = window->menuBar()->addMenu(Menus::tr("&File"));
    actions.newProject = add(menu, Menus::tr("&New project from a folder…"), QKeySequence::New);
    actions.openProject = add(menu, Menus::tr("&Open project…"), QKeySequence::Open);
    actions.recent = menu->addMenu(Menus::tr("Open &recent"));
    menu->addSeparator();
    actions.addPictures = add(menu, Menus::tr("&Add pictures…"), QKeySequence(Qt::CTRL | Qt::Key_I));
    actions.readAgain = add(menu, Menus::tr("&Read the folder again"), QKeySequence(Qt::Key_F5));
    actions.showFolder = add(menu, Menus::tr("&Show project folder"));
    menu->addSeparator();
    actions.closeProject = add(menu, Menus::tr("&Close project"), QKeySequence(Qt::CTRL | Qt::Key_W));
    actions.quit = add(menu, Menus::tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q));
}

void makeViewMenu(QMainWindow* window, Actions& actions, const QStringList& pageTitles)
{
    QMenu* menu = window->menuBar()->addMenu(Menus::tr("&View"));
    for (int i = 0; i < pageTitles.size(); ++i)
        actions.pages +=
            add(menu, pageTitles[i], QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + i)));
    menu->addSeparator();
    QMenu* themes = menu->addMenu(Menus::tr("&Theme"));
    actions.themes = new QActionGroup(window);
    const std::pair<Theme, QString> choices[] = {{Theme::System, Menus::tr("Like the &desktop")},
                                                 {Theme::Light, Menus::tr("&Light")},
                                                 {Theme::Dark, Menus::tr("&Dark")}};
    for (const auto& [theme, title] : choices) {
        QAction* action = themes->addAction(title);
        action->setCheckable(true);
        action->setData(static_cast<int>(theme));
        actions.themes->addAction(action);
    }
    actions.larger = add(menu, Menus::tr("La&rger text"));
    actions.larger->setShortcuts(
        {QKeySequence(Qt::CTRL | Qt::Key_Plus), QKeySequence(Qt::CTRL | Qt::Key_Equal)});
    actions.smaller = add(menu, Menus::tr("&Smaller text"), QKeySequence(Qt::CTRL | Qt::Key_Minus));
    actions.usualSize = add(menu, Menus::tr("&Usual text size"), QKeySequence(Qt::CTRL | Qt::Key_0));
    menu->addSeparator();
    actions.fullScreen = add(menu, Menus::tr("&Full screen"), QKeySequence(Qt::Key_F11));
    actions.fullScreen->setCheckable(true);
}

} // namespace

Actions makeActions(QMainWindow* window, const QStringList& pageTitles)
{
    Actions actions {};
    makeFileMenu(window, actions);
    QMenu* edit = window->menuBar()->addMenu(Menus::tr("&Edit"));
    actions.paste = add(edit, Menus::tr("&Paste in Try it"), QKeySequence::Paste);
    makeViewMenu(window, actions, pageTitles);
    QMenu* train = window->menuBar()->addMenu(Menus::tr("&Train"));
    actions.newTraining = add(train, Menus::tr("&New training…"), QKeySequence(Qt::CTRL | Qt::Key_T));
    actions.pauseTraining =
        add(train, Menus::tr("&Pause the training"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P));
    actions.stopTraining =
        add(train, Menus::tr("&Stop and keep the best"), QKeySequence(Qt::CTRL | Qt::Key_Period));
    train->addSeparator();
    actions.imagenet = add(train, Menus::tr("What does &ImageNet see?"));
    actions.weights = add(train, Menus::tr("Network &weights…"));
    QMenu* help = window->menuBar()->addMenu(Menus::tr("&Help"));
    actions.shortcuts = add(help, Menus::tr("&Keyboard shortcuts"), QKeySequence(Qt::Key_F1));
    actions.about = add(help, Menus::tr("&About Graft"));
    return actions;
}

} // namespace graft::ui
