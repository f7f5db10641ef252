#pragma once
#include "core/learn/strategy.h"

namespace graft::learn {

StrategySpec scratchStrategy();

} // namespace graft::learn
