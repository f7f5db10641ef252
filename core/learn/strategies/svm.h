#pragma once
#include "core/learn/strategy.h"

namespace graft::learn {

StrategySpec svmStrategy();

} // namespace graft::learn
