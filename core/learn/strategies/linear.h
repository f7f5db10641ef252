#pragma once
#include "core/learn/strategy.h"

namespace graft::learn {

/// Strategy 1 of the lecture: multinomial logistic regression on standardised, frozen features.
StrategySpec linearStrategy();

} // namespace graft::learn
