#include "core/base/error.h"
#include "core/learn/strategies/finetune.h"
#include "core/learn/strategies/linear.h"
#include "core/learn/strategies/scratch.h"
#include "core/learn/strategies/svm.h"
#include "core/learn/strategy.h"

#include <array>

namespace graft::learn {

std::span<const StrategySpec> strategies()
{
    static const std::array list {linearStrategy(), finetuneStrategy(), svmStrategy(), scratchStrategy()};
    return list;
}

const StrategySpec& strategy(std::string_view id)
{
    std::string known;
    for (const StrategySpec& spec : strategies()) {
        if (spec.id == id)
            return spec;
        known += (known.empty() ? "" : ", ") + std::string(spec.id);
    }
    throw Error(std::string(id), "is no strategy", "Choose one of: " + known + ".");
}

} // namespace graft::learn
