#pragma once
#include "core/dataset/dataset.h"
#include "core/learn/advice.h"
#include "core/learn/plan.h"

#include <QString>

namespace graft::ui {

// What a training does, in sentences. Plans are completed.

QString learningSentence(const learn::Plan& plan); ///< what learns, and what stays
QString picturesSentence(const learn::Plan& plan, const dataset::Dataset& data);
QString augmentationSentence(const learn::Plan& plan);
QString stepsSentence(const learn::Plan& plan); ///< optimizer, loss, how long
QString choosingSentence(const learn::Plan& plan,
                         const dataset::Dataset& data); ///< what picks the best model
QString measuringSentence(const dataset::Dataset& data); ///< what the accuracy will be said from

// The same of a race of all strategies with a common plan.
QString racePicturesSentence(const dataset::Dataset& data);
QString raceAugmentationSentence(const learn::Plan& plan);
QString raceChoosingSentence(const dataset::Dataset& data);
QString raceMeasuringSentence(const dataset::Dataset& data); ///< what they are compared on

QString accuracyText(const learn::Forecast* forecast); ///< "about 93 %, likely 88 to 97 %"; null: not known
QString accuracySource(const learn::Forecast* forecast);

} // namespace graft::ui
