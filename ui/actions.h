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
    QAction* stopTraining;
    QAction* shortcuts;
    QAction* about;

    QMenu* recent; ///< in File; filled by the window
    QMenu* train; ///< only of use with a project
};

/// Makes the menu bar of `window`, which owns all of it.
Actions makeActions(QMainWindow* window, const QStringList& pageTitles);

} // namespace graft::ui
