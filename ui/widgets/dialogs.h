#pragma once
#include "core/dataset/scan.h"

#include <QString>

#include <functional>

class QWidget;

namespace graft::ui {

/// The questions of the window. All return at once; what a person chose comes through the function, and
/// nothing comes where the dialog was closed.

enum class RunningJob { Import, Training, Race };

/// Something would end what runs. `waiting` trainings are behind it.
void askToStop(QWidget* window, RunningJob job, int waiting, std::function<void()> stopped);

/// A folder of pictures has no sub-folders.
void askForLabels(QWidget* window, const QString& folder, std::function<void(dataset::LabelSource)> chosen);

/// How new pictures get into the project.
enum class AddWay { ReadAgain, OtherFolder };

void askHowToAdd(QWidget* window, const QString& folder, std::function<void(AddWay)> chosen);

/// A weight file fits the network `title`, but is not official. `replaces`: usable weights would go.
void askToTrustWeights(QWidget* window, const QString& file, const QString& title, bool replaces,
                       std::function<void()> trusted);

void chooseFolder(QWidget* window, const QString& title, const QString& start,
                  std::function<void(const QString&)> chosen);

void showAbout(QWidget* window);
void showShortcuts(QWidget* window); ///< of every action of the window that has one

} // namespace graft::ui
