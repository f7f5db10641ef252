#pragma once
#include "ui/theme.h"

#include <QList>

class QAction;
class QActionGroup;
class QMainWindow;
class QMenu;

namespace graft::ui {

/// Everything the menus offer. The window connects and enables them.
struct Actions {
    QAction* newProject;
    QAction* openProject;
    QAction* addPictures;
    QAction* readAgain;
    QAction* showFolder;
    QAction* closeProject;
    QAction* quit;
    QAction* paste;
    QList<QAction*> pages; ///< in the order of the navigation
    QActionGroup* themes; ///< data: int of Theme
    QAction* larger;
    QAction* smaller;
    QAction* usualSize;
    QAction* fullScreen;
    QAction* newTraining;
    QAction* pauseTraining; ///< and goes on
    QAction* stopTraining;
    QAction* imagenet; ///< "What does ImageNet see?"
    QAction* weights; ///< where they are downloaded and imported
    QAction* shortcuts;
    QAction* about;

    QMenu* recent; ///< in File; filled by the window
};

/// Makes the menu bar of `window`, which owns all of it.
Actions makeActions(QMainWindow* window, const QStringList& pageTitles);

} // namespace graft::ui
