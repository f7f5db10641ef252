#pragma once
#include "core/learn/advice.h"

#include <QString>

#include <cstdint>

namespace graft::ui {

QString sizeText(std::int64_t bytes, std::int64_t weights); ///< "98 MB, 25.6 million weights"
QString speedText(double picturesPerSecond); ///< "92 pictures/s"

/// The network that suits the pictures better than each other that was tried, beyond what chance does: the
/// lower end of its interval is above the accuracy of all others. Null where there is none.
const learn::BackboneEvidence* outstanding(const learn::Advice& advice);

/// What is known of a network and these pictures, or null. `weights` as learn::Plan::backbone.
const learn::BackboneEvidence* evidenceOf(const learn::Advice& advice, const std::string& weights);

} // namespace graft::ui
