#pragma once
#include "core/learn/strategy.h"

namespace graft::learn {

StrategySpec finetuneStrategy();

} // namespace graft::learn
